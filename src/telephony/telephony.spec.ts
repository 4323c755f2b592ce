import { KeyedDigest } from '../commands/keyed-digest.js';
import type { Actor, Presence, TelephoneEvent, TelephoneEventAnswer } from '@minqing-hub/client-sdk/protocol';
import { codeOf, done, openQueueBench, type QueueBench } from '../../test/support/queue-bench.js';
import { seededRandom } from '../../test/support/seeded-random.js';
import { DAY_MS } from '../domain/telephony/call-stats.js';
import { CountedCalls } from '../domain/telephony/counted-calls.js';
import { CallCounters } from './call-counters.js';
import { CallDesk } from './call-desk.js';
import { CallIds } from './call-ids.js';
import { CallPolicy } from './call-policy.js';
import { CallStore } from './call-store.js';
import { EndLostCall } from './commands/end-lost-call.js';
import { TakeTelephoneEvent } from './commands/take-telephone-event.js';

const PROVIDERS = [
  KeyedDigest,
  CallIds,
  CallPolicy,
  CallStore,
  CallDesk,
  CallCounters,
  TakeTelephoneEvent,
  EndLostCall,
];
const PBX: Actor = { userId: 'key:pbx', name: '话务平台', roles: ['channel_adapter'], unitId: null };
const PHONE = '13912345678';

type Told = Pick<TelephoneEvent, 'type'> & { call: string; seconds: number; seatId?: string; caller?: string };

