import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { HubClient, type RoomHandle } from '@minqing-hub/client-sdk';
import type {
  Card,
  CommandName,
  CommandPayload,
  CommandResult,
  OrderCard,
  QueueItemCard,
  RoomName,
} from '@minqing-hub/client-sdk/protocol';
import { io, type Socket } from 'socket.io-client';
import { until } from './until.js';

export const PASSWORD = 'demo';

/** A console of the demo hub, logged in. */
export async function openConsole(url: string, username: string): Promise<HubClient> {
  const client = new HubClient({ url });
  await client.login(username, PASSWORD);
  return client;
}

/** Issues a command and answers its result; a refusal fails the test with what it said. */
export async function act<N extends CommandName>(
  client: HubClient,
  name: N,
  payload: CommandPayload<N>,
): Promise<CommandResult<N>> {
  const answer = await client.command(name, payload);
  if (!answer.ok) throw new Error(`${name} was refused: ${JSON.stringify(answer.error)}`);
  return answer.result;
}

export async function openRoom(client: HubClient, name: RoomName): Promise<RoomHandle> {
  const room = client.room(name);
  await room.ready();
  return room;
}

export const plain = (room: RoomHandle): Record<string, Card> => Object.fromEntries([...room.cards].sort());

export const orderIn = (room: RoomHandle, orderNo: string) =>
  room.cards.get(`order:${orderNo}`) as OrderCard | undefined;

export const itemOf = (room: RoomHandle, orderNo: string) =>
  [...room.cards.values()].find((card) => 'itemId' in card && card.orderNo === orderNo) as QueueItemCard | undefined;

/** What the hub sends to a fresh console of the same person [I3]. */
export async function freshCards(url: string, username: string, name: RoomName): Promise<Record<string, Card>> {
  const client = await openConsole(url, username);
  try {
    return plain(await openRoom(client, name));
  } finally {
    client.close();
  }
}

/** The room's cards here equal a fresh console's, once everything that was placed has arrived. */
export async function expectSameAsFresh(
  url: string,
  username: string,
  room: RoomHandle,
  name: RoomName,
): Promise<void> {
  let fresh: Record<string, Card> = {};
  await until(`${username}'s ${name} to equal a fresh console's`, async () => {
    fresh = await freshCards(url, username, name);
    return isDeepStrictEqual(plain(room), fresh);
  }).catch(() => expect(plain(room)).toEqual(fresh));
}

/** A call as a stranger's program would make it, without the SDK. */
export async function openSocket(url: string, token: string): Promise<Socket> {
  const socket = io(url, { auth: { token }, transports: ['websocket'], reconnection: false });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

export const newRequest = (n = 0) => ({
  channel: '12345',
  title: `路面破损 ${n}`,
  text: '人行道地砖松动，雨天积水',
  kind: 'resolution' as const,
  grade: 'fast' as const,
  requester: { name: '来电人', phone: `139${String(10_000_000 + n)}` },
});

export const newId = () => randomUUID();
