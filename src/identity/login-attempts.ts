import { createHmac } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { HubException } from '../commands/hub-exception.js';
import { Clock } from '../config/clock.js';
import { Policy } from '../config/policy.js';
import type { NumberKey } from '../config/policy-keys.js';
import { Settings } from '../config/settings.js';
import { type Tx, UnitOfWork } from '../storage/unit-of-work.js';

/** `pair`: an account from one address. */
type Scope = 'pair' | 'account' | 'address';
interface Counted {
  scope: Scope;
  subject: string;
  limit: number;
}

/** One try to log in, counted as a failure until it is forgiven. */
export interface Attempt {
  readonly counted: readonly Counted[];
}

/**
 * Failed logins per account from one address, per account from wherever, and per address. The first limit is what guessing
 * meets; that of the account is far higher, because whoever reaches it keeps its owner out too. Counted before the password is looked at, so that guesses made
 * at the same time cannot slip through together; a success takes its own count back. Names are kept as keyed
 * digests: people type passwords into the wrong field. Rows end with their window, so they stay as few as the
 * addresses' limit allows. [ID2]
 */
@Injectable()
export class LoginAttempts {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly policy: Policy,
    private readonly settings: Settings,
  ) {}

  /** @throws {HubException} `too_many_attempts`, with the seconds after which the next try counts */
  async begin(username: string, address: string): Promise<Attempt> {
    const network = networkOf(address);
    const counts = (scope: Scope, what: string, limit: NumberKey): Counted => ({
      scope,
      subject: this.digest(what),
      limit: this.policy.number(limit),
    });
    const counted = [
      counts('pair', `${username}\0${network}`, 'login.failuresPerPair'),
      counts('account', username, 'login.failuresPerAccount'),
      counts('address', network, 'login.failuresPerAddress'),
    ];
    const waitMs = await this.unitOfWork.run((tx) => this.count(tx, counted));
    if (waitMs > 0) {
      const retryAfterSeconds = Math.ceil(waitMs / 1000);
      const minutes = Math.ceil(retryAfterSeconds / 60);
      throw new HubException('too_many_attempts', `登录失败次数过多，请在 ${minutes} 分钟后再试`, {
        retryAfterSeconds,
        clause: 'ID2',
      });
    }
    return { counted };
  }

  /**
   * The password was right, or was never looked at. A right one takes back all that failed for the account from there,
   * and nothing of what others tried.
   */
  async forgive(attempt: Attempt, passwordWasRight: boolean): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const [pair] = attempt.counted;
      const earlier = passwordWasRight && pair ? await this.failures(tx, pair) : 1;
      for (const counted of attempt.counted) {
        await this.takeBack(tx, counted, counted.scope === 'address' ? 1 : Math.max(1, earlier));
      }
    });
  }

  private async failures(tx: Tx, { scope, subject }: Counted): Promise<number> {
    const row = await tx.one<{ failures: number }>(
      `SELECT failures FROM login_failure WHERE scope = ? AND subject = ?${tx.forUpdate}`,
      [scope, subject],
    );
    return row?.failures ?? 0;
  }

  private async takeBack(tx: Tx, { scope, subject }: Counted, failures: number): Promise<void> {
    await tx.run('DELETE FROM login_failure WHERE scope = ? AND subject = ? AND failures <= ?', [
      scope,
      subject,
      failures,
    ]);
    await tx.run('UPDATE login_failure SET failures = failures - ? WHERE scope = ? AND subject = ?', [
      failures,
      scope,
      subject,
    ]);
  }

  /** Answers 0 and counts, or answers how many ms are left of a full window and leaves the counts alone. */
  private async count(tx: Tx, counted: readonly Counted[]): Promise<number> {
    const now = this.clock.now();
    const windowMs = this.policy.number('login.windowMinutes') * 60_000;
    await tx.run('DELETE FROM login_failure WHERE since <= ?', [now - windowMs]);
    const waits: number[] = [];
    for (const { scope, subject, limit } of counted) {
      const row = await tx.one<{ failures: number; since: number }>(
        `SELECT failures, since FROM login_failure WHERE scope = ? AND subject = ?${tx.forUpdate}`,
        [scope, subject],
      );
      if (row && row.failures >= limit) waits.push(row.since + windowMs - now);
    }
    if (waits.length) return Math.max(...waits);
    for (const { scope, subject } of counted) {
      if (!(await tx.insertIfAbsent('login_failure', { scope, subject, failures: 1, since: now }))) {
        await tx.run('UPDATE login_failure SET failures = failures + 1 WHERE scope = ? AND subject = ?', [
          scope,
          subject,
        ]);
      }
    }
    return 0;
  }

  private digest(text: string): string {
    return createHmac('sha256', this.settings.secrets.digestKey).update(`login\0${text}`).digest('hex');
  }
}

/** A caller with IPv6 owns a whole /64; an IPv4 address in IPv6 form is the same caller. */
export function networkOf(address: string): string {
  const v4 = address.replace(/^::ffff:/i, '');
  if (isIPv4(v4)) return v4;
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  const whole = [...groups, ...Array<string>(zeros).fill('0'), ...rest];
  return whole
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
