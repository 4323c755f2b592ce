import { describe, expect, it } from '@jest/globals';
import { HubProblem } from '../client/hub-problem.js';
import { exampleSeat } from './example-cards.js';
import { FakeHub } from './fake-hub.js';

const seat = exampleSeat();

describe('FakeHub', () => {
  it('shows the cards that a test puts in, and tells of them', async () => {
    const hub = new FakeHub();
    hub.put('floor', 'seat:1', seat);
    const room = hub.room('floor');
    await room.ready();
    const told: string[] = [];
    room.onChange(({ cards }) => told.push(...cards));
    room.onEvent(({ type }) => told.push(type));
    expect([...room.cards]).toEqual([['seat:1', seat]]);
    hub.take('floor', 'seat:1', { type: 'seat.presence_changed' });
    hub.latest('floor', 'waiting', 3);
    expect([room.cards.size, room.latest.get('waiting'), told]).toEqual([0, 3, ['seat.presence_changed', 'seat:1']]);
    room.close();
    hub.put('floor', 'seat:1', seat);
    expect(told).toHaveLength(2);
  });

  it('answers commands and calls as the test says, and remembers them', async () => {
    const hub = new FakeHub();
    hub.answer('setPresence', ({ presence }) => ({ presence }));
    hub.answer('claimItem', () => ({ ok: false, error: { code: 'offer_expired', message: '邀约已过期' } }));
    hub.onHttp('GET /api/orders', () => ({ items: [], next: null, total: 0 }));
    expect(await hub.command('setPresence', { presence: 'break' })).toEqual({
      ok: true,
      result: { presence: 'break' },
    });
    expect(await hub.command('claimItem', { itemId: 'i1' })).toMatchObject({
      ok: false,
      error: { code: 'offer_expired' },
    });
    expect(await hub.command('returnItem', { itemId: 'i1' })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
    expect(hub.commands.map(({ name }) => name)).toEqual(['setPresence', 'claimItem', 'returnItem']);
    expect(await hub.http.get('/api/orders', { query: { limit: 1 } })).toEqual({ items: [], next: null, total: 0 });
    await expect(hub.http.get('/api/other')).rejects.toBeInstanceOf(HubProblem);
  });

  it('plays the connection, sessions and lost rights', async () => {
    const hub = new FakeHub(() => 5);
    const seen: unknown[] = [];
    hub.onConnection((connection) => seen.push(connection));
    hub.onSession((session) => seen.push(session?.token ?? null));
    const room = hub.room('floor');
    hub.setConnection('offline');
    expect(room.state).toBe('offline');
    hub.setConnection('live');
    hub.account('a', 'demo', {
      token: 't',
      expiresAt: 9,
      actor: { userId: 'a', name: '坐席001', roles: ['agent'], unitId: null },
    });
    await expect(hub.login('a', 'x')).rejects.toMatchObject({ code: 'credentials_wrong' });
    await hub.login('a', 'demo');
    hub.logout();
    hub.put('floor', 'seat:1', seat);
    hub.revoke('floor');
    expect([room.state, room.cards.size, hub.hubNow()]).toEqual(['revoked', 0, 5]);
    await expect(room.ready()).rejects.toMatchObject({ code: 'forbidden' });
    expect(seen).toEqual(['offline', 'live', 't', null]);
  });
});
