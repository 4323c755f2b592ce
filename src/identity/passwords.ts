import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { HubException } from '../commands/hub-exception.js';
import { Clock } from '../config/clock.js';
import { Policy } from '../config/policy.js';
import { Settings } from '../config/settings.js';
import type { Refusal } from '../domain/result.js';
import { weaknessOf } from './password-rules.js';
import { VerifiedPasswords } from './verified-passwords.js';
import { WorkLimit } from './work-limit.js';

/** One run of scrypt holds 128 MiB at the default cost and one of libuv's four threads. */
const RUNS_AT_ONCE = 2;
const RUNS_IN_LINE = 300;
const BLOCK_SIZE = 8;
const KEY_BYTES = 32;
const FORM = /^scrypt\$(\d{2})\$8\$1\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/;

/** Password hashes, `scrypt$log2N$r$p$salt$key`: memory-hard, each with its own salt and cost. [ID1] */
@Injectable()
export class Passwords {
  private readonly limit = new WorkLimit(
    RUNS_AT_ONCE,
    RUNS_IN_LINE,
    () => new HubException('unavailable', '登录繁忙，请稍后再试', { retryAfterSeconds: 5 }),
  );
  private readonly verified = new VerifiedPasswords();
  private readonly running = new Map<string, Promise<boolean>>();
  private readonly nobodys: string;

  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly policy: Policy,
  ) {
    this.nobodys = formatted(this.settings.passwordCost, randomBytes(16), randomBytes(KEY_BYTES));
  }

  /** What a new password may not be. `undefined`: it is good enough. [ID4] */
  weaknessOf(password: string, userId: string): Refusal | undefined {
    return weaknessOf(password, userId, {
      minLength: this.policy.number('password.minLength'),
      demoPassword: this.settings.demo.password,
    });
  }

  /** @throws {HubException} `unavailable` when too many wait already */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(16);
    const cost = this.settings.passwordCost;
    return formatted(cost, salt, await this.derive(password, salt, cost));
  }

  /** Made at another cost than passwords have now: it takes another time than the work for a name that nobody has. */
  isOutdated(hash: string): boolean {
    return Number(FORM.exec(hash)?.[1]) !== this.settings.passwordCost;
  }

  /**
   * Without a hash (nobody has that name) it does the same work and says no.
   * @throws {HubException} `unavailable` when too many wait already
   */
  async verify(password: string, hash: string | undefined): Promise<boolean> {
    const against = hash ?? this.nobodys;
    const mark = this.verified.mark(against, password);
    if (this.verified.has(mark, this.clock.now())) return true;
    const running = this.running.get(mark) ?? this.start(mark, password, against);
    return running;
  }

  /** Those who ask the same at the same time share one run. */
  private start(mark: string, password: string, hash: string): Promise<boolean> {
    const run = this.compare(password, hash)
      .then((right) => {
        if (right) this.verified.add(mark, this.clock.now());
        return right;
      })
      .finally(() => this.running.delete(mark));
    this.running.set(mark, run);
    return run;
  }

  private async compare(password: string, hash: string): Promise<boolean> {
    const [, cost, salt, key] = FORM.exec(hash) ?? [];
    if (!cost || !salt || !key) throw new Error('a stored password hash is not of the known form');
    const expected = Buffer.from(key, 'base64url');
    const derived = await this.derive(password, Buffer.from(salt, 'base64url'), Number(cost));
    return timingSafeEqual(derived, expected);
  }

  private derive(password: string, salt: Buffer, cost: number): Promise<Buffer> {
    const options: ScryptOptions = { N: 2 ** cost, r: BLOCK_SIZE, p: 1, maxmem: 2 ** cost * BLOCK_SIZE * 256 };
    return this.limit.run(
      () =>
        new Promise((resolve, reject) => {
          scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
            error ? reject(error) : resolve(key),
          );
        }),
    );
  }
}

const formatted = (cost: number, salt: Buffer, key: Buffer): string =>
  `scrypt$${cost}$${BLOCK_SIZE}$1$${salt.toString('base64url')}$${key.toString('base64url')}`;
