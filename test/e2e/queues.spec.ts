import type { HubClient } from '@minqing-hub/client-sdk';
import type { SeatCard } from '@minqing-hub/client-sdk/protocol';
import { act, itemOf, newRequest, openConsole, openRoom } from '../support/consoles.js';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';

/** Queues and seats as consoles live them: real sockets, real time, in short. */
describe('live queues', () => {
  let hub: TestHub;
  const consoles: HubClient[] = [];

  beforeEach(async () => {
    hub = await startHub({ policy: { 'offer.seconds': 1, 'seat.graceSeconds': 1 } });
  });
  afterEach(async () => {
    for (const client of consoles.splice(0)) client.close();
    await hub.stop();
  });

  const open = async (username: string): Promise<HubClient> => {
    const client = await openConsole(hub.url, username);
    consoles.push(client);
    return client;
  };
  const seatOf = (client: HubClient) => client.session!.actor.seatId!;

  it('[QS5] [I4] offers a waiting order to one seat after the other until one of them takes it', async () => {
    const [first, second] = [await open('agent001'), await open('agent002')];
    const queue = await openRoom(first, 'queue:register');
    const { orderNo } = await act(first, 'register', newRequest());
    expect(itemOf(queue, orderNo)?.seatId ?? null).toBeNull();
    const offeredTo = new Set<string>();
    const stop = queue.onChange(() => {
      const item = itemOf(queue, orderNo);
      if (item?.state === 'offered') offeredTo.add(item.seatId!);
    });
    await act(first, 'setPresence', { presence: 'ready' });
    await act(second, 'setPresence', { presence: 'ready' });
    await until('both seats to have had an offer', () => offeredTo.size === 2);
    stop();
    const { itemId } = itemOf(queue, orderNo)!;
    const claim = () => Promise.all([first, second].map((client) => client.command('claimItem', { itemId })));
    let answers = await claim();
    await until('one of them to have been in time', async () => {
      if (answers.some(({ ok }) => ok)) return true;
      answers = await claim();
      return false;
    });
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const winner = answers[0]!.ok ? first : second;
    await until('everybody to see who has it', () => itemOf(queue, orderNo)?.state === 'claimed');
    expect(itemOf(queue, orderNo)?.seatId).toBe(seatOf(winner));
    await until('the counters to say so', () => {
      return (queue.latest.get('queue.stats') as { claimed: number } | undefined)?.claimed === 1;
    });
  });

  it('[QS8] gives back the work of a seat whose sockets have gone, and tells the floor', async () => {
    const [agent, leader] = [await open('agent001'), await open('leader01')];
    const floor = await openRoom(leader, 'floor');
    const queue = await openRoom(leader, 'queue:register');
    const { orderNo } = await act(agent, 'register', newRequest());
    await act(agent, 'setPresence', { presence: 'ready' });
    await until('the offer', () => itemOf(queue, orderNo)?.state === 'offered');
    await act(agent, 'claimItem', { itemId: itemOf(queue, orderNo)!.itemId });
    const seatId = seatOf(agent);
    agent.close();
    await until('the seat to be offline', () => {
      return (floor.cards.get(`seat:${seatId}`) as SeatCard | undefined)?.presence === 'offline';
    });
    await until('the item to wait again', () => itemOf(queue, orderNo)?.state === 'queued');
    expect(itemOf(queue, orderNo)).toMatchObject({ seatId: null, offerEndsAt: null });
  });

  it('[QS5] keeps other seats off what one is being offered', async () => {
    await hub.stop();
    hub = await startHub({ policy: { 'offer.seconds': 60 } });
    const [first, second] = [await open('agent001'), await open('agent002')];
    const queue = await openRoom(first, 'queue:register');
    const { orderNo, version } = await act(second, 'register', newRequest());
    await act(first, 'setPresence', { presence: 'ready' });
    await until('the offer', () => itemOf(queue, orderNo)?.state === 'offered');
    const accept = { orderNo, expectedVersion: version, noPlace: true };
    expect(await second.command('accept', accept)).toMatchObject({
      ok: false,
      error: { code: 'item_held_by_other', clause: 'QS5' },
    });
    await act(first, 'accept', accept);
  });
});
