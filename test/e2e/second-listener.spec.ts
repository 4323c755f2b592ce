import type { HubClient } from '@minqing-hub/client-sdk';
import type { HubEvent, SeatCard } from '@minqing-hub/client-sdk/protocol';
import { act, itemOf, newId, newRequest, openConsole, openRoom } from '../support/consoles.js';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';

/** Who else follows a seat's room, and when they have to go: real sockets. */
describe('the room of a seat', () => {
  let hub: TestHub;
  const consoles: HubClient[] = [];

  beforeEach(async () => {
    hub = await startHub({ policy: { 'offer.seconds': 300 } });
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
  /** Something for a seat to do, taken down by somebody who sits at none. */
  const work = async (more: { visibility?: 'confidential' } = {}) => {
    const intake = await openConsole(hub.url, 'agent050');
    const { orderNo } = await act(intake, 'register', { ...newRequest(), source: 'app', sourceId: newId(), ...more });
    intake.close();
    return orderNo;
  };

  /** Listens at a seat, and has its room open behind what tells of it. */
  const listen = async (listener: HubClient, seatId: string, at = listener) => {
    await act(listener, 'setPresence', { presence: 'training', listenTo: seatId });
    await hub.settled();
    return openRoom(at, `seat:${seatId}`);
  };

  it('[PS6] [I6] lets in who listens there while in training, and nobody else, and not a moment longer', async () => {
    const [trainee, worker, other] = [await open('agent001'), await open('agent002'), await open('agent003')];
    const seatId = seatOf(worker);
    await act(worker, 'setPresence', { presence: 'ready' });
    const own = await openRoom(worker, `seat:${seatId}`);
    const refused = (client: HubClient) =>
      client
        .room(`seat:${seatId}`)
        .ready()
        .then(String, (e: { code: string }) => e.code);
    expect(await refused(trainee)).toBe('forbidden');

    const again = await openConsole(hub.url, 'agent001');
    const listening = await listen(trainee, seatId, again);
    expect(await refused(other)).toBe('forbidden');
    const heard: HubEvent[] = [];
    listening.onEvent((event) => heard.push(event));
    const orderNo = await work();
    await until('the listener to see what the seat is offered', () => itemOf(listening, orderNo)?.state === 'offered');
    // It may look, and do nothing: the work is not offered to it.
    const claim = await trainee.command('claimItem', { itemId: itemOf(listening, orderNo)!.itemId });
    expect(claim).toMatchObject({ ok: false, error: { code: 'item_held_by_other' } });

    const told: HubEvent[] = [];
    own.onEvent((event) => told.push(event));
    await act(trainee, 'setPresence', { presence: 'ready' });
    await until('the listener to have left', () => listening.state === 'revoked');
    await act(worker, 'claimItem', { itemId: itemOf(own, orderNo)!.itemId });
    await until('the seat to see its claim', () => itemOf(own, orderNo)?.state === 'claimed');
    expect(told.map(({ type }) => type)).toEqual(['seat.listening_ended', 'queue.item_claimed']);
    expect(told[0]!.data).toMatchObject({ listenerSeatId: seatOf(trainee), cause: 'presence' });
    expect(heard.map(({ type }) => type)).toEqual(['queue.item_offered']);
    expect(listening.cards.size).toBe(0);
    again.close();
  });

  it('[PS7] [I6] sends the listener away before confidential work comes', async () => {
    const [trainee, worker] = [await open('agent004'), await open('agent005')];
    const seatId = seatOf(worker);
    await act(worker, 'setPresence', { presence: 'busy' });
    const own = await openRoom(worker, `seat:${seatId}`);
    const listening = await listen(trainee, seatId);
    const heard: HubEvent[] = [];
    listening.onEvent((event) => heard.push(event));
    const orderNo = await work({ visibility: 'confidential' });
    await act(worker, 'setPresence', { presence: 'ready' });
    await until('the offer to the seat', () => itemOf(own, orderNo)?.state === 'offered');
    await until('the listener to have left', () => listening.state === 'revoked');
    expect(heard.map(({ type }) => type)).toEqual(['seat.presence_changed']);
    const mine = await openRoom(trainee, `seat:${seatOf(trainee)}`);
    expect([...mine.cards.values()]).toMatchObject([{ presence: 'training', listensTo: null }]);
    await act(worker, 'claimItem', { itemId: itemOf(own, orderNo)!.itemId });
    const refused = await trainee.command('setPresence', { presence: 'training', listenTo: seatId });
    expect(refused).toMatchObject({ ok: false, error: { clause: 'PS7' } });
  });

  it('[PS5] [I6] tells whoever sat there that another one does, and shows them nothing more', async () => {
    const [first, second] = [await open('agent006'), await open('agent007')];
    const seatId = seatOf(first);
    await act(first, 'setPresence', { presence: 'busy' });
    await hub.settled();
    const room = await openRoom(first, `seat:${seatId}`);
    const told: HubEvent[] = [];
    room.onEvent((event) => told.push(event));
    expect(await second.command('signOn', { seatId })).toMatchObject({ ok: false, error: { code: 'seat_occupied' } });
    await act(second, 'signOn', { seatId, takeOver: true });
    await until('the first to have left the room', () => room.state === 'revoked');
    expect(told.map(({ type }) => type)).toEqual(['seat.shift_ended', 'seat.shift_started', 'seat.presence_changed']);
    expect(told[0]!.data).toMatchObject({ cause: 'taken_over', by: second.session!.actor.userId });
    const mine = await openRoom(second, `seat:${seatId}`);
    expect((mine.cards.get(`seat:${seatId}`) as SeatCard).userId).toBe(second.session!.actor.userId);
  });
});
