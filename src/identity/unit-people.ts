import { Injectable } from '@nestjs/common';
import type { UnitPerson } from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../config/clock.js';
import { mayKnowPeople } from '../domain/access/may-know-people.js';
import { ListBook } from '../lists/list-book.js';
import { ReadModel, type ReadTx } from '../storage/unit-of-work.js';
import type { Actor, Role } from './actor.js';

/** Units per query: a district has many, and a statement takes only so many parameters. */
const CHUNK = 500;

/** Whom a unit may name as the one who does the work [T16]. */
@Injectable()
export class UnitPeople {
  constructor(
    private readonly readModel: ReadModel,
    private readonly lists: ListBook,
    private readonly clock: Clock,
  ) {}

  /** Active handlers of the unit and of those below it, by user id; `undefined`: no such unit, or not for this caller. */
  handlers(actor: Actor, unitId: string): Promise<UnitPerson[] | undefined> {
    return this.readModel.run(async (tx) => {
      const units = await this.lists.units(tx, this.clock.now());
      if (!mayKnowPeople(actor, unitId, units)) return undefined;
      const within = units.all().flatMap((unit) => (units.isWithin(unit.unitId, unitId) ? [unit.unitId] : []));
      const found: UnitPerson[] = [];
      for (let from = 0; from < within.length; from += CHUNK) {
        found.push(...(await handlersOf(tx, within.slice(from, from + CHUNK))));
      }
      return found.sort((a, b) => (a.userId < b.userId ? -1 : 1));
    });
  }
}

async function handlersOf(tx: ReadTx, unitIds: string[]): Promise<UnitPerson[]> {
  const rows = await tx.all<{ user_id: string; name: string; roles: string }>(
    `SELECT user_id, name, roles FROM user_account
     WHERE active = 1 AND unit_id IN (${unitIds.map(() => '?').join(', ')})`,
    unitIds,
  );
  return rows
    .filter(({ roles }) => (JSON.parse(roles) as Role[]).includes('handler'))
    .map(({ user_id: userId, name }) => ({ userId, name }));
}
