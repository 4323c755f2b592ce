import { Injectable } from '@nestjs/common';
import { inLists } from '../storage/in-lists.js';
import type { ReadTx } from '../storage/unit-of-work.js';
import { type Actor, keyUserId, type Role, SYSTEM } from './actor.js';

interface RightsRow {
  user_id: string;
  name: string;
  roles: string;
  unit_id: string | null;
  seat_id: string | null;
  password_version: number;
}

/** A user, and under which of their passwords tokens count now. */
export interface KnownUser {
  actor: Actor;
  passwordVersion: number;
}

const KEY_PREFIX = keyUserId('');

/** Who may do what, as the database says now: tokens say only who somebody is. [ID3] */
@Injectable()
export class People {
  /** `undefined`: no such user or key, or not active any more. */
  async actor(tx: ReadTx, userId: string): Promise<Actor | undefined> {
    if (userId === SYSTEM.userId) return SYSTEM;
    if (userId.startsWith(KEY_PREFIX)) return this.sourceSystem(tx, userId.slice(KEY_PREFIX.length));
    return (await this.user(tx, userId))?.actor;
  }

  /** `undefined`: as `actor`. */
  async user(tx: ReadTx, userId: string): Promise<KnownUser | undefined> {
    return (await this.users(tx, [userId])).get(userId);
  }

  /** By user id, those of them who are active. */
  async users(tx: ReadTx, userIds: readonly string[]): Promise<Map<string, KnownUser>> {
    const found = new Map<string, KnownUser>();
    for (const { marks, params } of inLists(userIds)) {
      const rows = await tx.all<RightsRow>(
        `SELECT user_id, name, roles, unit_id, seat_id, password_version FROM user_account
         WHERE user_id IN (${marks}) AND active = 1`,
        params,
      );
      for (const row of rows) found.set(row.user_id, knownUser(row));
    }
    return found;
  }

  private async sourceSystem(tx: ReadTx, keyId: string): Promise<Actor | undefined> {
    const row = await tx.one<{ source: string; label: string }>(
      'SELECT source, label FROM api_key WHERE key_id = ? AND active = 1',
      [keyId],
    );
    if (!row) return undefined;
    return {
      userId: keyUserId(keyId),
      name: row.label,
      roles: ['channel_adapter'],
      unitId: null,
      source: row.source,
    };
  }
}

function knownUser(row: RightsRow): KnownUser {
  const actor = {
    userId: row.user_id,
    name: row.name,
    roles: JSON.parse(row.roles) as Role[],
    unitId: row.unit_id,
    ...(row.seat_id === null ? {} : { seatId: row.seat_id }),
  };
  return { actor, passwordVersion: row.password_version };
}
