import { HubException } from '../commands/hub-exception.js';
import { type IdentityKit, openIdentityKit, PASSWORD } from '../../test/support/identity-kit.js';
import { networkOf } from './login-attempts.js';

const HOME = '10.0.0.7';
const MINUTE = 60_000;

describe('login', () => {
  let kit: IdentityKit;
  beforeEach(async () => {
    kit = await openIdentityKit({
      policy: { 'login.failuresPerPair': 3, 'login.failuresPerAccount': 5, 'login.failuresPerAddress': 6 },
    });
    await kit.addUser('clerk', { name: '联络员', roles: ['unit_clerk'], unitId: 'U1', seatId: 'S1' });
  });
  afterEach(() => kit.close());

  const enter = (username = 'clerk', password = PASSWORD, address = HOME) =>
    kit.logins.login(username, password, address);
  async function refusal(attempt: Promise<unknown>): Promise<HubException> {
    const outcome = await attempt.catch((error: unknown) => error);
    if (outcome instanceof HubException) return outcome;
    throw new Error('it was not refused');
  }
  const failures = () =>
    kit.readModel.run((tx) =>
      tx.all<{ scope: string; failures: number }>('SELECT scope, failures FROM login_failure ORDER BY scope'),
    );

  it('gives a token for some minutes and says who one is', async () => {
    const session = await enter();
    expect(session).toEqual({
      token: expect.any(String),
      expiresAt: kit.clock.now() + 15 * MINUTE,
      actor: { userId: 'clerk', name: '联络员', roles: ['unit_clerk'], unitId: 'U1', seatId: 'S1' },
    });
    expect(await kit.authentication.byToken(session.token)).toMatchObject({ actor: session.actor });
  });

  it('[ID1] answers the same to an unknown name, a closed account and a wrong password', async () => {
    await kit.addUser('closed', { active: false });
    const answers = [
      await refusal(enter('nobody')),
      await refusal(enter('closed')),
      await refusal(enter('clerk', 'x')),
    ];
    expect(new Set(answers.map(({ error }) => JSON.stringify(error))).size).toBe(1);
    expect(answers[0]!.error).toEqual({ code: 'credentials_wrong', message: '用户名或密码不对' });
  });

  it('[ID1] does the slow work for a name that nobody has', async () => {
    const verified: (string | undefined)[] = [];
    const verify = kit.passwords.verify.bind(kit.passwords);
    kit.passwords.verify = (password, hash) => {
      verified.push(hash);
      return verify(password, hash);
    };
    await refusal(enter('nobody'));
    expect(verified).toEqual([undefined]);
    expect(await verify(PASSWORD, undefined)).toBe(false);
  });

  describe('under another cost of passwords', () => {
    const hashOf = async (userId: string) =>
      (await kit.readModel.run((tx) => kit.accounts.passwordHashes(tx, [userId]))).get(userId)!;

    it.each([15, 16])(
      '[ID1] hashes a password anew at its next right use, so that all cost the same (%i)',
      async (cost) => {
        const logins = kit.loginsAtCost(cost);
        const [old, token] = [await hashOf('clerk'), (await enter()).token];
        await refusal(logins.login('clerk', 'wrong', HOME));
        expect(await hashOf('clerk')).toBe(old);
        await logins.login('clerk', PASSWORD, HOME);
        const anew = await hashOf('clerk');
        expect(anew).toMatch(new RegExp(`^scrypt\\$${cost}\\$`));
        expect(await kit.authentication.byToken(token)).toBeDefined();
        await logins.login('clerk', PASSWORD, HOME);
        expect(await hashOf('clerk')).toBe(anew);
        expect((await refusal(logins.login('clerk', 'wrong', HOME))).error.code).toBe('credentials_wrong');
        expect(await kit.events()).toEqual([]);
      },
    );

    it('[ID1][ID7] hashes what demo accounts share once for all of them', async () => {
      const shared = await hashOf('clerk');
      await kit.unitOfWork.run(async (tx) => {
        await kit.hubSettings.set(tx, 'demo.passwordHash', shared);
        for (const userId of ['demo1', 'demo2', 'demo3']) {
          const account = { userId, name: userId, roles: [], unitId: null, seatId: null, active: true, demo: true };
          await kit.accounts.add(tx, account, shared);
        }
      });
      const logins = kit.loginsAtCost(15);
      await Promise.all(['demo1', 'demo2'].map((name) => logins.login(name, PASSWORD, HOME)));
      const anew = await hashOf('demo1');
      expect(anew).toMatch(/^scrypt\$15\$/);
      expect([await hashOf('demo2'), await hashOf('demo3')]).toEqual([anew, anew]);
      expect(await kit.readModel.run((tx) => kit.hubSettings.get(tx, 'demo.passwordHash'))).toBe(anew);
    });
  });

  it('[ID2] keeps a stranger who guesses out, and the owner of the account not', async () => {
    const stranger = '10.0.9.9';
    for (let n = 0; n < 3; n++) await refusal(enter('clerk', 'x', stranger));
    expect((await refusal(enter('clerk', PASSWORD, stranger))).error).toMatchObject({
      code: 'too_many_attempts',
      clause: 'ID2',
    });
    await refusal(enter('clerk', 'x'));
    expect((await enter()).actor.userId).toBe('clerk');
    // What the stranger tried is not taken back by the owner's coming in.
    expect(await failures()).toContainEqual({ scope: 'account', failures: 3 });
  });

  it('[ID2] lets an account be tried only so often, from wherever, until the window ends', async () => {
    for (const host of [1, 2, 3, 4, 5]) {
      expect((await refusal(enter('clerk', 'x', `10.0.1.${host}`))).error.code).toBe('credentials_wrong');
      kit.clock.advance(MINUTE);
    }
    const refused = await refusal(enter('clerk', PASSWORD, '10.0.1.9'));
    expect(refused.error).toMatchObject({ code: 'too_many_attempts', clause: 'ID2' });
    expect(refused.retryAfterSeconds).toBe(10 * 60);
    kit.clock.advance(10 * MINUTE - 1);
    expect((await refusal(enter())).retryAfterSeconds).toBe(1);
    kit.clock.advance(1);
    expect((await enter()).actor.userId).toBe('clerk');
  });

  it('[ID2] lets an address try only so often, whatever the names', async () => {
    for (let n = 0; n < 6; n++) await refusal(enter(`name${n}`));
    expect((await refusal(enter())).error.code).toBe('too_many_attempts');
    expect((await enter('clerk', PASSWORD, '10.0.0.8')).actor.userId).toBe('clerk');
  });

  it('[ID2] lets no more through when the guesses come at once', async () => {
    const codes = await Promise.all(
      Array.from(
        { length: 8 },
        async (_, n) => (await refusal(enter('clerk', `guess ${n}`, `10.0.2.${n}`))).error.code,
      ),
    );
    expect(codes.filter((code) => code === 'credentials_wrong')).toHaveLength(5);
  });

  describe('[ID2] from one address at the same time', () => {
    let centre: IdentityKit;
    beforeEach(async () => {
      centre = await openIdentityKit({
        policy: { 'login.failuresPerPair': 3, 'login.failuresPerAddress': 6, 'login.atOncePerAddress': 20 },
      });
      await centre.addUser('agent0');
      const hash = (await centre.readModel.run((tx) => centre.accounts.passwordHashes(tx, ['agent0']))).get('agent0')!;
      await centre.unitOfWork.run(async (tx) => {
        for (let n = 1; n < 25; n++) {
          const account = { userId: `agent${n}`, name: `agent${n}`, roles: [], unitId: null, seatId: null };
          await centre.accounts.add(tx, { ...account, active: true, demo: false }, hash);
        }
      });
    });
    afterEach(() => centre.close());

    const all = (count: number, password: (n: number) => string) =>
      Promise.allSettled(Array.from({ length: count }, (_, n) => centre.logins.login(`agent${n}`, password(n), HOME)));
    const errorsOf = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
      outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as HubException] : []));

    it('a whole shift logs in, more people than may fail', async () => {
      expect(errorsOf(await all(20, () => PASSWORD))).toEqual([]);
      expect(await centre.readModel.run((tx) => tx.all('SELECT * FROM login_failure'))).toEqual([]);
    });

    it('no more are looked at than may be; the rest come again in seconds, and nobody is charged for them', async () => {
      const turnedAway = errorsOf(await all(25, () => PASSWORD));
      expect(turnedAway.map(({ error, retryAfterSeconds }) => [error.code, error.clause, retryAfterSeconds])).toEqual(
        Array(5).fill(['too_many_requests', 'ID2', 5]),
      );
      expect(errorsOf(await all(20, () => PASSWORD))).toEqual([]);
    });

    it('guesses are as few as may be looked at at once, and then none until the window ends', async () => {
      const codes = errorsOf(await all(25, (n) => `guess ${n}`)).map(({ error }) => error.code);
      expect(codes.filter((code) => code === 'credentials_wrong')).toHaveLength(20);
      expect(errorsOf(await all(5, () => PASSWORD)).map(({ error }) => error.code)).toEqual(
        Array(5).fill('too_many_attempts'),
      );
      centre.clock.advance(15 * MINUTE);
      expect(errorsOf(await all(5, () => PASSWORD))).toEqual([]);
    });

    it('what could not be looked at leaves its place, and is charged to nobody', async () => {
      const verify = centre.passwords.verify.bind(centre.passwords);
      centre.passwords.verify = () => Promise.reject(new Error('no memory'));
      expect(errorsOf(await all(20, () => PASSWORD)).map(({ message }) => message)).toEqual(
        Array(20).fill('no memory'),
      );
      centre.passwords.verify = verify;
      expect(errorsOf(await all(20, () => PASSWORD))).toEqual([]);
    });
  });

  it('[ID2] takes a success back out of both counts', async () => {
    await refusal(enter('clerk', 'x'));
    await refusal(enter('clerk', 'x'));
    await enter();
    expect(await failures()).toEqual([{ scope: 'address', failures: 2 }]);
    await refusal(enter('clerk', 'x'));
    expect((await enter()).actor.userId).toBe('clerk');
  });

  it('[ID2] keeps no names, and no rows longer than their window', async () => {
    await refusal(enter('my-secret-typed-in-the-wrong-field'));
    const rows = await kit.readModel.run((tx) => tx.all('SELECT * FROM login_failure'));
    expect(rows).toHaveLength(3);
    expect(JSON.stringify(rows)).not.toMatch(/my-secret|10\.0\.0\.7/);
    kit.clock.advance(15 * MINUTE);
    await refusal(enter('clerk', 'x'));
    expect(await failures()).toEqual([
      { scope: 'account', failures: 1 },
      { scope: 'address', failures: 1 },
      { scope: 'pair', failures: 1 },
    ]);
  });

  it('counts a caller by the network that it owns', () => {
    expect(networkOf('::ffff:10.1.2.3')).toBe('10.1.2.3');
    expect(networkOf('2001:db8:0:12::1')).toBe(networkOf('2001:0db8:0000:0012:ffff:ffff:ffff:ffff'));
    expect(networkOf('2001:db8:0:12::1')).not.toBe(networkOf('2001:db8:0:13::1'));
    expect(networkOf('::1')).toBe('0:0:0:0');
    expect(networkOf('fe80::1%eth0')).toBe(networkOf('fe80::2'));
  });

  describe('tokens', () => {
    it('[ID3] end after their minutes', async () => {
      const { token, expiresAt } = await enter();
      kit.clock.advance(expiresAt - kit.clock.now() - 1);
      expect(await kit.authentication.byToken(token)).toBeDefined();
      kit.clock.advance(1);
      expect(await kit.authentication.byToken(token)).toBeUndefined();
      expect((await refusal(kit.logins.refresh(token))).error.code).toBe('unauthenticated');
    });

    it('[ID3] are renewed while they hold', async () => {
      const { token } = await enter();
      kit.clock.advance(10 * MINUTE);
      const renewed = await kit.logins.refresh(token);
      kit.clock.advance(10 * MINUTE);
      expect(await kit.authentication.byToken(token)).toBeUndefined();
      expect(await kit.authentication.byToken(renewed.token)).toMatchObject({ userId: 'clerk' });
    });

    it('[ID3] of another maker, changed, or without a signature are worth nothing', async () => {
      const { token } = await enter();
      const [head, body, signature] = token.split('.') as [string, string, string];
      const other = await openIdentityKit();
      const forged = await other.tokens.issue('clerk', kit.clock.now());
      await other.close();
      const admin = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
      const changed = Buffer.from(JSON.stringify({ ...admin, sub: 'admin' })).toString('base64url');
      const none = Buffer.from('{"alg":"none"}').toString('base64url');
      for (const bad of [
        forged.token,
        `${head}.${changed}.${signature}`,
        `${none}.${body}.`,
        '',
        'a.b.c',
        'x'.repeat(999),
      ]) {
        expect(await kit.tokens.verify(bad, kit.clock.now())).toBeUndefined();
      }
    });

    it('[ID3] say only who: rights are as the database has them now', async () => {
      const { token } = await enter();
      await kit.unitOfWork.run((tx) =>
        tx.run(`UPDATE user_account SET roles = '["handler"]', unit_id = 'U2' WHERE user_id = 'clerk'`),
      );
      expect(await kit.authentication.byToken(token)).toMatchObject({ actor: { roles: ['handler'], unitId: 'U2' } });
      await kit.unitOfWork.run((tx) => tx.run(`UPDATE user_account SET active = 0 WHERE user_id = 'clerk'`));
      expect(await kit.authentication.byToken(token)).toBeUndefined();
    });
  });

  describe('a new password', () => {
    const NEW = 'another battery 7';
    const change = async (from: string, to: string) =>
      kit.logins.changeOwnPassword((await kit.readModel.run((tx) => kit.people.actor(tx, 'clerk')))!, from, to, HOME);

    it('[ID4] ends the tokens given under the old one', async () => {
      const before = await enter();
      const after = await change(PASSWORD, NEW);
      expect(await kit.authentication.byToken(before.token)).toBeUndefined();
      expect(await kit.authentication.byToken(after.token)).toMatchObject({ userId: 'clerk' });
      expect((await refusal(enter())).error.code).toBe('credentials_wrong');
      expect((await enter('clerk', NEW)).actor.userId).toBe('clerk');
      expect(await kit.events()).toMatchObject([{ type: 'identity.password_changed', data: { userId: 'clerk' } }]);
    });

    it('[ID4] needs the old one, and counts wrong ones', async () => {
      for (let n = 0; n < 3; n++) {
        expect((await refusal(change('x', NEW))).error).toMatchObject({
          code: 'credentials_wrong',
          field: 'oldPassword',
        });
      }
      expect((await refusal(change(PASSWORD, NEW))).error.code).toBe('too_many_attempts');
    });

    it.each([
      ['short', 'a b c d 1'],
      ["the demo's", 'demo'],
      ["the user's name in it", 'my-CLERK-name-1'],
      ['one letter again and again', 'aaaaaaaaaaaaab'],
    ])('[ID4] may not be %s', async (_why, password) => {
      expect((await refusal(change(PASSWORD, password))).error).toMatchObject({
        code: 'password_too_weak',
        field: 'newPassword',
        clause: 'ID4',
      });
    });

    it('[ID4] is set once when two set one at the same time', async () => {
      const outcomes = await Promise.allSettled([change(PASSWORD, NEW), change(PASSWORD, 'yet another one 5')]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });
  });
});
