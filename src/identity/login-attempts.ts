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

/** What somebody who logs in from somewhere is counted under. */
interface Attempt {
  pair: Counted;
  account: Counted;
  address: Counted;
}

/** What is said, too, when too many passwords wait to be looked at. */
const COME_AGAIN_SECONDS = 5;

/**
 * Failed logins per account from one address, per account from wherever, and per address. The first limit is what
 * guessing meets; that of the account is far higher, because whoever reaches it keeps its owner out too. Both are
 * counted before the password is looked at, so that guesses made at the same time cannot slip through together; what
 * was right takes its own count back. An address is charged once the password was wrong, because at a change of shifts
 * hundreds of right ones come at once from behind one address; what is in flight from it has a limit of its own, on
 * each node, and by so much guesses at many accounts may go beyond the address's failures. Names are kept as keyed
 * digests: people type passwords into the wrong field. Rows end with their window, so they stay as few as the
 * addresses' limits allow. [ID2]
 */
@Injectable()
export class LoginAttempts {
  /** By address. It ends with the node, as do the passwords that it was looking at. */
  private readonly inFlight = new Map<string, number>();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly policy: Policy,
    private readonly settings: Settings,
  ) {}

  /**
   * One try to log in: `look` answers who it is, and `undefined` when the password is wrong. What could not be looked
   * at is nobody's failure.
   * @throws {HubException} `too_many_attempts`, with the seconds after which the next try counts; `too_many_requests`
   */
  async make<T>(username: string, address: string, look: () => Promise<T | undefined>): Promise<T | undefined> {
    const network = networkOf(address);
    this.enter(network);
    try {
      const attempt = this.attempt(username, network);
      await this.begin(attempt);
      const found = await look().catch(async (error: unknown) => {
        await this.forgive(attempt, false);
        throw error;
      });
      if (found === undefined) await this.unitOfWork.run((tx) => this.add(tx, attempt.address));
      else await this.forgive(attempt, true);
      return found;
    } finally {
      this.leave(network);
    }
  }

  private enter(network: string): void {
    const others = this.inFlight.get(network) ?? 0;
    if (others >= this.policy.number('login.atOncePerAddress')) {
      throw new HubException('too_many_requests', `同时登录的人过多，请在 ${COME_AGAIN_SECONDS} 秒后再试`, {
        retryAfterSeconds: COME_AGAIN_SECONDS,
        clause: 'ID2',
      });
    }
    this.inFlight.set(network, others + 1);
  }

  private leave(network: string): void {
    const others = (this.inFlight.get(network) ?? 0) - 1;
    if (others > 0) this.inFlight.set(network, others);
    else this.inFlight.delete(network);
  }

  private attempt(username: string, network: string): Attempt {
    const counts = (scope: Scope, what: string, limit: NumberKey): Counted => ({
      scope,
      subject: this.digest(what),
      limit: this.policy.number(limit),
    });
    return {
      pair: counts('pair', `${username}\0${network}`, 'login.failuresPerPair'),
      account: counts('account', username, 'login.failuresPerAccount'),
      address: counts('address', network, 'login.failuresPerAddress'),
    };
  }

  private async begin(attempt: Attempt): Promise<void> {
    const waitMs = await this.unitOfWork.run((tx) => this.count(tx, attempt));
    if (waitMs === 0) return;
    const retryAfterSeconds = Math.ceil(waitMs / 1000);
    const minutes = Math.ceil(retryAfterSeconds / 60);
    throw new HubException('too_many_attempts', `登录失败次数过多，请在 ${minutes} 分钟后再试`, {
      retryAfterSeconds,
      clause: 'ID2',
    });
  }

  /**
   * The password was right, or was never looked at. A right one takes back all that failed for the account from there,
   * and nothing of what others tried.
   */
  private async forgive({ pair, account }: Attempt, passwordWasRight: boolean): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const failures = passwordWasRight ? Math.max(1, await this.failures(tx, pair)) : 1;
      for (const counted of [pair, account]) await this.takeBack(tx, counted, failures);
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
  private async count(tx: Tx, { pair, account, address }: Attempt): Promise<number> {
    const now = this.clock.now();
    const windowMs = this.policy.number('login.windowMinutes') * 60_000;
    await tx.run('DELETE FROM login_failure WHERE since <= ?', [now - windowMs]);
    const waits: number[] = [];
    for (const { scope, subject, limit } of [pair, account, address]) {
      const row = await tx.one<{ failures: number; since: number }>(
        `SELECT failures, since FROM login_failure WHERE scope = ? AND subject = ?${tx.forUpdate}`,
        [scope, subject],
      );
      if (row && row.failures >= limit) waits.push(row.since + windowMs - now);
    }
    if (waits.length) return Math.max(...waits);
    for (const counted of [pair, account]) await this.add(tx, counted);
    return 0;
  }

  private async add(tx: Tx, { scope, subject }: Counted): Promise<void> {
    const since = this.clock.now();
    if (await tx.insertIfAbsent('login_failure', { scope, subject, failures: 1, since })) return;
    await tx.run('UPDATE login_failure SET failures = failures + 1 WHERE scope = ? AND subject = ?', [scope, subject]);
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
