import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type {
  Actor,
  CallMeasure,
  CallStats,
  FloorCall,
  TelephoneEvent,
  TelephoneEventAnswer,
} from '@minqing-hub/client-sdk/protocol';
import { done, openQueueBench, type QueueBench } from '../../test/support/queue-bench.js';
import { until } from '../../test/support/until.js';
import { KeyedDigest } from '../commands/keyed-digest.js';
import { Beat } from '../deadlines/beat.js';
import { DAY_MS } from '../domain/telephony/call-stats.js';
import { Tail } from '../event-log/tail.js';
import type { ReadTx } from '../storage/unit-of-work.js';
import { CallCounters } from './call-counters.js';
import { CallDesk } from './call-desk.js';
import { CallIds } from './call-ids.js';
import { CallPolicy } from './call-policy.js';
import { CallStore } from './call-store.js';
import { EndLostCall } from './commands/end-lost-call.js';
import { TakeTelephoneEvent } from './commands/take-telephone-event.js';
import { type Contact, ContactLog } from './contact-log.js';
import { floorCallsQueryOf } from './floor-calls-query.js';
import { FloorCalls } from './floor-calls.js';

const providers = [
  ...[KeyedDigest, CallIds, CallPolicy, CallStore, CallDesk, CallCounters, ContactLog, FloorCalls],
  ...[TakeTelephoneEvent, EndLostCall],
];
const PBX: Actor = { userId: 'key:pbx', name: '话务平台', roles: ['channel_adapter'], unitId: null };
const PHONE = '13912345678';
const HOUR = 3_600_000;

const NUMBER_OF: Record<CallMeasure, keyof CallStats> = {
  offered: 'offered',
  answered: 'answered',
  abandoned: 'abandoned',
  answered_within_15s: 'answeredWithin15s',
  transferred: 'transferred',
  wrong_numbers: 'wrongNumbers',
};
const MEASURES = Object.keys(NUMBER_OF) as CallMeasure[];

type Step =
  | { do: TelephoneEvent['type']; call: number; secondsAgo: number }
  | { do: 'transfer' | 'wrong_number'; call: number | null }
  | { do: 'pass'; ms: number };

