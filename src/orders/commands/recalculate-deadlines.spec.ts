import type { CommandPayload } from '@minqing-hub/client-sdk/protocol';
import { newId, newRequest } from '../../../test/support/consoles.js';
import { benchForEachTest, type OrderBench } from '../../../test/support/order-bench.js';
import { CommandBus } from '../../commands/command-bus.js';
import { SYSTEM } from '../../identity/actor.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A Monday. */
const BEGIN = Date.parse('2026-03-02T09:00:00+08:00');
/** One more than are counted anew at a time. */
const MANY = 101;

describe('what runs, counted anew', () => {
  let bench: OrderBench;
  benchForEachTest(BEGIN, (opened) => (bench = opened));

  const register = async () =>
    (await bench.act('agent001', 'register', { ...newRequest(), source: 'app', sourceId: newId() })).orderNo;
  const registerMany = async () => {
    const orderNos: string[] = [];
    for (let i = 0; i < MANY; i += 1) orderNos.push(await register());
    return [orderNos[0]!, orderNos.at(-1)!] as const;
  };
  /** Hours to accept an order in. */
  const set = async (value: number, more: Partial<CommandPayload<'changePolicy'>> = {}) => {
    await bench.act('admin', 'changePolicy', { key: 'accept.limit.other', value, reason: '试行一段', ...more });
    await bench.settled();
  };
  const later = (ms: number) => ({ effectiveAt: new Date(bench.clock.now() + ms).toISOString() });
  const hours = async (orderNo: string) =>
    (await bench.order(orderNo)).clocks.find(({ clock }) => clock === 'ACCEPT')!.limit / HOUR;
  /** The rests that are still to be counted, the earliest first. */
  const rests = async () =>
    (
      await bench.readModel.run((tx) =>
        tx.all<{ payload: string }>(
          `SELECT payload FROM clock WHERE kind = 'RECOUNT' AND state = 'running' ORDER BY started_at`,
        ),
      )
    ).map(({ payload }) => JSON.parse(payload) as object);

  it('[PC6] goes by the change that asked for it, not by one that came into force with it', async () => {
    const before = await register();
    await set(3, { ...later(10 * MINUTE), recalculate: true });
    await set(4, later(20 * MINUTE));
    bench.leap(30 * MINUTE);
    await bench.pass(2_000);
    expect([await hours(before), await hours(await register())]).toEqual([3, 4]);
  });

  it('[PC6] goes by it to the last one, whatever is set, and begins, meanwhile', async () => {
    const [first, last] = await registerMany();
    await set(3, { recalculate: true });
    expect(await rests()).toHaveLength(1);
    await set(4);
    const begun = await register();
    await bench.pass(2_000);
    expect(await rests()).toEqual([]);
    expect(await Promise.all([first, last, begun].map(hours))).toEqual([3, 3, 4]);
  });

  it('[PC6] goes by the later of two changes that both ask for it, in whatever order their rests are counted', async () => {
    const [first, last] = await registerMany();
    bench.leap(1);
    await set(3, { recalculate: true });
    const [earlier] = await rests();
    bench.leap(1);
    await set(4, { recalculate: true });
    const waiting = await rests();
    expect(waiting[0]).toEqual(earlier);
    expect(waiting).toHaveLength(2);
    // The node that had the earlier one was gone for a while.
    const bus = bench.get(CommandBus);
    const payload = waiting[1]!;
    expect(await bus.execute(SYSTEM, { name: 'recalculateDeadlines', commandId: newId(), payload })).toMatchObject({
      ok: true,
    });
    await bench.settled();
    expect(await Promise.all([first, last].map(hours))).toEqual([4, 4]);
    await bench.pass(2_000);
    expect(await rests()).toEqual([]);
    expect(await Promise.all([first, last].map(hours))).toEqual([4, 4]);
  });
});
