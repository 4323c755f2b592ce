import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MiniHub } from '../../../test/support/mini-hub.js';
import { until } from '../../../test/support/until.js';
import type { CardChange, HubEvent } from '../protocol/index.js';
import { exampleSeat } from '../testing/example-cards.js';
import { HubClient, HubProblem, HubTime, type Connection, type RoomHandle, type SessionStorage } from './index.js';

const seat = (seatId: string, presenceSince = 1) => exampleSeat({ seatId, userId: `u-${seatId}`, presenceSince });
const cardsOf = (room: RoomHandle): unknown => Object.fromEntries(room.cards);
const FORBIDDEN = { code: 'forbidden', message: '您无权进入' } as const;

describe('HubClient', () => {
  let hub: MiniHub;
  let clients: HubClient[];
  const client = (options: ConstructorParameters<typeof HubClient>[0] = {}): HubClient => {
    const made = new HubClient({ url: hub.url, random: () => 0, ...options });
    clients.push(made);
    return made;
  };
  const loggedIn = async (options: ConstructorParameters<typeof HubClient>[0] = {}): Promise<HubClient> => {
    const made = client(options);
    await made.login('u1', 'demo');
    return made;
  };

  beforeEach(async () => {
    hub = await MiniHub.start();
    clients = [];
  });
  afterEach(async () => {
    for (const made of clients) made.close();
    await hub.stop();
  });

  describe('rooms', () => {
    it('holds a snapshot, then every change, and says which', async () => {
      hub.put('floor', 'seat:1', seat('1'));
      const room = (await loggedIn()).room('floor');
      await room.ready();
      expect([cardsOf(room), room.offset, room.epoch, room.state]).toEqual([hub.cards('floor'), 1, 'e1', 'live']);
      const changes: string[] = [];
      const events: HubEvent[] = [];
      room.onChange(({ cards }) => changes.push(...cards));
      room.onEvent((event, place) => {
        expect(place.offset).toBe(events.length + 2);
        events.push(event);
      });
      hub.put('floor', 'seat:2', seat('2'));
      hub.write('floor', { key: 'seat:1', op: 'gone' });
      await until('both changes are here', () => room.offset === 3);
      expect(cardsOf(room)).toEqual(hub.cards('floor'));
      expect(changes).toEqual(['seat:2', 'seat:1']);
      expect(events).toHaveLength(2);
    });

    it('subscribes once for all readers of a room, and leaves with the last', async () => {
      const made = await loggedIn();
      const [one, other] = [made.room('floor'), made.room('floor')];
      await Promise.all([one.ready(), other.ready()]);
      expect(hub.subscribes).toHaveLength(1);
      let told = 0;
      one.onChange(() => (told += 1));
      one.close();
      one.close();
      hub.put('floor', 'seat:1', seat('1'));
      await until('the other reader sees the change', () => other.offset === 1);
      expect([told, hub.unsubscribed]).toEqual([0, []]);
      other.close();
      await until('the room is left', () => hub.unsubscribed.length === 1);
    });

    it('rejects ready() when the room is refused, closed or revoked, and empties what was revoked [I6]', async () => {
      hub.refusals.set('lists', FORBIDDEN);
      hub.put('floor', 'seat:1', seat('1'));
      const made = await loggedIn();
      const refused = made.room('lists');
      await expect(refused.ready()).rejects.toMatchObject({ code: 'forbidden' });
      expect([refused.state, refused.problem?.message]).toEqual(['refused', FORBIDDEN.message]);

      const closed = made.room('unit:7');
      const closing = expect(closed.ready()).rejects.toBeInstanceOf(HubProblem);
      closed.close();
      await closing;

      const floor = made.room('floor');
      await floor.ready();
      hub.revoke('floor');
      await until('the right is lost', () => floor.state === 'revoked');
      expect([floor.cards.size, floor.problem?.code]).toEqual([0, 'forbidden']);
      expect(made.connection).toBe('live');
      hub.refusals.clear();
      await made.room('lists').ready();
      expect(refused.state).toBe('live');
    });

    it('asks again for a revoked room that was opened once more while there was no connection', async () => {
      hub.put('floor', 'seat:1', seat('1'));
      const made = await loggedIn();
      const floor = made.room('floor');
      await floor.ready();
      hub.revoke('floor');
      await until('the right is lost', () => floor.state === 'revoked');
      hub.cutAll();
      await until('offline', () => made.connection === 'offline');
      await made.room('floor').ready();
      expect(cardsOf(floor)).toEqual(hub.cards('floor'));
    });

    it('keeps what it shows when the client is closed, and lets nobody wait', async () => {
      hub.put('floor', 'seat:1', seat('1'));
      const made = await loggedIn();
      const floor = made.room('floor');
      await floor.ready();
      const waiting = expect(made.room('lists').ready()).rejects.toMatchObject({ code: 'unavailable' });
      made.close();
      await waiting;
      expect(floor.cards.size).toBe(1);
    });

    it('catches up by offset after a gap, a resync, a cut, and by snapshot after a restore [I3]', async () => {
      const room = (await loggedIn()).room('floor');
      await room.ready();
      hub.faults = ['lost'];
      hub.put('floor', 'seat:1', seat('1'));
      hub.put('floor', 'seat:2', seat('2'));
      await until('the gap is filled', () => room.offset === 2 && room.state === 'live');
      expect(hub.subscribes.at(-1)).toEqual({ room: 'floor', epoch: 'e1', offset: 0 });

      hub.resync('floor');
      hub.put('floor', 'seat:3', seat('3'));
      await until('what was left out is here', () => room.offset === 3 && room.state === 'live');

      hub.cutAll();
      hub.put('floor', 'seat:4', seat('4'));
      await until('the cut is mended', () => room.offset === 4 && room.state === 'live');
      expect(hub.subscribes.at(-1)).toEqual({ room: 'floor', epoch: 'e1', offset: 3 });
      expect(cardsOf(room)).toEqual(hub.cards('floor'));

      hub.restore('e2');
      hub.put('floor', 'seat:9', seat('9'));
      await until('the other log is here', () => room.epoch === 'e2' && room.state === 'live');
      expect(cardsOf(room)).toEqual({ 'seat:9': seat('9') });
    });

    it('passes over frames that come twice or overlap [I3]', async () => {
      const room = (await loggedIn()).room('floor');
      await room.ready();
      let told = 0;
      room.onEvent(() => (told += 1));
      hub.faults = ['twice', 'twice', 'overlapping', 'overlapping'];
      for (const id of ['1', '2', '3', '4']) hub.put('floor', `seat:${id}`, seat(id));
      await until('all are here', () => room.offset === 4);
      expect([cardsOf(room), told, hub.subscribes.length]).toEqual([hub.cards('floor'), 4, 1]);
    });

    it('takes a snapshot in parts, and the newest conflated values', async () => {
      for (let id = 1; id <= 9; id += 1) hub.put('floor', `seat:${id}`, seat(`${id}`));
      hub.parts = 4;
      const room = (await loggedIn()).room('floor');
      await room.ready();
      expect([cardsOf(room), room.offset]).toEqual([hub.cards('floor'), 9]);
      hub.latest('floor', 'waiting', 2, 20);
      hub.latest('floor', 'waiting', 1, 10);
      hub.latest('floor', 'done', 1, 1);
      await until('the values are here', () => room.latest.get('done') === 1);
      expect(room.latest.get('waiting')).toBe(20);
    });

    it('equals the hub, room by room, after random cuts, lost, repeated and overlapping frames [I3]', async () => {
      const step = fc.record({
        room: fc.constantFrom('floor' as const, 'lists' as const, 'unit:1' as const),
        seat: fc.integer({ min: 1, max: 6 }),
        gone: fc.boolean(),
        fault: fc.constantFrom(
          'none' as const,
          'none' as const,
          'lost' as const,
          'twice' as const,
          'overlapping' as const,
        ),
        then: fc.constantFrom('go on', 'go on', 'go on', 'let it arrive', 'cut', 'resync'),
      });
      const made = await loggedIn();
      const rooms = (['floor', 'lists', 'unit:1'] as const).map((name) => made.room(name));
      let version = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 5, maxLength: 40 }),
          fc.integer({ min: 1, max: 3 }),
          async (steps, parts) => {
            hub.parts = parts;
            for (const { room, seat: id, gone, fault, then } of steps) {
              version += 1;
              hub.faults = fault === 'none' ? [] : [fault];
              const change: CardChange = gone
                ? { key: `seat:${id}`, op: 'gone' }
                : { key: `seat:${id}`, op: 'enter', card: seat(`${id}`, version) };
              hub.write(room, change);
              if (then === 'cut') hub.cutAll();
              if (then === 'resync') hub.resync(room);
              if (then === 'let it arrive') await made.http.get('/anything');
            }
            hub.faults = [];
            for (const { name } of rooms) hub.write(name);
            await until('all rooms have caught up', () =>
              rooms.every(({ name, offset, state }) => state === 'live' && offset === hub.head(name)),
            );
            for (const room of rooms) expect(cardsOf(room)).toEqual(hub.cards(room.name));
          },
        ),
        { numRuns: 15 },
      );
      expect(made.connection).toBe('live');
    });
  });

  describe('connection', () => {
    it('is live only when every open room has caught up', async () => {
      const made = client();
      const seen: Connection[] = [];
      made.onConnection((connection) => seen.push(connection));
      const room = made.room('floor');
      expect([made.connection, room.state]).toEqual(['offline', 'offline']);
      await made.login('u1', 'demo');
      await room.ready();
      expect(made.connection).toBe('live');
      hub.cutAll();
      await until('the cut is noticed', () => room.state === 'offline');
      expect(made.connection).toBe('offline');
      await room.ready();
      expect(seen).toEqual(['catching_up', 'live', 'offline', 'catching_up', 'live']);
    });

    it('goes away when it is told to, and comes back no sooner than it may', async () => {
      const made = await loggedIn();
      await until('connected', () => made.connection === 'live');
      const toldAt = performance.now();
      hub.goaway(400);
      await until('connected once more', () => hub.connectionsAt.length === 2);
      expect((hub.connectionsAt[1] as number) - toldAt).toBeGreaterThanOrEqual(395);
    });

    it('[FL11] spreads its coming back over as long again as it was told to wait', async () => {
      const made = await loggedIn({ random: () => 0.99 });
      await until('connected', () => made.connection === 'live');
      const toldAt = performance.now();
      hub.goaway(300);
      await until('connected once more', () => hub.connectionsAt.length === 2);
      expect((hub.connectionsAt[1] as number) - toldAt).toBeGreaterThanOrEqual(590);
    });

    it('[ID4] goes on under a new password, and stays as it is when the old one was wrong', async () => {
      const made = await loggedIn();
      const room = made.room('floor');
      await room.ready();
      await expect(made.changePassword('guess', 'another-pass-phrase')).rejects.toMatchObject({
        code: 'credentials_wrong',
      });
      expect(made.connection).toBe('live');
      const ended: unknown[] = [];
      made.onSession((session) => ended.push(session));
      await made.changePassword('demo', 'another-pass-phrase');
      hub.put('floor', 'seat:5', seat('5'));
      await until('connected once more', () => hub.connectionsAt.length === 2 && made.connection === 'live');
      await until('caught up', () => room.cards.has('seat:5'));
      expect(ended).toEqual([]);
    });

    it('comes back when the hub itself was away', async () => {
      const made = await loggedIn();
      const room = made.room('floor');
      await room.ready();
      const { url } = hub;
      const port = Number(new URL(url).port);
      await hub.stop();
      await until('offline', () => made.connection === 'offline');
      hub = await MiniHub.start(port);
      hub.put('floor', 'seat:5', seat('5'));
      hub.epoch = 'e2';
      // The hub that came back does not know the token: it is renewed by the way.
      await until('caught up', () => room.state === 'live' && room.cards.has('seat:5'));
    });
  });

  describe('commands', () => {
    const pay = { presence: 'ready' } as const;

    it('bring the answer of the hub, its refusals too', async () => {
      const made = await loggedIn();
      hub.carryOut = () => ({ ok: true, result: { presence: 'ready' } });
      const answer = await made.command('setPresence', pay);
      expect(answer).toEqual({ ok: true, result: { presence: 'ready' } });
      expect(hub.commands[0]).toMatchObject({ name: 'setPresence', payload: pay });
      expect(hub.commands[0]?.commandId).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      hub.carryOut = () => ({ ok: false, error: { code: 'no_seat', message: '没有坐席' } });
      expect(await made.command('setPresence', pay)).toMatchObject({ ok: false, error: { code: 'no_seat' } });
    });

    it('go out again with the same id after a cut, and take effect once [I7]', async () => {
      const made = await loggedIn();
      let carriedOut = 0;
      hub.carryOut = () => {
        carriedOut += 1;
        return { ok: true, result: { presence: 'ready' } };
      };
      hub.cutBeforeAnswer = 2;
      const answer = await made.command('setPresence', pay, { commandId: 'c1' });
      expect([answer.ok, carriedOut]).toEqual([true, 1]);
      expect(hub.commands.map(({ commandId }) => commandId)).toEqual(['c1', 'c1', 'c1']);
    });

    it('wait for the connection, in order, and over an outage', async () => {
      const made = await loggedIn();
      hub.passing = [{ code: 'unavailable', message: '请稍后再试' }];
      const all = ['a', 'b', 'c'].map((commandId) => made.command('setPresence', pay, { commandId }));
      expect((await Promise.all(all)).every(({ ok }) => ok)).toBe(true);
      const ids = hub.commands.map(({ commandId }) => commandId);
      expect(ids.slice(0, 3)).toEqual(['a', 'b', 'c']);
      expect(ids.filter((id) => id === 'a')).toHaveLength(2);
    });

    it('are refused at once when they are larger than the hub takes, connected or not', async () => {
      const made = await loggedIn();
      await until('connected', () => made.connection === 'live');
      const bytes = (call: object) => Buffer.byteLength(JSON.stringify([call]));
      const call = { name: 'settleListGap', commandId: 'c1', payload: { gapId: 'g', note: '' } } as const;
      const room = 64 * 1024 - bytes(call);
      const noted = (note: string) => made.command('settleListGap', { gapId: 'g', note }, { commandId: 'c1' });
      const tooLarge = { ok: false, error: { code: 'payload_too_large' } };

      expect(await noted('a'.repeat(room + 1))).toMatchObject(tooLarge);
      expect(await noted('字'.repeat(Math.floor(room / 3) + 1))).toMatchObject(tooLarge);
      expect(await noted('a'.repeat(2 * 1024 * 1024))).toMatchObject(tooLarge);
      expect([hub.commands, made.connection, hub.connectionsAt.length]).toEqual([[], 'live', 1]);
      expect(await noted('a'.repeat(room))).toMatchObject({ ok: true });
      await hub.stop();
      await until('the hub has gone', () => made.connection === 'offline');
      expect(await noted('a'.repeat(room + 1))).toMatchObject(tooLarge);
    });

    it('are never sent again after 7 days, when the hub has forgotten the id [I7]', async () => {
      let ticks = 0;
      const made = client({ time: new HubTime(() => ticks) });
      await made.login('u1', 'demo');
      await until('connected', () => made.connection === 'live');
      hub.passing = [{ code: 'unavailable', message: '请稍后再试' }];
      const answer = made.command('setPresence', pay);
      await until('it was sent', () => hub.commands.length === 1);
      ticks = 7 * 24 * 3_600_000 + 1;
      expect(await answer).toMatchObject({ ok: false, error: { code: 'unavailable' } });
      expect(hub.commands).toHaveLength(1);
    });

    it('are refused at once without a session, and given up when the user signs out', async () => {
      const made = client();
      expect(await made.command('setPresence', pay)).toMatchObject({ ok: false, error: { code: 'unauthenticated' } });
      await made.login('u1', 'demo');
      hub.passing = [{ code: 'unavailable', message: '请稍后再试' }];
      const answer = made.command('setPresence', pay);
      await until('it was sent', () => hub.commands.length === 1);
      made.logout();
      expect(await answer).toMatchObject({ ok: false, error: { code: 'unauthenticated' } });
    });
  });

  describe('session', () => {
    it('says why a login fails, the same for every reason of its own', async () => {
      const made = client();
      await expect(made.login('u1', 'wrong')).rejects.toMatchObject({ code: 'credentials_wrong', status: 401 });
      const nowhere = client({ url: 'http://127.0.0.1:9' });
      await expect(nowhere.login('u1', 'demo')).rejects.toMatchObject({ code: 'unavailable', status: 0 });
    });

    it('is renewed before it ends, over HTTP and on the socket', async () => {
      hub.tokenLifeMs = 1500;
      const made = await loggedIn();
      const first = made.session?.token;
      await until('renewed', () => hub.renewed.length > 0);
      expect(made.session?.token).not.toBe(first);
      expect(made.session?.token).toBe(hub.renewed.at(-1));
      expect(made.connection).toBe('live');
    });

    it('outlives a reload of the page, and ends when the hub says so', async () => {
      const kept = new Map<string, string>();
      const storage: SessionStorage = {
        getItem: (name) => kept.get(name) ?? null,
        setItem: (name, value) => kept.set(name, value),
        removeItem: (name) => kept.delete(name),
      };
      const before = client({ storage });
      await before.login('u1', 'demo');
      before.close();

      const after = client({ storage });
      const room = after.room('floor');
      await room.ready();
      expect(after.session?.actor.userId).toBe('u1');
      hub.put('floor', 'seat:1', seat('1'));
      await until('the card is here', () => room.cards.size === 1);

      const ended: unknown[] = [];
      after.onSession((session) => ended.push(session));
      hub.forgetTokens();
      hub.refreshRefused = true;
      hub.cutAll();
      await until('signed out', () => after.session === null);
      expect([ended, kept.size, room.cards.size, after.connection]).toEqual([[null], 0, 0, 'offline']);
    });

    it('from before is renewed at once, because the local clock may be wrong', async () => {
      const first = await (await loggedIn()).login('u1', 'demo');
      // Here it is last year: the session seems to live long.
      const made = client({
        time: new HubTime(
          () => performance.now(),
          () => hub.now - 365 * 24 * 3_600_000,
        ),
      });
      made.useSession(first);
      await until('renewed', () => made.session?.token !== first.token);
    });

    it('shows nothing of one user to the next', async () => {
      hub.put('floor', 'seat:1', seat('1'));
      const made = await loggedIn();
      const room = made.room('floor');
      await room.ready();
      hub.refusals.set('floor', FORBIDDEN);
      await made.login('u2', 'demo');
      expect(room.cards.size).toBe(0);
      await until('refused', () => room.state === 'refused');
    });
  });

  it('calls over HTTP with the token, renewing it once, and names what went wrong', async () => {
    const made = await loggedIn();
    hub.forgetTokens();
    expect(await made.http.get('/api/orders', { query: { state: 'handling', unitId: undefined } })).toMatchObject({
      method: 'GET',
      url: '/api/orders?state=handling',
    });
    expect(await made.http.post('/api/lists/units/import', 'a,b\n', { contentType: 'text/csv' })).toMatchObject({
      body: 'a,b\n',
      contentType: 'text/csv',
    });
    expect(await made.http.post('/x', { a: 1 })).toMatchObject({ body: '{"a":1}', contentType: 'application/json' });
    await expect(made.http.get('/gone')).rejects.toMatchObject({ code: 'unavailable', status: 502 });
  });

  it('knows the time of the hub, whatever the local clock says', async () => {
    hub.ahead = -40 * 24 * 3_600_000;
    const made = client({
      time: new HubTime(
        () => performance.now(),
        () => 0,
      ),
    });
    expect(made.hubNow()).toBe(0);
    await made.login('u1', 'demo');
    expect(Math.abs(made.hubNow() - hub.now)).toBeLessThan(1500);
    await until('connected', () => made.connection === 'live');
    hub.pulse();
    await until('the pulse is heard', () => Math.abs(made.hubNow() - hub.now) < 200);
  });
});