const call = fc.integer({ min: 1, max: 7 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('offered' as const, 'offered' as const, 'answered' as const, 'abandoned' as const),
      call,
      secondsAgo: fc.constantFrom(0, 5, 15, 16, 40),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hung_up' as const), call, secondsAgo: fc.constant(0) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('transfer' as const, 'wrong_number' as const), call: fc.option(call) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(10_000, 9 * HOUR) }) },
);

describe('the calls behind the telephone’s numbers', () => {
  let bench: QueueBench;
  let agent: Actor;
  let told = 0;

  async function open(): Promise<void> {
    bench = await openQueueBench({ providers });
    await bench.unitOfWork.run((tx) =>
      tx.insert('api_key', {
        ...{ key_id: 'pbx', source: 'pbx', key_hash: '', label: '话务平台' },
        ...{ active: 1, created_at: 0, created_by: 'admin' },
      }),
    );
    agent = await bench.seat(1);
    bench.sockets.connected(agent);
    await bench.presence(agent, 'ready');
  }
  const tell = async (event: Pick<TelephoneEvent, 'type' | 'callId' | 'seatId' | 'caller'>, secondsAgo = 0) =>
    done<TelephoneEventAnswer>(
      await bench.command(PBX, 'takeTelephoneEvent', {
        ...event,
        eventId: `e${++told}`,
        at: new Date(bench.clock.now() - secondsAgo * 1_000).toISOString(),
      }),
    );
  const note = (contact: Contact) =>
    bench.unitOfWork.run((tx) => {
      const [now, commandId] = [bench.clock.now(), randomUUID()];
      const origin = { actorId: agent.userId, commandId, causationId: null, recordedAt: now };
      return bench.get(ContactLog).note({ tx, actor: agent, now, origin, repeated: false }, contact);
    });

  /** All pages of a list, through the cursors that the hub gives out. */
  async function read(measure: CallMeasure, limit = '2'): Promise<{ items: FloorCall[]; total: number }> {
    const items: FloorCall[] = [];
    for (let cursor = ''; ;) {
      const asked = floorCallsQueryOf({ measure, cursor, limit });
      if (!asked.ok) throw new Error(asked.error.field);
      const page = await bench.get(FloorCalls).page(asked.value);
      items.push(...page.items);
      if (page.next === null) return { items, total: page.total };
      cursor = page.next;
    }
  }

  async function carryOut(step: Step): Promise<void> {
    if (step.do === 'pass') {
      // What becomes due meanwhile rings in the last second, as after an outage.
      bench.clock.advance(step.ms - 1_000);
      return bench.pass(1_000);
    }
    if ('secondsAgo' in step) {
      const seated = step.do === 'answered' ? { seatId: agent.seatId! } : {};
      await tell({ type: step.do, callId: `c${step.call}`, caller: PHONE, ...seated }, step.secondsAgo);
      return;
    }
    const callId = step.call === null ? null : `c${step.call}`;
    const noted = { callId, orderNo: null, note: '着火了' };
    await note(step.do === 'transfer' ? { kind: step.do, to: '119', ...noted } : { kind: step.do, ...noted });
  }

  async function check(): Promise<void> {
    await bench.settled();
    const stats = bench.latest('floor').find(({ key }) => key === 'floor.calls')!.data as CallStats;
    const since = bench.clock.now() - DAY_MS;
    for (const measure of MEASURES) {
      const { items, total } = await read(measure);
      expect([measure, total]).toEqual([measure, stats[NUMBER_OF[measure]]]);
      expect(items).toHaveLength(total);
      expect(new Set(items.map(({ contactId, callId }) => contactId ?? callId)).size).toBe(total);
      expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).sort((a, b) => b - a));
      expect(items.filter(({ at }) => at <= since)).toEqual([]);
      const text = JSON.stringify(items);
      expect(text).not.toContain(PHONE);
      expect(text).not.toContain('着火');
    }
  }

  it('[FL6] [CT4] [CT6] are exactly those that are counted, whatever was told, page by page, and masked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 30 }), async (steps) => {
        await open();
        try {
          await bench.pass(1_000);
          for (const [n, step] of steps.entries()) {
            await carryOut(step);
            if (n % 9 === 8) await bench.pass(1_000).then(check);
          }
          await bench.pass(1_000);
          await check();
        } finally {
          await bench.end();
        }
      }),
      { numRuns: 12 },
    );
  });

  it('[CT6] are counted by the log that is in force, also when it becomes another one while they are read', async () => {
    await open();
    await tell({ type: 'offered', callId: 'kept', caller: PHONE });
    await tell({ type: 'offered', callId: 'lost', caller: PHONE });
    await bench.pass(1_000);
    let logs = 0;
    bench.get(Tail).onNewLog(() => void (logs += 1));
    const becomesAnother = async () => {
      const before = logs;
      await bench.unitOfWork.run((tx) => tx.run('UPDATE log_head SET epoch = ?', [randomUUID()]));
      await until('the log to be another one', () => (bench.get(Tail).wake(), logs > before));
    };
    await becomesAnother();
    // The rows are read again at the next beat, and come when they are no longer those of the log.
    let goOn = () => {};
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const [store, readModel] = [bench.get(CallStore), bench.readModel];
    const [counted, run] = [store.countedSince.bind(store), readModel.run.bind(readModel)];
    const counting = new Set<ReadTx>();
    store.countedSince = (tx, ...more) => {
      counting.add(tx);
      return counted(tx, ...more);
    };
    readModel.run = async (work, options) => {
      let counts = false;
      const answer = await run(async (tx) => work(tx).finally(() => (counts = counting.has(tx))), options);
      // The log is read on meanwhile.
      if (counts) await held;
      return answer;
    };
    bench.get(Beat).now();
    await until('the rows to be read', () => counting.size > 0);
    readModel.run = run;
    await bench.unitOfWork.run((tx) => tx.run(`DELETE FROM phone_call WHERE call_id = 'lost'`));
    await becomesAnother();
    goOn();
    await bench.pass(2_000);
    await check();
    expect((await read('offered')).items).toHaveLength(1);
    await bench.end();
  });

  it('[FL6] [CT6] [CT8] tell a call in time from one that was late, and leave the list as they leave the count', async () => {
    await open();
    const seatId = agent.seatId!;
    for (const [callId, waited] of [
      ['in-time', 15],
      ['late', 16],
    ] as const) {
      await tell({ type: 'offered', callId, caller: PHONE }, waited);
      await tell({ type: 'answered', callId, seatId });
      await tell({ type: 'hung_up', callId });
    }
    await tell({ type: 'answered', callId: 'untold', seatId });
    await tell({ type: 'abandoned', callId: 'given-up', caller: PHONE });
    const contactId = await note({ kind: 'transfer', to: '110', callId: 'late', orderNo: 'G1', note: null });
    const alone = await note({ kind: 'wrong_number', callId: null, orderNo: null, note: null });
    const namesOf = async (measure: CallMeasure) => (await read(measure)).items.map(({ callId }) => callId).sort();
    expect(await namesOf('offered')).toEqual(['given-up', 'in-time', 'late', 'untold']);
    expect(await namesOf('answered')).toEqual(['in-time', 'late', 'untold']);
    expect(await namesOf('answered_within_15s')).toEqual(['in-time']);
    expect(await namesOf('abandoned')).toEqual(['given-up']);
    const now = bench.clock.now();
    expect((await read('transferred')).items).toEqual([
      {
        ...{ contactId, callId: 'late', transferredTo: '110', orderNo: 'G1', seatId, at: now },
        ...{ offeredAt: now - 16_000, answeredAt: now, abandonedAt: null, endedAt: now, caller: '139****5678' },
      },
    ]);
    expect((await read('wrong_numbers')).items).toMatchObject([{ contactId: alone, callId: null, caller: null }]);
    // Came 15 and 16 seconds ago: gone from the list at the very moment at which they are gone from the count.
    bench.clock.advance(DAY_MS - 15_001);
    expect(await namesOf('answered')).toEqual(['in-time', 'untold']);
    bench.clock.advance(1);
    expect(await namesOf('answered')).toEqual(['untold']);
    bench.clock.advance(15_000);
    for (const measure of MEASURES) expect(await read(measure)).toEqual({ items: [], total: 0 });
    await bench.end();
  });
});
