import { isDeepStrictEqual } from 'node:util';
import { newCommandId, type RoomHandle } from '@minqing-hub/client-sdk';
import type { Card, OrderPage } from '@minqing-hub/client-sdk/protocol';
import { untilAnswered } from '../simulation/until-answered.js';
import type { RecordedClient } from './consoles/recorded-client.js';
import { LOOKED_AT } from './crew/rooms.js';
import type { Staff } from './crew/staff.js';
import type { Cards } from './history/entry.js';
import type { Recorder } from './history/recorder.js';
import type { RoomHead } from './readers/words.js';
import { pause } from './servers/servers.js';

const LOOK_EVERY_MS = 20;
const PAGE = 200;

export interface Patience {
  /** So long everybody may take to come back and catch up. */
  caughtUpMs: number;
  /** So long nothing breaks before the end: time for what is late. */
  restMs: number;
}

/**
 * When nothing breaks any more: waits until all are back, and writes down what each sees then, and what a fresh console
 * would. What does not come in time is for the checks to see. Answers how far the rooms have come.
 */
export async function becomeQuiet(staff: Staff, recorder: Recorder, patience: Patience): Promise<RoomHead[]> {
  await within(patience.caughtUpMs, () => staff.raw.every(({ settled }) => settled) && staff.clients.every(isLive));
  await pause(patience.restMs);
  // The hub's own time, in an event that every desk sees.
  const clerk = await staff.client('leader01');
  await clerk.command('register', {
    channel: '12345',
    source: 'faults',
    sourceId: newCommandId(),
    title: '收尾',
    text: '最后一件',
    kind: 'suggestion',
    requester: { name: '来电人', phone: '13900000000' },
  });
  const heads = await lookAtRooms(staff, recorder, patience);
  await lookAtOrders(clerk, recorder);
  return heads;
}

const cardsOf = ({ cards }: Pick<RoomHandle, 'cards'>): Cards => Object.fromEntries<Card>(cards);
const isLive = ({ watched }: RecordedClient): boolean => [...watched.values()].every(({ state }) => state === 'live');

async function lookAtRooms(staff: Staff, recorder: Recorder, { caughtUpMs }: Patience): Promise<RoomHead[]> {
  const heads: RoomHead[] = [];
  for (const [user, names] of LOOKED_AT) {
    await staff.client(user);
    const fresh = await staff.fresh(user);
    for (const room of names) {
      const other = fresh.room(room);
      const stores = staff.clients.flatMap(({ watched }) => watched.get(room) ?? []);
      const log = !room.startsWith('head:');
      // Counters go on while somebody looks; rooms are quiet.
      await within(caughtUpMs, () => {
        if (other.state !== 'live') return false;
        if (stores.some(({ offset, epoch }) => offset < other.offset || epoch !== other.epoch)) return false;
        // Each node tells them in its own time.
        if (!stores.every(({ latest }) => isDeepStrictEqual(latest, other.latest))) return false;
        return !log || staff.raw.every((raw) => (raw.offsetOf(room) ?? Infinity) >= other.offset);
      });
      const { epoch, offset } = other;
      const who = { console: `fresh ${user}`, room };
      const seen = { cards: cardsOf(other), latest: Object.fromEntries(other.latest) };
      recorder.add(epoch === null ? { kind: 'kept out', ...who } : { kind: 'fresh', ...who, epoch, offset, ...seen });
      recordStores(staff, recorder, room);
      if (log && epoch !== null) heads.push({ room, epoch, offset });
    }
    fresh.close();
  }
  return heads;
}

function recordStores({ clients }: Staff, recorder: Recorder, room: string): void {
  for (const { user, watched } of clients) {
    for (const [name, { epoch, offset, cards, latest }] of watched) {
      if (name !== room) continue;
      const seen = { cards: cardsOf({ cards }), latest: Object.fromEntries(latest) };
      recorder.add({ kind: 'store', console: `sdk ${user}`, room, epoch, offset, ...seen });
    }
  }
}

/** Each order that was acknowledged, as the hub lists it. */
async function lookAtOrders({ http }: RecordedClient, recorder: Recorder): Promise<void> {
  const wanted = new Set<string>();
  for (const entry of recorder.entries) {
    const orderNo = entry.kind === 'answered' ? entry.result?.orderNo : undefined;
    if (typeof orderNo === 'string') wanted.add(orderNo);
  }
  let cursor: string | null = null;
  while (wanted.size > 0) {
    const query: Record<string, string | number | null> = { limit: PAGE, cursor };
    const page: OrderPage = await untilAnswered(
      () => http.get<OrderPage>('/api/orders', { query }),
      () => 0.5,
    );
    for (const { orderNo, version } of page.items) {
      if (wanted.delete(orderNo)) recorder.add({ kind: 'looked', orderNo, version });
    }
    cursor = page.next;
    if (cursor === null) break;
  }
  for (const orderNo of wanted) recorder.add({ kind: 'looked', orderNo, version: null });
}

async function within(ms: number, condition: () => boolean): Promise<void> {
  const end = performance.now() + ms;
  while (!condition() && performance.now() < end) await pause(LOOK_EVERY_MS);
}
