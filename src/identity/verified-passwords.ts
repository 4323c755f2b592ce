import { createHmac, randomBytes } from 'node:crypto';

const KEPT_MS = 10 * 60_000;
const MOST = 1_000;

/**
 * Which passwords were found right a short while ago, so that 150 consoles of one shared demo password do not
 * cost half a second each. Safe, because:
 * only a right password is ever found here (a guess pays in full each time); an entry is bound to the stored hash,
 * so a changed password has none; what is kept is a digest under a key that never leaves this process's memory
 * and dies with it; and it is few and short-lived.
 */
export class VerifiedPasswords {
  private readonly key = randomBytes(32);
  private readonly until = new Map<string, number>();

  mark(hash: string, password: string): string {
    return createHmac('sha256', this.key).update(hash).update('\0').update(password).digest('base64');
  }

  has(mark: string, now: number): boolean {
    const until = this.until.get(mark);
    if (until === undefined) return false;
    if (now < until) return true;
    this.until.delete(mark);
    return false;
  }

  add(mark: string, now: number): void {
    this.until.delete(mark);
    this.until.set(mark, now + KEPT_MS);
    for (const oldest of this.until.keys()) {
      if (this.until.size <= MOST) break;
      this.until.delete(oldest);
    }
  }
}
