import type { HubClient } from '@minqing-hub/client-sdk';
import type {
  FloorItemPage,
  FloorSeat,
  Latest,
  QueueFirst,
  QueueStats,
  SeatMessage,
  TimelineEntry,
} from '@minqing-hub/client-sdk/protocol';
import { act, newRequest, openConsole, openRoom, openSocket } from '../support/consoles.js';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';

/** The floor as a shift leader and the seats live it. */
describe('the floor', () => {
  let hub: TestHub;
  const consoles: HubClient[] = [];

  beforeAll(async () => {
    hub = await startHub();
  });
  afterEach(() => {
    for (const client of consoles.splice(0)) client.close();
  });
  afterAll(() => hub.stop());

  const open = async (username: string): Promise<HubClient> => {
    const client = await openConsole(hub.url, username);
    consoles.push(client);
    return client;
  };
  const seatOf = (client: HubClient) => client.session!.actor.seatId!;

  it('[FL5] [FL6] [FL8] shows a leader the numbers, and what is behind them, and agents the head of their queue', async () => {
    const [leader, agent, waiting] = [await open('leader01'), await open('agent001'), await open('agent002')];
    const floor = await openRoom(leader, 'floor');
    const head = await openRoom(waiting, 'head:register');
    expect(head.cards.size).toBe(0);
    const { orderNo } = await act(agent, 'register', newRequest());
    const first = () => (head.latest.get('queue.first') ?? []) as QueueFirst;
    await until('the waiting agent to see the order at the head', () => first().some((i) => i.orderNo === orderNo));
    await act(agent, 'setPresence', { presence: 'ready' });
    const { itemId } = first().find((i) => i.orderNo === orderNo)!;
    await until('the order to be claimed', async () => (await agent.command('claimItem', { itemId })).ok);
    const stats = () => (floor.latest.get('floor.queues') as Record<string, QueueStats> | undefined)?.register;
    await until('the leader to see it claimed', () => stats()?.claimed === 1 && stats()?.waiting === 0);
    const seatsIn = () => floor.latest.get('floor.seats') as Record<string, number> | undefined;
    await until('the leader to see who is ready', () => seatsIn()?.ready === 1);
    await until('nothing to be at the head', () => first().length === 0);
    expect(head.cards.size).toBe(0);

    const query = { measure: 'claimed', queueId: 'register' };
    const page = await leader.http.get<FloorItemPage>('/api/floor/items', { query });
    expect(page).toMatchObject({ total: 1, next: null, items: [{ orderNo, itemId, seatId: seatOf(agent) }] });
    const seats = await leader.http.get<FloorSeat[]>('/api/floor/seats');
    expect(seats).toMatchObject([{ seatId: seatOf(agent), held: 1, handled: 0, handlingMs: 0 }]);
    await act(agent, 'accept', { orderNo, expectedVersion: 1, noPlace: true });
    await until('it to be handled', async () => {
      const [seat] = await leader.http.get<FloorSeat[]>('/api/floor/seats', { query: { presence: 'ready' } });
      return seat?.held === 0 && seat.handled === 1 && seat.handlingMs > 0;
    });
    const timeline = await leader.http.get<TimelineEntry[]>(`/api/floor/seats/${seatOf(agent)}/timeline`);
    const types = timeline.map(({ type }) => type).filter((type) => type.startsWith('queue.'));
    expect(types.slice(-2)).toEqual(['queue.item_claimed', 'queue.item_done']);
    expect(timeline.find(({ type }) => type === 'queue.item_claimed')).toMatchObject({ itemId, orderNo });
    expect(timeline.map(({ at }) => at)).toEqual(timeline.map(({ at }) => at).sort((a, b) => a - b));
    const none = { query: { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' } };
    expect(await leader.http.get(`/api/floor/seats/${seatOf(agent)}/timeline`, none)).toEqual([]);
  });

  it('[FL10] tells a counter that changes a hundred times no more than three times a second', async () => {
    const agent = await open('agent006');
    const socket = await openSocket(hub.url, agent.session!.token);
    const told: Latest[] = [];
    socket.on('latest', (value: Latest) => told.push(value));
    expect(await socket.emitWithAck('subscribe', { room: 'head:register' })).toMatchObject({ ok: true, offset: 0 });
    const stats = () => told.filter(({ key }) => key === 'queue.stats');
    await until('the counters as they stand', () => stats().length > 0);
    const there = () => {
      const { waiting, offered, claimed } = stats().at(-1)!.data as QueueStats;
      return waiting + offered + claimed;
    };
    const [before, known] = [there(), stats().length];
    const began = performance.now();
    for (let n = 0; n < 100; n += 5) {
      const calls = Array.from({ length: 5 }, (_, i) => act(agent, 'register', newRequest(500 + n + i)));
      await Promise.all(calls);
    }
    await until('the last change to be told', () => there() === before + 100);
    expect(stats().length - known).toBeLessThanOrEqual(2 + ((performance.now() - began) / 1_000) * 3);
    const versions = stats().map(({ version }) => version);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    socket.disconnect();
  });

  it('[I6] [FL6] is for shift leaders alone, and says what is wrong with a question', async () => {
    const [agent, supervisor, leader] = [await open('agent003'), await open('supervisor01'), await open('leader01')];
    for (const path of [
      '/api/floor/items?measure=waiting',
      '/api/floor/calls?measure=offered',
      '/api/floor/seats',
      '/api/floor/seats/S1/timeline',
    ]) {
      for (const client of [agent, supervisor]) {
        await expect(client.http.get(path)).rejects.toMatchObject({ code: 'forbidden' });
      }
    }
    expect(await agent.command('messageSeat', { seatId: seatOf(agent), text: '你好' })).toMatchObject({
      error: { code: 'forbidden' },
    });
    for (const [path, field] of [
      ['/api/floor/items', 'measure'],
      ['/api/floor/items?measure=waiting&queueId=nothing', 'queueId'],
      ['/api/floor/items?measure=held', 'seatId'],
      ['/api/floor/items?measure=waiting&cursor=nothing', 'cursor'],
      ['/api/floor/items?measure=waiting&cursor=WzFd', 'cursor'],
      ['/api/floor/items?measure=waiting&limit=201', 'limit'],
      ['/api/floor/items?measure=waiting&colour=red', 'colour'],
      ['/api/floor/calls', 'measure'],
      ['/api/floor/calls?measure=waiting', 'measure'],
      ['/api/floor/calls?measure=offered&cursor=WzFd', 'cursor'],
      ['/api/floor/calls?measure=offered&limit=0', 'limit'],
      ['/api/floor/calls?measure=offered&seatId=S1', 'seatId'],
      ['/api/floor/seats?presence=asleep', 'presence'],
      ['/api/floor/seats/S1/timeline?from=yesterday', 'from'],
    ] as const) {
      await expect(leader.http.get(path)).rejects.toMatchObject({ code: 'payload_invalid', field });
    }
    await expect(leader.http.get('/api/floor/seats/nothing/timeline')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('[FL9] a leader says something to a seat: who sits there reads it, and nobody who comes after', async () => {
    const [leader, agent, other] = [await open('leader01'), await open('agent004'), await open('agent005')];
    const seatId = seatOf(agent);
    const read = (client: HubClient) => client.http.get<SeatMessage[]>(`/api/seats/${seatId}/messages`);
    expect(await leader.command('messageSeat', { seatId, text: '在吗' })).toMatchObject({
      error: { code: expect.stringMatching(/^(no_seat|not_signed_on)$/) as string },
    });
    await act(agent, 'setPresence', { presence: 'busy' });
    await hub.settled();
    const room = await openRoom(agent, `seat:${seatId}`);
    const told: unknown[] = [];
    room.onEvent((event) => told.push(event));
    const { messageId } = await act(leader, 'messageSeat', { seatId, text: '请协助接听方言来电' });
    await until('the seat to be told', () => told.length === 1);
    expect(told[0]).toMatchObject({ type: 'seat.message_sent', data: { seatId, messageId } });
    expect(JSON.stringify(told)).not.toContain('方言');
    const expected = [{ messageId, text: '请协助接听方言来电', from: leader.session!.actor.name }];
    expect(await read(agent)).toMatchObject(expected);
    expect(await read(leader)).toMatchObject(expected);
    await expect(read(other)).rejects.toMatchObject({ code: 'forbidden' });

    const admin = await open('admin');
    await act(agent, 'setPresence', { presence: 'offline' });
    await act(admin, 'changeRights', { userId: 'agent004', roles: ['agent'], unitId: null, seatId: null });
    await act(admin, 'changeRights', { userId: 'agent005', roles: ['agent'], unitId: null, seatId });
    await until('the other to sit there', async () => (await read(other)).length === 0);
    for (const text of ['', ' ', 'x'.repeat(501)]) {
      expect(await leader.command('messageSeat', { seatId, text })).toMatchObject({
        error: { code: 'payload_invalid', field: 'text' },
      });
    }
  });
});