describe('calls in the database', () => {
  let bench: QueueBench;
  let agent: Actor;
  let begun: number;

  beforeEach(async () => {
    bench = await openQueueBench({ providers: PROVIDERS, policy: { 'call.longestMinutes': 5 } });
    await bench.unitOfWork.run((tx) =>
      tx.insert('api_key', {
        ...{ key_id: 'pbx', source: 'pbx', key_hash: '', label: '话务平台' },
        ...{ active: 1, created_at: 0, created_by: 'admin' },
      }),
    );
    agent = await bench.seat(1);
    bench.sockets.connected(agent);
    await bench.presence(agent, 'ready');
    begun = bench.clock.now();
  });
  afterEach(() => bench.end());

  /** `round`: the same story with other calls. */
  const tell = async ({ call, seconds, ...event }: Told, round = 0): Promise<TelephoneEventAnswer> =>
    done(
      await bench.command(PBX, 'takeTelephoneEvent', {
        ...event,
        callId: `${call}-${round}`,
        eventId: `${call}-${round}-${event.type}-${seconds}`,
        at: new Date(begun + seconds * 1_000).toISOString(),
      }),
    );
  const rows = (sql: string) => bench.readModel.run((tx) => tx.all<Record<string, unknown>>(sql));
  const presence = async (): Promise<Presence> =>
    (await bench.seats()).find((s) => s.seatId === agent.seatId)!.presence;
  /** A call as it stands, without what names this round. */
  const standing = async (round: number) => {
    const found = await rows(`SELECT * FROM phone_call WHERE call_id LIKE '%-${round}' ORDER BY call_id`);
    return found.map(({ call_id: _id, clock_id: clockId, ...row }) => ({ ...row, watched: clockId !== null }));
  };

  const seatId = 'S001';
  const first: Told[] = [
    { call: 'c1', type: 'offered', seconds: -60, seatId, caller: PHONE },
    { call: 'c1', type: 'answered', seconds: -50, seatId },
    { call: 'c1', type: 'hung_up', seconds: -10 },
  ];
  const second: Told[] = [
    { call: 'c2', type: 'offered', seconds: -9 },
    { call: 'c2', type: 'answered', seconds: -8, seatId, caller: '010-65120000' },
  ];

  it.each([
    ['one is over and one goes on', [...first, ...second], 'busy'],
    ['both are over', [...first.slice(1), ...second.slice(1), { call: 'c2', type: 'hung_up', seconds: -1 }], 'wrap_up'],
    ['one was given up', [...first.slice(0, 1), { call: 'c1', type: 'abandoned', seconds: -5 }, ...second], 'busy'],
  ] as [string, Told[], Presence][])(
    '[CT2] [CT3] stand the same after every order of their events, told twice: %s',
    async (_name, story, ends) => {
      const random = seededRandom(story.length);
      let expected: object[] | undefined;
      let round = 0;
      for (const order of permutations(story)) {
        round += 1;
        await bench.presence(agent, 'ready');
        for (const [i, event] of order.entries()) {
          expect(await tell(event, round)).toMatchObject({ duplicate: false });
          // Some at once, some after others.
          const again = order[Math.floor(random() * (i + 1))]!;
          expect(await tell(again, round)).toMatchObject({ duplicate: true, presence: null });
        }
        expected ??= await standing(round);
        expect(await standing(round)).toEqual(expected);
        expect(await presence()).toBe(ends);
        // Nothing of this round reaches into the next.
        await tell({ call: 'c2', type: 'hung_up', seconds: 0 }, round);
        await tell({ call: 'c1', type: 'hung_up', seconds: 0 }, round);
      }
      expect(round).toBeGreaterThanOrEqual(24);
      expect(await rows('SELECT * FROM call_seat')).toEqual([]);
      expect(await rows(`SELECT * FROM card WHERE card_key LIKE 'call:%'`)).toEqual([]);
    },
    60_000,
  );

  it('[CT6] [I8] counted from rows, from the log, and by the node come to the same', async () => {
    const random = seededRandom(5);
    for (let round = 1; round <= 40; round++) {
      const story = random() < 0.3 ? [first[0]!, { call: 'c1', type: 'abandoned', seconds: -5 } as Told] : first;
      for (const event of [...story].sort(() => random() - 0.5)) if (random() < 0.9) await tell(event, round);
    }
    await bench.settled();
    const fromLog = new CountedCalls();
    for (const event of bench.events) fromLog.take(event);
    const now = bench.clock.now();
    const fromRows = new CountedCalls();
    const { countedSince } = CallStore.prototype;
    fromRows.begin(await bench.readModel.run((tx) => countedSince(tx, now - DAY_MS)));
    expect(fromLog.stats(now, 15_000)).toEqual(fromRows.stats(now, 15_000));
    const told = bench.latest('floor').find(({ key }) => key === 'floor.calls');
    expect(told?.data).toEqual(fromLog.stats(now, 15_000));
    expect(fromLog.stats(now, 15_000).offered).toBeGreaterThan(30);
  });

  it('[CT3] a call and a person who changes their mind at the same moment leave one of two presences', async () => {
    for (let round = 1; round <= 20; round++) {
      await bench.presence(agent, 'ready');
      await tell(first[0]!, round);
      const [told, set] = await Promise.all([tell(first[1]!, round), bench.presence(agent, 'break')]);
      expect(['busy', 'break']).toContain(told.presence);
      expect(codeOf(set)).toBe('ok');
      expect(await presence()).toBe('break');
      await tell(first[2]!, round);
      expect(await presence()).toBe('break');
    }
  });

  it('[CT1] [CT7] takes 200 events of one call, in whatever order, and refuses more; it ends all the same', async () => {
    const many = (seconds: number): Told => ({ call: 'c3', type: 'answered', seconds: -seconds, seatId });
    for (let n = 1; n <= 200; n++) await tell(many(n));
    const more = { type: 'hung_up', callId: 'c3-0', eventId: 'more', at: new Date(begun).toISOString() };
    const refused = await bench.command(PBX, 'takeTelephoneEvent', more);
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'payload_invalid', field: 'callId', clause: 'CT1' },
    });
    expect(await tell(many(7))).toMatchObject({ duplicate: true });
    expect(await rows('SELECT fact_key FROM call_fact')).toHaveLength(200);
    expect(await rows('SELECT state, answered_at FROM phone_call')).toEqual([
      { state: 'answered', answered_at: begun - 200_000 },
    ]);
    await bench.pass(5 * 60_000);
    expect(await rows('SELECT state FROM phone_call')).toEqual([{ state: 'over' }]);
  });

  it('[DG6] keeps no id of an event that may be a number', async () => {
    const event = { type: 'offered', callId: 'c4', eventId: PHONE, at: new Date(begun).toISOString() };
    expect(done(await bench.command(PBX, 'takeTelephoneEvent', event))).toMatchObject({ eventId: PHONE });
    expect(JSON.stringify(await rows('SELECT * FROM command'))).not.toContain(PHONE);
    expect(JSON.stringify(await rows('SELECT * FROM call_fact'))).not.toContain(PHONE);
  });

  it('[CT7] ends a call of whose end nobody told, once, and takes the end that is told after all', async () => {
    await tell(second[0]!);
    await tell(second[1]!);
    expect(await presence()).toBe('busy');
    await bench.pass(5 * 60_000);
    expect(await rows('SELECT state FROM phone_call')).toEqual([{ state: 'over' }]);
    expect(bench.events.filter(({ type }) => type === 'call.hung_up')).toHaveLength(1);
    expect(['wrap_up', 'ready']).toContain(await presence());
    const ended = { call: 'c2', type: 'hung_up', seconds: 60 } as const;
    expect(await tell(ended)).toMatchObject({ duplicate: false });
    expect(await tell(ended)).toMatchObject({ duplicate: true });
    expect(await rows(`SELECT clock_id FROM clock WHERE kind = 'CALL' AND state = 'running'`)).toEqual([]);
  });
});

function* permutations<T>(all: readonly T[]): Generator<T[]> {
  if (all.length === 0) yield [];
  for (const [i, one] of all.entries()) {
    for (const rest of permutations([...all.slice(0, i), ...all.slice(i + 1)])) yield [one, ...rest];
  }
}
