/** Checked by the compiler alone (`npm run check`): what must not compile, does not. */
import type { CommandResult, OrderCard, OrderDetail } from '../protocol/index.js';
import { FakeHub } from '../testing/index.js';
import { HubClient, type Hub } from './index.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_T extends true>(): void => {};

export async function commands(hub: Hub): Promise<void> {
  const answer = await hub.command('dispatch', { orderNo: 'o', expectedVersion: 1, unitId: '7' });
  if (answer.ok) holds<Same<typeof answer.result, CommandResult<'dispatch'>>>();
  else holds<Same<typeof answer.error.code extends string ? true : false, true>>();

  const claimed = await hub.command('claimItem', { itemId: 'i' }, { commandId: 'c' });
  if (claimed.ok) holds<Same<typeof claimed.result, { itemId: string; orderNo: string | null }>>();

  // @ts-expect-error a command that changes an order says which version it saw
  await hub.command('dispatch', { orderNo: 'o', unitId: '7' });
  // @ts-expect-error the unit is an id
  await hub.command('dispatch', { orderNo: 'o', expectedVersion: 1, unitId: 7 });
  // @ts-expect-error unknown fields are refused by the hub, and here
  await hub.command('acknowledge', { orderNo: 'o', expectedVersion: 1, hurry: true });
  // @ts-expect-error no such command
  await hub.command('dispatchh', { orderNo: 'o', expectedVersion: 1, unitId: '7' });
  // @ts-expect-error no such presence
  await hub.command('setPresence', { presence: 'asleep' });
  // @ts-expect-error an answer is looked at before its result is used
  (await hub.command('setPresence', { presence: 'ready' })).result.presence.trim();
}

export async function rooms(hub: Hub): Promise<void> {
  const room = hub.room('unit:1583');
  const card = room.cards.get('order:1');
  // @ts-expect-error a card may be missing
  void card.version;
  if (card && 'hops' in card) holds<Same<OrderCard extends typeof card ? true : false, true>>();
  // @ts-expect-error cards are read, never written
  room.cards.set('order:1', card);
  // @ts-expect-error a key names the kind of its card
  room.cards.get('1');
  // @ts-expect-error no such room
  hub.room('kitchen');
  // @ts-expect-error the connection is one of three
  hub.onConnection((connection) => connection === 'fast');
  holds<Same<Awaited<ReturnType<typeof room.ready>>, void>>();
}

export async function calls(hub: Hub): Promise<void> {
  const order = await hub.http.get<OrderDetail>('/api/orders/1');
  // @ts-expect-error there is no plain name in an order
  void order.requesterName;
}

export const bothAreHubs: Hub[] = [new HubClient({ url: 'http://127.0.0.1:3000' }), new FakeHub()];
