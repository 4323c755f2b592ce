import type { UnitRow } from '@minqing-hub/client-sdk/protocol';
import type { Acting } from '../acting.js';
import type { PlayedOrders } from './played-orders.js';
import type { Consoles } from '../consoles.js';
import { DeskWork } from '../desk-work.js';
import { Desk, QUEUES } from './desk.js';
import {
  agent,
  arbiter,
  clerkOf,
  deputyOf,
  DESK,
  dispatcher,
  handlerOf,
  OVERSEER,
  type SeatAccount,
} from '../people.js';
import { SeatActor } from '../seat-actor.js';
import { UnitActor } from '../unit-actor.js';

export interface SeatNumbers {
  agents: number;
  dispatchers: number;
  arbiters: number;
}

/** Everybody who acts. Nobody does before there is something new to do: a run of duplicates writes nothing. */
export class Crew {
  readonly desk: Desk;
  readonly deskWork: DeskWork;
  private readonly seats: SeatActor[] = [];
  private readonly units = new Map<string, Promise<void>>();
  private readonly coming: Promise<void>[] = [];
  private readonly failures: unknown[] = [];
  private readonly failed = (fault: unknown): void => void this.failures.push(fault);
  private working = false;

  private constructor(
    private readonly consoles: Consoles,
    private readonly acting: Acting<PlayedOrders>,
    private readonly numbers: SeatNumbers,
    desk: ConstructorParameters<typeof Desk>[0],
    territory: readonly UnitRow[],
  ) {
    this.desk = new Desk(desk, acting, (unitId) => this.unitHasWork(unitId));
    const top = territory.filter(({ parentId }) => parentId === null).map(({ unitId }) => unitId);
    const byArea = new Map(territory.map(({ areaCode, unitId }) => [areaCode, unitId]));
    this.deskWork = new DeskWork(acting, this.desk.card, (areaCode) => {
      const own = areaCode === null ? undefined : byArea.get(areaCode);
      return own === undefined ? top : [own, ...top];
    });
  }

  static async gather(
    consoles: Consoles,
    acting: Acting<PlayedOrders>,
    numbers: SeatNumbers,
    territory: readonly UnitRow[],
  ): Promise<Crew> {
    const desk = await consoles.openLive(
      DESK,
      'desk:city',
      'floor',
      ...QUEUES.map((queue) => `queue:${queue}` as const),
    );
    await consoles.openLive(OVERSEER, 'supervision:city');
    return new Crew(consoles, acting, numbers, desk, territory);
  }

  /** There is something new: seats are taken, and units that have open orders look at them. Who is late holds up nobody. */
  start(): void {
    if (this.working) return;
    this.working = true;
    const { agents, dispatchers, arbiters } = this.numbers;
    this.takeSeats(agents, agent, this.deskWork.accept);
    this.takeSeats(dispatchers, dispatcher, this.deskWork.dispatch);
    this.takeSeats(arbiters, arbiter, this.deskWork.rule);
    for (const [key, card] of this.desk.console.rooms.get('desk:city')!.cards) {
      if (key.startsWith('order:') && 'leadUnitId' in card && card.leadUnitId) this.unitHasWork(card.leadUnitId);
    }
  }

  /** Nothing is queued, nobody is in the middle of something, and every new order is with a unit that has begun. */
  get idle(): boolean {
    this.check();
    if (!this.working) return true;
    return this.desk.live && this.desk.queued === 0 && this.acting.busy === 0 && this.acting.orders.inWork === 0;
  }

  /** @throws what went wrong with an actor. */
  check(): void {
    if (this.failures.length > 0) throw this.failures[0];
  }

  async leave(): Promise<void> {
    await Promise.all(this.coming);
    this.check();
    await Promise.all(this.seats.map((seat) => seat.leave()));
  }

  private takeSeats(
    count: number,
    account: (n: number) => SeatAccount,
    work: ConstructorParameters<typeof SeatActor>[3],
  ): void {
    for (let n = 1; n <= count; n += 1) this.coming.push(this.takeSeat(account(n), work).catch(this.failed));
  }

  private async takeSeat(
    { username, seatId }: SeatAccount,
    work: ConstructorParameters<typeof SeatActor>[3],
  ): Promise<void> {
    const console = await this.consoles.openLive(username, `seat:${seatId}`);
    this.seats.push(new SeatActor(console, seatId, this.acting, work, this.failed));
  }

  private unitHasWork(unitId: string): void {
    if (!this.working || this.units.has(unitId)) return;
    this.units.set(unitId, this.openUnit(unitId).catch(this.failed));
  }

  private async openUnit(unitId: string): Promise<void> {
    const clerk = await this.consoles.openLive(clerkOf(unitId), `unit:${unitId}`);
    const colleague = (role: 'handler' | 'deputy') =>
      this.consoles.open(role === 'handler' ? handlerOf(unitId) : deputyOf(unitId));
    new UnitActor(unitId, clerk, colleague, this.acting, this.failed);
  }
}
