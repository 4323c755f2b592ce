import { Injectable } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import type { OrderReaders } from '../domain/access/audience.js';
import { mayEnter } from '../domain/access/may-enter.js';
import { UnitTree } from '../domain/lists/unit-tree.js';
import type { Actor } from '../identity/actor.js';
import { LogReader } from '../event-log/log-reader.js';
import { ListBook } from '../lists/list-book.js';
import { ReadModel } from '../storage/unit-of-work.js';

const ROOM_NAME = /^[a-z]+(:[\p{L}\p{N}._-]{1,96})?$/u;

/** Who may subscribe to what: the rules are `domain/access`, this fetches what they ask about. */
@Injectable()
export class Rooms {
  /** Moves when the units do, so that an answer that was being looked up meanwhile can be asked again. */
  revision = 0;
  private units = new UnitTree([]);

  constructor(
    private readonly readModel: ReadModel,
    private readonly listBook: ListBook,
    private readonly reader: LogReader,
    private readonly clock: Clock,
  ) {}

  isName(room: unknown): room is string {
    return typeof room === 'string' && ROOM_NAME.test(room);
  }

  /** A queue's head has values alone: no events, no cards, nothing to catch up with. */
  hasLog(room: string): boolean {
    return !room.startsWith('head:');
  }

  /** The units as they stand; called at the start and whenever a unit list comes into force. */
  async refreshUnits(): Promise<void> {
    this.units = await this.readModel.run((tx) => this.listBook.units(tx, this.clock.now()));
    this.revision += 1;
  }

  async mayEnter(actor: Actor, room: string): Promise<boolean> {
    if (mayEnter(actor, room, { units: this.units })) return true;
    if (!/^(order|whistle|seat):/.test(room)) return false;
    const readers = await this.reader.readersOf(room as `${'order' | 'whistle' | 'seat'}:${string}`);
    return readers !== undefined && mayEnter(actor, room, { units: this.units, readers });
  }

  /** As `mayEnter` for an order, a whistle or a seat whose readers are at hand. */
  mayStay(actor: Actor, room: string, readers: OrderReaders): boolean {
    return mayEnter(actor, room, { units: this.units, readers });
  }
}
