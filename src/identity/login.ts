import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Session } from '@minqing-hub/client-sdk/protocol';
import { HubException } from '../commands/hub-exception.js';
import { Clock } from '../config/clock.js';
import { EventLog } from '../event-log/event-log.js';
import { ReadModel, UnitOfWork } from '../storage/unit-of-work.js';
import type { Actor } from './actor.js';
import { Authentication } from './authentication.js';
import { HubSettings } from './hub-settings.js';
import { LoginAttempts } from './login-attempts.js';
import { Passwords } from './passwords.js';
import { People } from './people.js';
import { Tokens } from './tokens.js';

interface Account {
  password_hash: string;
  password_version: number;
  actor: Actor | undefined;
}

/** Sessions: how somebody gets a token, keeps it, and changes their password. */
@Injectable()
export class Login {
  /** By the old hash, which demo accounts share. */
  private readonly renewals = new Map<string, Promise<void>>();

  constructor(
    private readonly attempts: LoginAttempts,
    private readonly passwords: Passwords,
    private readonly tokens: Tokens,
    private readonly authentication: Authentication,
    private readonly people: People,
    private readonly readModel: ReadModel,
    private readonly unitOfWork: UnitOfWork,
    private readonly eventLog: EventLog,
    private readonly clock: Clock,
    private readonly hubSettings: HubSettings,
  ) {}

  /**
   * The same answer, after the same work, for a name that nobody has, one that is not active any more,
   * and a wrong password. [ID1]
   * @throws {HubException} `credentials_wrong`, `too_many_attempts`, `too_many_requests`, `unavailable`
   */
  async login(username: string, password: string, address: string): Promise<Session> {
    const account = await this.proven(username, password, address, '用户名或密码不对');
    if (this.passwords.isOutdated(account.password_hash)) await this.hashAnew(account.password_hash, password);
    return this.session(account.actor, account.password_version);
  }

  /** @throws {HubException} `unauthenticated` */
  async refresh(token: string): Promise<Session> {
    const found = await this.authentication.byToken(token);
    if (!found) throw new HubException('unauthenticated', '登录已失效，请重新登录');
    return this.session(found.actor, found.passwordVersion);
  }

  /**
   * Earlier tokens of the user are worth nothing afterwards; the answer holds a new one. Not a command: the slow
   * hash has no place in a transaction, and no digest of a password belongs among the commands' answers. [ID4]
   * @throws {HubException} `credentials_wrong` (field oldPassword), `password_too_weak`, `too_many_attempts`
   */
  async changeOwnPassword(actor: Actor, oldPassword: string, newPassword: string, address: string): Promise<Session> {
    const weak = this.passwords.weaknessOf(newPassword, actor.userId);
    if (weak) throw new HubException(weak.code, weak.message, { ...weak, field: 'newPassword' });
    const account = await this.proven(actor.userId, oldPassword, address, '原密码不对', 'oldPassword');
    const hash = await this.passwords.hash(newPassword);
    const now = this.clock.now();
    const version = account.password_version + 1;
    await this.unitOfWork.run(async (tx) => {
      const changed = await tx.run(
        'UPDATE user_account SET password_hash = ?, password_version = ?, demo = 0 WHERE user_id = ? AND password_version = ?',
        [hash, version, actor.userId, account.password_version],
      );
      if (changed !== 1) throw new HubException('credentials_wrong', '原密码不对', { field: 'oldPassword' });
      await this.eventLog.append(
        tx,
        { actorId: actor.userId, commandId: randomUUID(), causationId: null, recordedAt: now },
        [
          {
            subject: `user:${actor.userId}`,
            type: 'identity.password_changed',
            at: now,
            version: null,
            data: { userId: actor.userId },
            card: null,
            rooms: {},
          },
        ],
      );
    });
    return this.session(account.actor, version);
  }

  private async proven(
    username: string,
    password: string,
    address: string,
    message: string,
    field?: string,
  ): Promise<Account & { actor: Actor }> {
    const found = await this.attempts.make(username, address, async () => {
      const account = await this.account(username);
      const right = await this.passwords.verify(password, account?.password_hash);
      const actor = account?.actor;
      return right && account && actor ? { ...account, actor } : undefined;
    });
    if (!found) throw new HubException('credentials_wrong', message, field === undefined ? {} : { field });
    return found;
  }

  /** Brings a right password to the cost that passwords have now. Nobody fails to log in because it cannot be done now. [ID1] */
  private hashAnew(old: string, password: string): Promise<void> {
    const renewal =
      this.renewals.get(old) ??
      this.replaceHash(old, password)
        .catch((error: unknown) => {
          if (!(error instanceof HubException)) throw error;
        })
        .finally(() => this.renewals.delete(old));
    this.renewals.set(old, renewal);
    return renewal;
  }

  /** It is the same password: tokens stay, and so does who shares the hash. */
  private async replaceHash(old: string, password: string): Promise<void> {
    const hash = await this.passwords.hash(password);
    await this.unitOfWork.run(async (tx) => {
      await tx.run('UPDATE user_account SET password_hash = ? WHERE password_hash = ?', [hash, old]);
      if ((await this.hubSettings.lock(tx, 'demo.passwordHash')) !== old) return;
      await this.hubSettings.set(tx, 'demo.passwordHash', hash);
    });
  }

  private account(username: string): Promise<Account | undefined> {
    return this.readModel.run(async (tx) => {
      const row = await tx.one<Omit<Account, 'actor'>>(
        'SELECT password_hash, password_version FROM user_account WHERE user_id = ?',
        [username],
      );
      return row && { ...row, actor: await this.people.actor(tx, username) };
    });
  }

  private async session(actor: Actor, passwordVersion: number): Promise<Session> {
    // Tokens live by the machine's time, so that a virtual clock's jumps end no session; people are told the hub's.
    const { aheadMs } = this.clock;
    const issued = await this.tokens.issue(actor.userId, this.clock.now() - aheadMs, passwordVersion);
    return { ...issued, expiresAt: issued.expiresAt + aheadMs, actor };
  }
}
