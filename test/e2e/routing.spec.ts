import type { HubClient } from '@minqing-hub/client-sdk';
import type { QueueItemCard } from '@minqing-hub/client-sdk/protocol';
import { act, itemOf, newRequest, openConsole, openRoom } from '../support/consoles.js';
import { Caller } from '../support/caller.js';
import { FakeClock } from '../support/fake-clock.js';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';

/** 10:00 in China: people may be called. */
const NOW = Date.UTC(2026, 10, 21, 2);

/** Who gets which work, as consoles and other systems see it. */
describe('routing', () => {
  let hub: TestHub;
  const consoles: HubClient[] = [];

  beforeAll(async () => {
    hub = await startHub({ clock: new FakeClock(NOW) });
  });
  afterEach(async () => {
    for (const client of consoles.splice(0)) {
      await client.command('setPresence', { presence: 'offline' });
      client.close();
    }
  });
  afterAll(() => hub.stop());

  const open = async (username: string): Promise<HubClient> => {
    const client = await openConsole(hub.url, username);
    consoles.push(client);
    return client;
  };
  const seatOf = (client: HubClient) => client.session!.actor.seatId!;

  it('[RT1] [RT2] gives a request to who speaks the requester’s dialect, and tells on its card what it asks for', async () => {
    const [plain, speaker, leader] = [await open('agent001'), await open('agent002'), await open('leader01')];
    const queue = await openRoom(leader, 'queue:register');
    await act(leader, 'setSkills', { userId: 'agent002', skills: [{ skill: 'dialect:kejia', level: 4 }] });
    await act(plain, 'setPresence', { presence: 'ready' });
    await act(speaker, 'setPresence', { presence: 'ready' });
    const more = { dialect: 'kejia', catalogCode: '010101', route: 'emergency' as const };
    const { orderNo } = await act(leader, 'register', { ...newRequest(), ...more });
    await until('the offer', () => itemOf(queue, orderNo)?.state === 'offered');
    expect(itemOf(queue, orderNo)).toMatchObject({
      seatId: seatOf(speaker),
      callbackId: null,
      atHead: false,
      needs: [
        { skill: 'emergency', level: 3 },
        { skill: 'dialect:kejia', level: 3 },
        { skill: 'field:01', level: 2 },
      ],
    });
    await act(speaker, 'claimItem', { itemId: itemOf(queue, orderNo)!.itemId });
  });

  it('[RT1] keeps what a confidential request asks for from all but the seat that has it', async () => {
    const [agent, leader] = [await open('agent003'), await open('leader01')];
    const queue = await openRoom(leader, 'queue:register');
    const seat = await openRoom(agent, `seat:${seatOf(agent)}`);
    await act(agent, 'setPresence', { presence: 'busy' });
    const secret = { dialect: 'kejia', visibility: 'confidential' as const };
    const { orderNo } = await act(agent, 'register', { ...newRequest(), ...secret });
    await until('the item in both rooms', () => Boolean(itemOf(queue, orderNo) && itemOf(seat, orderNo)));
    expect(itemOf(seat, orderNo)!.needs).toEqual([{ skill: 'dialect:kejia', level: 3 }]);
    expect(itemOf(queue, orderNo)).not.toHaveProperty('needs');
    expect(itemOf(queue, orderNo)).toMatchObject({ orderNo, callbackId: null, atHead: false, state: 'claimed' });
  });

  it('[RT1] calls the requester back in their dialect', async () => {
    const [agent, leader] = [await open('agent003'), await open('leader01')];
    const room = await openRoom(leader, 'queue:callback');
    await act(agent, 'setPresence', { presence: 'busy' });
    const requester = { name: '来电人', phone: '13912345678' };
    const { orderNo } = await act(agent, 'register', {
      ...newRequest(),
      requester,
      dialect: 'yue',
      catalogCode: '010101',
    });
    const { callbackId } = await act(agent, 'scheduleCallback', { orderNo, dueAt: new Date(NOW).toISOString() });
    const item = () =>
      [...room.cards.values()].find((card) => 'itemId' in card && card.callbackId === callbackId) as
        QueueItemCard | undefined;
    await until('it to wait', () => item() !== undefined);
    expect(item()!.needs).toEqual([{ skill: 'dialect:yue', level: 3 }]);
  });

  it('[RT1] refuses a dialect that the plan does not name, from a seat and from a source alike', async () => {
    const agent = await open('agent004');
    const refused = await agent.command('register', { ...newRequest(), dialect: 'klingon' });
    expect(refused).toMatchObject({ ok: false, error: { code: 'payload_invalid', field: 'dialect' } });
    const admin = await Caller.login(hub.url, 'admin');
    const { apiKey } = await admin.act('createApiKey', { source: 'hotline', label: '热线系统' });
    const hotline = Caller.withKey(hub.url, apiKey);
    const request = { ...newRequest(), source: 'hotline', sourceId: 'D-1', dialect: 'klingon' };
    const { status, body } = await hotline.post('/api/intake/requests', request);
    expect({ status, code: body.code, field: body.field }).toEqual({
      status: 422,
      code: 'payload_invalid',
      field: 'dialect',
    });
    expect((await hotline.post('/api/intake/requests', { ...request, dialect: 'yue' })).status).toBe(201);
    // Another dialect is another content.
    expect((await hotline.post('/api/intake/requests', { ...request, dialect: 'wu' })).status).toBe(409);
  });

  it('[RT9] [RT10] lets a shift leader move work from hand to hand', async () => {
    const [first, second, leader] = [await open('agent005'), await open('agent006'), await open('leader01')];
    const queue = await openRoom(leader, 'queue:register');
    const own = await openRoom(second, `seat:${seatOf(second)}`);
    await act(first, 'setPresence', { presence: 'busy' });
    await act(second, 'setPresence', { presence: 'busy' });
    const { orderNo } = await act(first, 'register', newRequest());
    await until('the first to have it', () => itemOf(queue, orderNo)?.seatId === seatOf(first));
    const { itemId } = itemOf(queue, orderNo)!;
    await act(leader, 'forceAssign', { itemId, seatId: seatOf(second) });
    await until('the second to have it', () => itemOf(own, orderNo)?.state === 'claimed');
    expect(await first.command('returnItem', { itemId })).toMatchObject({ error: { code: 'item_held_by_other' } });
    await act(leader, 'takeBack', { itemId });
    await until('it to be at the head', () => itemOf(queue, orderNo)?.atHead === true);
    await until('the second to see it go', () => itemOf(own, orderNo) === undefined);
  });
});
