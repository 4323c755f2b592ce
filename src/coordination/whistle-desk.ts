import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { DeadlineEventType, WhistleResult } from '@minqing-hub/client-sdk/protocol';
import { CalendarBook } from '../calendar/calendar-book.js';
import type { CommandContext } from '../commands/command-handler.js';
import { Policy } from '../config/policy.js';
import { ClockOwners, type TellClocks } from '../deadlines/clock-owners.js';
import { DeadlineLedger } from '../deadlines/deadline-ledger.js';
import { SaidFirst } from '../deadlines/said-first.js';
import { whistleCard, whistleReaders, whistleRooms } from '../domain/access/whistle-audience.js';
import type { ClockChange, ClocksAfter } from '../domain/clock/clock-change.js';
import { clockFacts } from '../domain/clock/clock-view.js';
import { type Deadline, openClock } from '../domain/clock/deadline.js';
import { ok, type Result } from '../domain/result.js';
import { decide } from '../domain/whistle/decide.js';
import { evolve } from '../domain/whistle/evolve.js';
import type { Circumstances } from '../domain/whistle/situation.js';
import { breachesOf, followWhistle } from '../domain/whistle/whistle-clocks.js';
import type { WhistleCommand } from '../domain/whistle/whistle-command.js';
import type { WhistleEvent } from '../domain/whistle/whistle-event.js';
import type { Whistle } from '../domain/whistle/whistle.js';
import { EventLog, type NewEvent } from '../event-log/event-log.js';
import { ListBook } from '../lists/list-book.js';
import { OrderBook } from '../orders/order-book.js';
import { whistleClockPolicy, whistlePolicy } from './whistle-policy.js';
import { type Note, WhistleStore } from './whistle-store.js';

/**
 * The way of every command on a whistle, inside its transaction: load → decide → save → clocks → log → texts. What may
 * be done is the rule book's matter.
 */
@Injectable()
export class WhistleDesk implements OnModuleInit {
  constructor(
    private readonly store: WhistleStore,
    private readonly log: EventLog,
    private readonly lists: ListBook,
    private readonly orders: OrderBook,
    private readonly ledger: DeadlineLedger,
    private readonly saidFirst: SaidFirst,
    private readonly owners: ClockOwners,
    private readonly calendars: CalendarBook,
    private readonly policy: Policy,
  ) {}

  onModuleInit(): void {
    this.owners.own('whistle', { lock: (context, subjects) => this.lockForClocks(context, subjects) });
  }

  /** As it stands, locked until commit; `null`: there is none. Whether the actor may know of it is decided later. */
  load({ tx }: CommandContext, whistleNo: string): Promise<Whistle | null> {
    return this.store.lock(tx, whistleNo);
  }

  async carryOut(
    context: CommandContext,
    command: WhistleCommand,
    notes: readonly Note[] = [],
  ): Promise<Result<WhistleResult>> {
    const { tx } = context;
    // A number that was given a moment ago has no whistle yet.
    const before = command.name === 'blowWhistle' ? null : await this.load(context, command.whistleNo);
    const unsaid = before ? await this.ledger.of(tx, subjectOf(before.whistleNo)) : [];
    const decided = decide(before, command, await this.circumstances(context, before, command, unsaid));
    if (!decided.ok) return decided;
    const event = decided.value;
    const after = evolve(before, event);
    const kept = before ? await this.sayDue(context, before, unsaid) : [];
    if (before) await this.store.replace(tx, before, after);
    else await this.store.insert(tx, after);
    await this.store.keepLinks(tx, after, whistleReaders(after).unitIds);
    const clocks = await this.follow(context, after, kept);
    const { whistleNo, at, actorId } = event;
    const eventId = await this.tell(context, event, after, clocks);
    await this.store.addNotes(tx, { whistleNo, eventId, at, actorId }, notes);
    return ok({ whistleNo, version: after.version });
  }

  private async lockForClocks(context: CommandContext, subjects: readonly string[]): Promise<TellClocks> {
    const whistles = await this.store.lockAll(
      context.tx,
      subjects.map((subject) => subject.slice('whistle:'.length)),
    );
    return (changes) => this.tellClocks(context, whistles, changes);
  }

