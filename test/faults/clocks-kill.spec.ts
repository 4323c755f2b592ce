import type { HubClient, RoomHandle } from '@minqing-hub/client-sdk';
import type { ClockSignal, TrailEntry } from '@minqing-hub/client-sdk/protocol';
import { act, expectSameAsFresh, newId, newRequest, openConsole, openRoom, orderIn } from '../support/consoles.js';
import { HubProcess } from '../support/hub-process.js';
import { seededRandom } from '../support/seeded-random.js';
import { until } from '../support/until.js';

const SEED = 20240229;
const KILLS = 4;
const ORDERS_EACH = 30;
/** [I5] Beyond the time that the whole system was down. */
const MOST_LATE_MS = 2_000;
/** Under the 7 days after which a console no longer asks for the answer to a command. */
const FOUR_DAYS_SECONDS = 4 * 24 * 60 * 60;
const ALL: ClockSignal[] = ['amber', 'overdue', 'overdue_1wd', 'overdue_3wd'];

interface Outage {
  from: number;
  to: number;
}

/** What the log says of one clock. */
interface Told {
  clockId: string;
  dueAt: number;
  signals: { signal: ClockSignal; at: number; seq: number }[];
  endedSeq: number | undefined;
}

describe('a hub that is killed while the clocks of orders run out', () => {
  it(`[I5] [CK3] [CK5] [CK10] raises every signal once, none early and none of what was done in time (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    // Two hours go by in a moment; within it everything takes its real time.
    const hub = await HubProcess.create({ HUB_CLOCK: 'virtual' });
    await hub.start();
    const [admin, agent, other] = await Promise.all(
      ['admin', 'agent001', 'agent002'].map((name) => openConsole(hub.url, name)) as [
        Promise<HubClient>,
        Promise<HubClient>,
        Promise<HubClient>,
      ],
    );
    const dispatcher = await openConsole(hub.url, 'dispatcher01');
    const desk = await openRoom(dispatcher, 'desk:city');
    const outages: Outage[] = [];
    const accepted = new Set<string>();
    const orders: string[] = [];
    /** Due times that came by themselves, not by a jump of the hub's time. */
    const cameAfter = new Map<string, number>();

    const register = async (client: HubClient, n: number) => {
      const request = { ...newRequest(n), source: 'app', sourceId: newId() };
      const { orderNo, version } = await act(client, 'register', request);
      // Every fifth is dealt with in time.
      if (n % 5 === 0) {
        await act(client, 'accept', { orderNo, expectedVersion: version, noPlace: true });
        accepted.add(orderNo);
      }
      return orderNo;
    };
    const acceptDue = (orderNo: string) =>
      orderIn(desk, orderNo)?.clocks.find(({ clock }) => clock === 'ACCEPT')?.dueAt;

    for (let kill = 0; kill < KILLS; kill++) {
      const own: string[] = [];
      for (let n = 0; n < ORDERS_EACH; n += 2) {
        own.push(...(await Promise.all([register(agent, n), register(other, n + 1)])));
      }
      orders.push(...own);
      const waiting = own.filter((orderNo) => !accepted.has(orderNo));
      await until('the desk to show their clocks', () => waiting.every((orderNo) => acceptDue(orderNo) !== undefined));

      // To a moment at which some of them are due, and the others will be soon.
      const dues = waiting.map((orderNo) => acceptDue(orderNo)!).sort((a, b) => a - b);
      const middle = dues[Math.floor(random() * 0.8 * dues.length)]!;
      const { now } = await act(admin, 'advanceTime', { seconds: Math.floor((middle - dispatcher.hubNow()) / 1_000) });
      for (const orderNo of waiting) cameAfter.set(`order:${orderNo}:ACCEPT:1`, now);

      const from = dispatcher.hubNow() + random() * 700;
      await until('its moment to come', () => dispatcher.hubNow() >= from);
      await hub.kill();
      await hub.start();
      await until('the dispatcher to be back', () => dispatcher.connection === 'live');
      outages.push({ from: Math.min(from, now), to: dispatcher.hubNow() });
      await until(
        'everything due to be said',
        () => waiting.every((orderNo) => signalOf(desk, orderNo) === 'overdue'),
        30_000,
      );
    }

    // Everything that can still be said, across one more kill.
    const half = act(admin, 'advanceTime', { seconds: FOUR_DAYS_SECONDS });
    await hub.kill();
    await hub.start();
    await half;
    await act(admin, 'advanceTime', { seconds: FOUR_DAYS_SECONDS });
    await until(
      'the last signals to be said',
      () => orders.every((orderNo) => signalOf(desk, orderNo) === 'overdue_3wd'),
      60_000,
    );

    for (const orderNo of orders) {
      const { ACCEPT: accept, DISPATCH: dispatch } = toldOf(await dispatcher.http.get(`/api/orders/${orderNo}/trail`));
      for (const told of [accept!, ...(dispatch ? [dispatch] : [])]) {
        const names = told.signals.map(({ signal }) => signal);
        expect({ clock: told.clockId, early: told.signals.filter(isEarly(told)) }).toEqual({
          clock: told.clockId,
          early: [],
        });
        if (told.endedSeq === undefined)
          expect({ clock: told.clockId, names }).toEqual({ clock: told.clockId, names: ALL });
        else expect(told.signals.filter(({ seq }) => seq > told.endedSeq!)).toEqual([]);
      }
      if (accepted.has(orderNo)) expect(accept!.signals.map(({ signal }) => signal)).toEqual([]);
      else expect(lateBy(accept!, cameAfter.get(accept!.clockId)!, outages)).toBeLessThanOrEqual(MOST_LATE_MS);
    }
    await expectSameAsFresh(hub.url, 'dispatcher01', desk, 'desk:city');

    for (const client of [admin, agent, other, dispatcher]) client.close();
    expect(await hub.stop()).toBe(0);
    await hub.remove();
  }, 600_000);
});

/** The last that the order's running clock has said, as the desk shows it. */
const signalOf = (desk: RoomHandle, orderNo: string): ClockSignal | null | undefined =>
  orderIn(desk, orderNo)?.clocks.find(({ state }) => state === 'running')?.signal;

/** The trail's clocks, by name: each order here has one of each at most. */
function toldOf(trail: TrailEntry[]): Record<string, Told> {
  const clocks: Record<string, Told> = {};
  for (const { seq, type, at, data } of trail) {
    if (!type.startsWith('deadline.')) continue;
    const { clock, clockId, dueAt, signal } = data as {
      clock: string;
      clockId: string;
      dueAt: number;
      signal?: ClockSignal;
    };
    const told = (clocks[clock] ??= { clockId, dueAt, signals: [], endedSeq: undefined });
    if (signal !== undefined) told.signals.push({ signal, at, seq });
    if (type === 'deadline.met' || type === 'deadline.stopped') told.endedSeq = seq;
  }
  return clocks;
}

const isEarly =
  ({ dueAt }: Told) =>
  ({ signal, at }: Told['signals'][number]): boolean =>
    signal !== 'amber' && at < dueAt;

/** How long after its due time, or after the jump that passed it, or after the hub was back, it was said that it is overdue. */
function lateBy(told: Told, jumpedAt: number, outages: readonly Outage[]): number {
  const { at } = told.signals.find(({ signal }) => signal === 'overdue')!;
  const due = Math.max(told.dueAt, jumpedAt);
  const back = outages.filter(({ from, to }) => due <= to && at >= from).map(({ to }) => to);
  return at - Math.max(due, ...back);
}
