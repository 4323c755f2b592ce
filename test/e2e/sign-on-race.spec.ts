import { randomUUID } from 'node:crypto';
import { CommandBus } from '../../src/commands/command-bus.js';
import type { Origin } from '../../src/event-log/event-log.js';
import { AccountStore } from '../../src/identity/account-store.js';
import { SYSTEM } from '../../src/identity/actor.js';
import { Seating } from '../../src/identity/seating.js';
import { SeatLedger } from '../../src/queues/seat-ledger.js';
import { ReadModel, UnitOfWork } from '../../src/storage/unit-of-work.js';
import { Caller } from '../support/caller.js';
import { startHub, type TestHub } from '../support/hub.js';
import { lentDatabases } from '../support/profile.js';
import { until } from '../support/until.js';

describe('a hub whose transactions run beside each other', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub({ profile: 'cluster' });
  });
  afterAll(() => hub?.stop());

  const read = <T extends object>(sql: string, ...params: string[]): Promise<T[]> =>
    hub.app.get(ReadModel).run((tx) => tx.all<T>(sql, params));

  it('[ID3] does not give back a right that was taken away while its owner sat down elsewhere', async () => {
    const agent = await Caller.login(hub.url, 'agent001');
    const accounts = hub.app.get(AccountStore, { strict: false });
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let changed = false;
    const taking = hub.app.get(UnitOfWork).run(async (tx) => {
      await accounts.lock(tx);
      const account = (await accounts.find(tx, 'agent001'))!;
      await accounts.changeRights(tx, origin(), account, { ...account, roles: ['follow_up_agent'] });
      changed = true;
      await held;
    });
    await until('the right to be taken, but not yet for good', () => changed);
    const sitting = sitDown(agent, 'A650');
    await until('the sign-on to wait for it', waiting).finally(goOn);
    await taking;
    await sitting;
    expect(await read('SELECT roles FROM user_account WHERE user_id = ?', 'agent001')).toEqual([
      { roles: '["follow_up_agent"]' },
    ]);
    // Nor does the seat serve what its owner no longer does.
    expect(await read('SELECT queues FROM seat WHERE seat_id = ?', 'A650')).toEqual([{ queues: '|callback|' }]);
  });

  it('[PS5] seats one person once who sits down at two seats in the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const user = `agent01${round}`;
      const tabs = await Promise.all([Caller.login(hub.url, user), Caller.login(hub.url, user)]);
      await Promise.all(tabs.map((tab, n) => sitDown(tab, `A6${n}${round}`)));
      const seats = await read('SELECT seat_id FROM seat WHERE user_id = ? AND presence <> ?', user, 'offline');
      expect(seats).toHaveLength(1);
    }
  });

  it('[PS5] seats one person once who sits down at the own seat and signs on at another in the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const user = `agent02${round}`;
      const [one, other] = await Promise.all([Caller.login(hub.url, user), Caller.login(hub.url, user)]);
      await Promise.all([sitDown(one, `A66${round}`), beReady(other)]);
      const seats = await read('SELECT seat_id FROM seat WHERE user_id = ? AND presence <> ?', user, 'offline');
      // And it is theirs.
      expect(seats).toEqual(await read('SELECT seat_id FROM user_account WHERE user_id = ?', user));
    }
  });

  it('[PS5] lets people sit down beside each other, and one of two at the same seat', async () => {
    const accounts = hub.app.get(AccountStore, { strict: false });
    const work = hub.app.get(UnitOfWork);
    await work.run(async (tx) => {
      await accounts.lockFor(tx, 'agent040');
      await work.run((other) => accounts.lockFor(other, 'agent041'));
    });
    for (let round = 0; round < 10; round += 1) {
      const users = [`agent05${round}`, `agent06${round}`];
      const people = await Promise.all(users.map((user) => Caller.login(hub.url, user)));
      const seatId = `A68${round}`;
      await Promise.all([...people.map((person) => sitDown(person, seatId)), sitDown(people[0]!, `A69${round}`)]);
      const sitting = await read<{ seat_id: string; user_id: string }>(
        `SELECT seat_id, user_id FROM seat WHERE presence <> 'offline' AND user_id IN (?, ?) ORDER BY user_id`,
        ...users,
      );
      expect(new Set(sitting.map(({ user_id }) => user_id)).size).toBe(sitting.length);
      const owners = 'SELECT seat_id, user_id FROM user_account WHERE seat_id IN (?, ?)';
      expect(await read(owners, seatId, `A69${round}`)).toEqual(expect.arrayContaining(sitting));
      expect(await read(owners, seatId, seatId)).toHaveLength(sitting.filter((one) => one.seat_id === seatId).length);
    }
  });

  it('[QS4] leaves signed on who signs on at another seat while their rights are looked at again', async () => {
    const agent = await Caller.login(hub.url, 'agent030');
    // Both seats were theirs, and are looked at in this order.
    for (const seatId of ['A670', 'A030']) await sitDown(agent, seatId);
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let locked = false;
    const moving = hub.app.get(UnitOfWork).run(async (tx) => {
      const { app } = hub;
      const seating = app.get(Seating, { strict: false });
      const seats = app.get(SeatLedger, { strict: false });
      const context = { tx, actor: SYSTEM, now: Date.now(), origin: origin(), repeated: false };
      const { userId, roles } = (await seating.lock(tx, 'agent030'))!;
      await seats.sitDown(context, { seatId: 'A670', userId, roles, shift: null });
      await seating.move(tx, context.origin, userId, 'A670');
      locked = true;
      await held;
    });
    await until('the other seat to be taken, but not yet for good', () => locked);
    const review = hub.app
      .get(CommandBus)
      .execute(SYSTEM, { name: 'reviewSeats', commandId: randomUUID(), payload: { userId: 'agent030' } });
    await until('the look at the seats to wait for it', waiting).finally(goOn);
    await moving;
    expect(await review).toMatchObject({ ok: true });
    const seats = await read('SELECT seat_id FROM seat WHERE user_id = ? AND presence <> ?', 'agent030', 'offline');
    expect(seats).toEqual([{ seat_id: 'A670' }]);
  });

  const sitDown = (who: Caller, seatId: string) =>
    who.post('/api/commands', { name: 'signOn', commandId: randomUUID(), payload: { seatId, takeOver: true } });
  const beReady = (who: Caller) =>
    who.post('/api/commands', { name: 'setPresence', commandId: randomUUID(), payload: { presence: 'ready' } });
  const origin = (): Origin => ({
    actorId: 'admin',
    commandId: randomUUID(),
    causationId: null,
    recordedAt: Date.now(),
  });
  const waiting = async (): Promise<boolean> => {
    const { server } = await lentDatabases();
    const held = /^(UPDATE hub_setting|UPDATE user_account|SELECT \* FROM seat WHERE seat_id)/;
    return (await server.say('SHOW PROCESSLIST')).some(
      ({ Info, Time }) => held.test(String(Info)) && Number(Time) >= 1,
    );
  };
});
