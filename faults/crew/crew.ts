import type { QueueItemCard } from '@minqing-hub/client-sdk/protocol';
import { agent, arbiter, clerkOf, deputyOf, dispatcher, handlerOf } from '../../simulation/people.js';
import { ClaimRace } from './claim-race.js';
import { type Flow, whileGoing } from './flow.js';
import { OrderLives } from './order-life.js';
import { Probes } from './probes.js';
import { LOOKED_AT, OFFICE, OVERSIGHT, UNITS } from './rooms.js';
import { RightsChanges } from './rights-changes.js';
import { SeatWorker } from './seat-worker.js';
import type { Staff } from './staff.js';

export interface CrewSize {
  /** Who take requests down and see them through. */
  lives: number;
  /** Who sit at seats and take what is offered. */
  seats: number;
  /** Programs that only watch, each in all rooms of its kind. */
  watchers: number;
  /** Who only read, and check what comes while it comes. */
  readers: number;
  paceMs: number;
}

const RACERS = 3;
/** Consoles of one person, at different nodes as a rule. */
const OF_ONE_PERSON = 3;

/** Everybody at work. Consoles of every role are open before anything breaks. */
export class Crew {
  readonly flow: Flow & { going: boolean };
  private working: Promise<unknown>[] = [];

  constructor(
    private readonly staff: Staff,
    seed: number,
    private readonly size: CrewSize,
  ) {
    this.flow = { staff, seed, going: true, paceMs: size.paceMs, handled: [] };
  }

  /** Resolves when all are at work. */
  async start(): Promise<void> {
    const { staff, flow, size } = this;
    for (const [user, rooms] of LOOKED_AT) await staff.watching(user, ...rooms);
    await staff.watching(dispatcher(1).username, 'queue:dispatch', 'desk:city');
    await staff.watching(arbiter(1).username, 'queue:arbitration');
    for (const unit of UNITS) {
      await staff.watching(handlerOf(unit), `unit:${unit}`);
      await staff.watching(deputyOf(unit), `unit:${unit}`, `leader:${unit}`);
    }
    for (let n = 0; n < size.watchers; n += 1) {
      await staff.program('leader01', ...OFFICE, 'head:register');
      await staff.program('supervisor01', ...OVERSIGHT);
    }
    const probes = await this.probes();
    const rights = await this.rightsChanges();
    const race = await this.claimRace();
    const seats: SeatWorker[] = [];
    for (let n = 1; n <= size.seats; n += 1) {
      const { username, seatId } = agent(10 + n);
      const client = await staff.watching(username, `seat:${seatId}`, 'queue:register');
      seats.push(new SeatWorker(flow, client, seatId));
    }
    const lives = Array.from({ length: size.lives }, (_, n) => new OrderLives(flow, agent(n + 1).username));
    this.working.push(whileGoing(flow, () => probes.odd()));
    for (const one of [probes, rights, race, ...seats]) this.working.push(whileGoing(flow, () => one.step()));
    for (const life of lives) this.working.push(whileGoing(flow, () => life.one()));
  }

  /** Everybody finishes what they are in the middle of, and begins nothing more. */
  async rest(): Promise<void> {
    this.flow.going = false;
    await Promise.all(this.working);
    await this.desert();
  }

  /** Somebody takes an item and is never seen again: it must not be lost with them. [QS8] */
  private async desert(): Promise<void> {
    const deserter = await this.staff.watching(agent(30).username, 'queue:register');
    const room = deserter.watched.get('queue:register')!;
    await deserter.command('setPresence', { presence: 'ready' });
    for (const card of room.cards.values()) {
      const { itemId, state } = card as QueueItemCard;
      if (state === 'queued' && (await deserter.command('claimItem', { itemId })).ok) break;
    }
    this.staff.dismiss(deserter);
  }

  /** They drop what they have in hand. */
  leave(): void {
    this.flow.going = false;
    // What becomes of it when all lines end is no news.
    for (const work of this.working) work.catch(() => undefined);
  }

  private async probes(): Promise<Probes> {
    const { staff, flow } = this;
    const clerk = await staff.program(clerkOf('environment'), 'unit:environment');
    const intake = await staff.program(agent(41).username);
    const handler = { console: await staff.program(handlerOf('housing'), 'unit:housing'), unitId: 'housing' };
    const watcher = await staff.program('leader02', 'desk:city');
    return new Probes(flow, intake, handler, watcher, [
      { console: clerk, room: 'unit:housing' },
      { console: clerk, room: 'desk:city' },
      { console: clerk, room: 'queue:register' },
      { console: intake, room: 'floor' },
      { console: intake, room: 'unit:district' },
      { console: handler.console, room: 'seat:A001' },
    ]);
  }

  private async rightsChanges(): Promise<RightsChanges> {
    const admin = await this.staff.client('admin');
    const subjects = [];
    for (let n = 1; n <= OF_ONE_PERSON; n += 1) subjects.push(await this.staff.program('supervisor02'));
    return new RightsChanges(this.flow, admin, subjects, await this.staff.program('supervisor01'));
  }

  private async claimRace(): Promise<ClaimRace> {
    const seats = [];
    for (let n = 1; n <= RACERS; n += 1) seats.push(await this.staff.program(agent(20 + n).username));
    const watcher = await this.staff.watching(agent(30).username, 'queue:register');
    return new ClaimRace(this.flow, watcher, seats);
  }
}
