import { Injectable } from '@nestjs/common';
import type { Origin } from '../event-log/event-log.js';
import type { Tx } from '../storage/unit-of-work.js';
import { AccountStore } from './account-store.js';
import type { Actor } from './actor.js';
import { People } from './people.js';

export { SEAT_ID, SEAT_ID_FORM } from './seat-id.js';

/** Whose seat is which: what signing on at another seat changes of an account, in the caller's transaction. */
@Injectable()
export class Seating {
  constructor(
    private readonly accounts: AccountStore,
    private readonly people: People,
  ) {}

  /**
   * Until commit nobody gets other rights, and the user sits down nowhere else; who else wants the same seat waits for the
   * seat. Before anything is read of who sits where: what was read sooner may be over, and to write it back would give a
   * right again that was just taken away. [ID5] [PS5]
   * Answers with which rights, and whose seat, somebody sits down therefore; `undefined`: they are nobody any more.
   */
  async lock(tx: Tx, userId: string): Promise<Actor | undefined> {
    await this.accounts.lockFor(tx, userId);
    return this.people.actor(tx, userId);
  }

  /**
   * Under `lock`, with the seat locked. The seat is the user's from here on; whose it was has none [ID5]. For their consoles both holds from its
   * event on. [ID3] Nothing happens when it is theirs already.
   */
  async move(tx: Tx, origin: Origin, userId: string, seatId: string): Promise<void> {
    const before = (await this.accounts.seated(tx, [seatId])).get(seatId);
    if (before === userId) return;
    const seats = new Map<string, string | null>([[userId, seatId]]);
    if (before !== undefined) seats.set(before, null);
    // Everybody changes accounts in the same order, so that none waits for another in a circle.
    for (const id of [...seats.keys()].sort()) {
      const account = await this.accounts.findToChange(tx, id);
      if (!account) throw new Error(`${id} has no account`);
      const { roles, unitId, active } = account;
      await this.accounts.changeRights(tx, origin, account, { roles, unitId, active, seatId: seats.get(id) ?? null });
    }
  }
}
