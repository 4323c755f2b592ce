import { isDeepStrictEqual } from 'node:util';
import { HubClient, type RoomHandle } from '@minqing-hub/client-sdk';
import type { OrderPage, RoomName } from '@minqing-hub/client-sdk/protocol';
import { chances } from './chance.js';
import { untilAnswered } from './until-answered.js';
import type { Console, Consoles } from './consoles.js';

const AT_ONCE = 6;
const EQUAL_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 20;
const PAGE = 200;

export interface RoomDifference {
  username: string;
  room: RoomName;
  cards: number;
}

/** Holds every room of every open console against that of a fresh one of the same person. */
export async function differingRooms(consoles: Consoles): Promise<{ rooms: number; different: RoomDifference[] }> {
  const waiting = consoles.list.filter(({ rooms }) => rooms.size > 0);
  const rooms = waiting.reduce((sum, { rooms }) => sum + rooms.size, 0);
  const different: RoomDifference[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) different.push(...(await compare(consoles.url, next)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { rooms, different };
}

async function compare(url: string, { username, client, rooms }: Console): Promise<RoomDifference[]> {
  const fresh = new HubClient({ url, random: chances(0, username) });
  try {
    if (client.session) fresh.useSession(client.session);
    const different: RoomDifference[] = [];
    for (const [name, room] of rooms) {
      const other = fresh.room(name);
      const [settled, settledFresh] = await Promise.allSettled([room.ready(), other.ready()]);
      const both = settled.status === 'fulfilled' && settledFresh.status === 'fulfilled';
      if (!both || !(await becomeEqual(room, other))) different.push({ username, room: name, cards: room.cards.size });
    }
    return different;
  } finally {
    fresh.close();
  }
}

/** Late events may reach one sooner than the other; what stays different is different. */
async function becomeEqual(one: RoomHandle, other: RoomHandle): Promise<boolean> {
  const end = performance.now() + EQUAL_WITHIN_MS;
  while (one.offset !== other.offset || !isDeepStrictEqual(contents(one), contents(other))) {
    if (performance.now() > end) return false;
    await new Promise((again) => setTimeout(again, LOOK_EVERY_MS));
  }
  return true;
}

const contents = (room: RoomHandle): unknown => Object.fromEntries(room.cards);

/** Which of the orders the hub does not list. */
export async function missingOrders(
  client: HubClient,
  orderNos: Iterable<string>,
  random: () => number,
): Promise<string[]> {
  const missing = new Set(orderNos);
  let cursor: string | null = null;
  while (missing.size > 0) {
    const query: Record<string, string | number | null> = { limit: PAGE, cursor };
    const page: OrderPage = await untilAnswered(() => client.http.get<OrderPage>('/api/orders', { query }), random);
    for (const { orderNo } of page.items) missing.delete(orderNo);
    cursor = page.next;
    if (cursor === null) break;
  }
  return [...missing];
}
