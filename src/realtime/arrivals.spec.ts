import type { Authenticated } from '../identity/authentication.js';
import type { TokenClaims } from '../identity/tokens.js';
import { Arrivals } from './arrivals.js';

const claimsOf = (n: number): TokenClaims => ({ userId: `user${n}`, expiresAt: 0, passwordVersion: 1 });
const known = (claims: TokenClaims) => ({ ...claims, hubExpiresAt: 0 }) as Authenticated;

describe('[LD3] those who arrive', () => {
  it('are looked up together, and each is told of itself', async () => {
    const looks: number[] = [];
    const arrivals = new Arrivals(async (all) => {
      looks.push(all.length);
      await Promise.resolve();
      return all.map((claims) => (claims.userId === 'user7' ? undefined : known(claims)));
    });
    const found = await Promise.all(Array.from({ length: 100 }, (_, n) => arrivals.whoIs(claimsOf(n))));
    expect(found.map((who) => who?.userId)).toEqual(
      Array.from({ length: 100 }, (_, n) => (n === 7 ? undefined : `user${n}`)),
    );
    expect(looks.length).toBeLessThanOrEqual(10);
    expect(Math.max(...looks)).toBeLessThanOrEqual(16);
    expect((await arrivals.whoIs(claimsOf(100)))?.userId).toBe('user100');
  });

  it('fail together when the database does, and nobody else', async () => {
    let looks = 0;
    const arrivals = new Arrivals(async (all) => {
      looks += 1;
      if (looks === 3) throw new Error('it went away');
      return all.map(known);
    });
    const found = await Promise.allSettled(Array.from({ length: 40 }, (_, n) => arrivals.whoIs(claimsOf(n))));
    const failed = found.filter(({ status }) => status === 'rejected').length;
    expect(failed).toBeGreaterThan(0);
    expect(failed).toBeLessThanOrEqual(16);
  });

  it('do not wait for one look that stands still', async () => {
    let go: () => void = () => undefined;
    const stands = new Promise<void>((over) => (go = over));
    const arrivals = new Arrivals(async (all) => {
      if (all.some(({ userId }) => userId === 'user0')) await stands;
      return all.map(known);
    });
    const first = arrivals.whoIs(claimsOf(0));
    const others = await Promise.all(Array.from({ length: 50 }, (_, n) => arrivals.whoIs(claimsOf(n + 1))));
    expect(others).toHaveLength(50);
    go();
    expect((await first)?.userId).toBe('user0');
  });
});