  /** What clocks of these whistles did by themselves, to every room that shows the whistle. [CK13] */
  private async tellClocks(
    { tx, now, origin }: CommandContext,
    whistles: readonly Whistle[],
    changes: ReadonlyMap<string, readonly ClockChange[]>,
  ): Promise<void> {
    for (const whistle of whistles) {
      const said = changes.get(subjectOf(whistle.whistleNo)) ?? [];
      if (said.length === 0) continue;
      const deadlines = await this.ledger.of(tx, subjectOf(whistle.whistleNo));
      const shown = { card: whistleCard(whistle, deadlines), rooms: whistleRooms(whistle) };
      const events = said.map(({ type, deadline }) => {
        const told = clockEvent(whistle, type, deadline, now);
        return { ...told, data: { ...told.data, signal: deadline.signal }, ...shown };
      });
      await this.log.append(tx, origin, events);
    }
  }

  /** What a decision about the whistle rests on. */
  private async circumstances(
    context: CommandContext,
    whistle: Whistle | null,
    command: WhistleCommand,
    deadlines: readonly Deadline[],
  ): Promise<Circumstances> {
    const { tx, actor, now } = context;
    const units = await this.lists.units(tx, now);
    const named = command.name === 'blowWhistle' ? command.orderNos : [];
    const linked = command.name === 'linkOrder' ? [command.orderNo] : [];
    const orderNos = [...new Set([...(whistle?.orderNos ?? []), ...named, ...linked])];
    const awaited = deadlines.filter(({ clock, state }) => clock === 'REPORT_IN' && state === 'running');
    return {
      actor,
      now,
      units,
      policy: whistlePolicy(this.policy),
      orders: await this.orders.forWhistle(context, orderNos, units),
      reportInDueAt: new Map(awaited.map(({ unitId, dueAt }) => [unitId!, dueAt])),
      meetingDueAt: openClock({ deadlines }, 'MEETING')?.dueAt ?? null,
      breaches: breachesOf(deadlines),
    };
  }

  /** [CK14] A clock that is over is told so before the command ends it. */
  private async sayDue(context: CommandContext, whistle: Whistle, kept: readonly Deadline[]): Promise<Deadline[]> {
    const subject = subjectOf(whistle.whistleNo);
    const { deadlines, changes } = await this.saidFirst.sayDue(context, subject, kept);
    if (changes.length > 0) await this.tellClocks(context, [whistle], new Map([[subject, changes]]));
    return deadlines;
  }

  private async follow({ tx, now }: CommandContext, whistle: Whistle, kept: readonly Deadline[]): Promise<ClocksAfter> {
    const policy = whistleClockPolicy(this.policy);
    const after = followWhistle({ whistle, kept, now, policy, calendar: this.calendars.calendar });
    for (const { type, deadline } of after.changes) {
      if (type === 'deadline.started') await this.ledger.start(tx, subjectOf(whistle.whistleNo), deadline);
      else await this.ledger.keep(tx, deadline);
    }
    return after;
  }

  /** The whistle's own event with its card as it is now, and what it did to its clocks. */
  private async tell(
    { tx, now, origin }: CommandContext,
    { whistleNo, type, at, facts }: WhistleEvent,
    after: Whistle,
    { deadlines, changes }: ClocksAfter,
  ): Promise<string> {
    const own: NewEvent = {
      subject: subjectOf(whistleNo),
      type,
      at,
      version: after.version,
      data: { whistleNo, ...facts },
      card: whistleCard(after, deadlines),
      rooms: whistleRooms(after),
      readers: whistleReaders(after),
    };
    const ofClocks = changes.map(({ type: change, deadline }) => clockEvent(after, change, deadline, now));
    const [eventId] = await this.log.append(tx, origin, [own, ...ofClocks]);
    return eventId!;
  }
}

export const subjectOf = (whistleNo: string): `whistle:${string}` => `whistle:${whistleNo}`;

/** Told in the whistle's own room; everywhere else the card shows it. */
const clockEvent = (
  { whistleNo, version }: Whistle,
  type: DeadlineEventType,
  deadline: Deadline,
  now: number,
): NewEvent => ({
  subject: subjectOf(whistleNo),
  type,
  at: now,
  version,
  data: {
    whistleNo,
    ...clockFacts(deadline),
    // Where its due is another there may be time again. [CK10]
    ...((type === 'deadline.resumed' || type === 'deadline.recalculated') && { signal: deadline.signal }),
  },
  card: null,
  rooms: { [subjectOf(whistleNo)]: 'full' },
});
