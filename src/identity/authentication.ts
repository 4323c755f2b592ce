import { Injectable } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { type Actor, keyUserId } from './actor.js';
import { keyIdOf, keyMatches } from './api-keys.js';
import { People } from './people.js';
import { type TokenClaims, Tokens } from './tokens.js';

/** `expiresAt` is of the machine's time: see `Clock.aheadMs`. */
export interface Authenticated extends TokenClaims {
  actor: Actor;
  /** The same in the hub's time, as people are told it. */
  hubExpiresAt: number;
}

/** Who is calling, with their rights as they are now. */
@Injectable()
export class Authentication {
  constructor(
    private readonly tokens: Tokens,
    private readonly people: People,
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
  ) {}

  /** `undefined`: forged or expired, given under an earlier password, or the user is not active any more. */
  async byToken(token: string): Promise<Authenticated | undefined> {
    const claims = await this.claimedBy(token);
    return claims && (await this.byClaims([claims]))[0];
  }

  /** What a token of this hub says that has not expired, without a look at the database: less than `byToken` says. */
  claimedBy(token: string): Promise<TokenClaims | undefined> {
    return this.tokens.verify(token, this.clock.now() - this.clock.aheadMs);
  }

  /** As `byToken`, of some that were looked at before, in their order. */
  byClaims(all: readonly TokenClaims[]): Promise<(Authenticated | undefined)[]> {
    return this.readModel.run(async (tx) => {
      const users = await this.people.users(
        tx,
        all.map(({ userId }) => userId),
      );
      return all.map((claims) => {
        const user = users.get(claims.userId);
        if (user?.passwordVersion !== claims.passwordVersion) return undefined;
        return { ...claims, actor: user.actor, hubExpiresAt: claims.expiresAt + this.clock.aheadMs };
      });
    });
  }

  async byApiKey(apiKey: string): Promise<Actor | undefined> {
    const keyId = keyIdOf(apiKey);
    if (!keyId) return undefined;
    return this.readModel.run(async (tx) => {
      const row = await tx.one<{ key_hash: string }>('SELECT key_hash FROM api_key WHERE key_id = ?', [keyId]);
      return row && keyMatches(apiKey, row.key_hash) ? this.people.actor(tx, keyUserId(keyId)) : undefined;
    });
  }
}
