import { FakeClock } from '../../test/support/fake-clock.js';
import { type IdentityKit, openIdentityKit } from '../../test/support/identity-kit.js';
import { VerifiedPasswords } from './verified-passwords.js';
import { WorkLimit } from './work-limit.js';

describe('password hashes', () => {
  let kit: IdentityKit;
  beforeAll(async () => {
    kit = await openIdentityKit();
  });
  afterAll(() => kit.close());

  it('[ID1] have their own salt and tell their cost', async () => {
    const [one, two] = [await kit.passwords.hash('correct horse'), await kit.passwords.hash('correct horse')];
    expect(one).toMatch(/^scrypt\$14\$8\$1\$/);
    expect(one).not.toBe(two);
    expect(await kit.passwords.verify('correct horse', one)).toBe(true);
    expect(await kit.passwords.verify('correct horse', two)).toBe(true);
    expect(await kit.passwords.verify('correct horsf', one)).toBe(false);
  });

  it('are the same for the same text however its characters are composed', async () => {
    const hash = await kit.passwords.hash('caf\u00e9-\uff11\uff12');
    expect(await kit.passwords.verify('cafe\u0301-12', hash)).toBe(true);
  });

  it('of an unknown form are a fault, not a wrong password', async () => {
    await expect(kit.passwords.verify('x', 'md5$abc')).rejects.toThrow('not of the known form');
  });
});

describe('passwords found right a short while ago', () => {
  const clock = new FakeClock();
  const verified = new VerifiedPasswords();
  const mark = verified.mark('hash', 'right');

  it('[ID1] are known for ten minutes, for the same hash only', () => {
    verified.add(mark, clock.now());
    clock.advance(10 * 60_000 - 1);
    expect(verified.has(mark, clock.now())).toBe(true);
    expect(verified.has(verified.mark('new hash', 'right'), clock.now())).toBe(false);
    expect(verified.has(verified.mark('hash', 'wrong'), clock.now())).toBe(false);
    clock.advance(1);
    expect(verified.has(mark, clock.now())).toBe(false);
  });

  it('are at most a thousand, the latest', () => {
    for (let n = 0; n < 1_001; n++) verified.add(`mark ${n}`, clock.now());
    expect(verified.has('mark 0', clock.now())).toBe(false);
    expect(verified.has('mark 1', clock.now())).toBe(true);
    expect(verified.has('mark 1000', clock.now())).toBe(true);
  });

  it('are marked under a key of the process', () => {
    expect(new VerifiedPasswords().mark('hash', 'right')).not.toBe(mark);
  });
});

describe('heavy work', () => {
  it('runs two at once, lets some wait, turns the rest away, and goes on after a failure', async () => {
    const limit = new WorkLimit(2, 2, () => new Error('too many'));
    const ends: (() => void)[] = [];
    let running = 0;
    let most = 0;
    const work = (fails: boolean) =>
      limit.run(async () => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => ends.push(resolve));
        running--;
        if (fails) throw new Error('broken');
        return 'done';
      });
    const all = [work(true), work(false), work(false), work(false), work(false)];
    await expect(all[4]).rejects.toThrow('too many');
    const settled = Promise.allSettled(all);
    for (let ended = 0; ended < 4; ended++) {
      while (ends.length === 0) await new Promise((resolve) => setImmediate(resolve));
      ends.shift()!();
    }
    expect((await settled).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect(most).toBe(2);
    const later = limit.run(async () => 'free again');
    expect(await later).toBe('free again');
  });
});
