import { Injectable } from '@nestjs/common';
import type { SkillLevel } from '@minqing-hub/client-sdk/protocol';
import { EventLog, type Origin } from '../event-log/event-log.js';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';
import { AccountStore } from './account-store.js';

/** What people can: rows of `user_skill`, and the event that tells of a change. [RT2] */
@Injectable()
export class UserSkills {
  constructor(
    private readonly accounts: AccountStore,
    private readonly eventLog: EventLog,
  ) {}

  /** In one order, so that equal skills are equal texts. */
  async of(tx: ReadTx, userId: string): Promise<SkillLevel[]> {
    return tx.all<{ skill: string; level: number }>(
      'SELECT skill, level FROM user_skill WHERE user_id = ? ORDER BY skill',
      [userId],
    );
  }

  /** What the user can from now on. `undefined`: there is no such user; `false`: it is what they could before. */
  async set(tx: Tx, origin: Origin, userId: string, skills: readonly SkillLevel[]): Promise<boolean | undefined> {
    await this.accounts.lock(tx);
    const account = await this.accounts.find(tx, userId);
    if (!account) return undefined;
    const before = await this.of(tx, userId);
    const after = [...skills].sort((a, b) => (a.skill < b.skill ? -1 : 1));
    if (written(before) === written(after)) return false;
    await tx.run('DELETE FROM user_skill WHERE user_id = ?', [userId]);
    for (const { skill, level } of after) await tx.insert('user_skill', { user_id: userId, skill, level });
    const { seatId } = account;
    await this.eventLog.append(tx, origin, [
      {
        subject: `user:${userId}`,
        type: 'seat.skills_changed',
        at: origin.recordedAt,
        version: null,
        data: { userId, seatId, skills: after.map(({ skill, level }) => ({ skill, level })) },
        card: null,
        rooms: { floor: 'full', ...(seatId === null ? {} : { [`seat:${seatId}`]: 'full' }) },
      },
    ]);
    return true;
  }
}

const written = (skills: readonly SkillLevel[]) => skills.map(({ skill, level }) => `${skill}=${level}`).join();
