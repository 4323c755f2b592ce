import type { UnitRow } from '@minqing-hub/client-sdk/protocol';
import type { Acting } from '../acting.js';
import { chances } from '../chance.js';
import type { Console, Consoles } from '../consoles.js';
import { DeskWork } from '../desk-work.js';
import { Fault } from '../fault.js';
import { patiently } from '../patience.js';
import { agent, arbiter, clerkOf, deputyOf, DESK, dispatcher, handlerOf, type SeatAccount } from '../people.js';
import { SeatActor } from '../seat-actor.js';
import { UnitActor } from '../unit-actor.js';
import { Agent } from './agent.js';
import { QUEUES } from './checks.js';
import type { CityOrders } from './city-orders.js';
import type { Exchange } from './exchange.js';
import { FloorWatch } from './floor-watch.js';
import type { HandOver } from './hand-over.js';
import type { ShiftEnd } from './shift-end.js';

/** One dispatcher for so many agents, and this many at most. */
const AGENTS_PER_DISPATCHER = 35;
const MOST_DISPATCHERS = 20;
const ARBITERS = 3;
/** Orders that a unit's people work on at the same time. */
const UNIT_WORKS_ON = 25;
/** People who come in at the same moment. */
const AT_ONCE = 16;

/** Everybody of the centre and the units who is at work. */
export class Centre {
  readonly watch = new FloorWatch();
  readonly agents = new Map<string, Agent>();
  readonly gone: Agent[] = [];
  changedHands = 0;
  /** Of them, by the hub's clock. */
  sentHome = 0;
  mostConnected = 0;
  private readonly desks: SeatActor[] = [];
  private readonly unitActors: UnitActor[] = [];
  private exchange!: Exchange;

  private constructor(
    private readonly consoles: Consoles,
    private readonly acting: Acting<CityOrders>,
    readonly leader: Console,
    private readonly failed: (fault: unknown) => void,
  ) {}

  static async open(consoles: Consoles, acting: Acting<CityOrders>, failed: (fault: unknown) => void): Promise<Centre> {
    const leader = await consoles.openLive(
      DESK,
      'floor',
      'desk:city',
      ...QUEUES.flatMap((queueId) => [`queue:${queueId}` as const, `head:${queueId}` as const]),
    );
    const centre = new Centre(consoles, acting, leader, failed);
    for (const queueId of QUEUES) centre.watch.queue(leader.rooms.get(`queue:${queueId}`)!);
    leader.rooms.get('desk:city')!.onEvent(({ type, data }) => {
      acting.activity += 1;
      if (data.orderNo) acting.latency.shows(data.orderNo, type, leader.brokenAt);
    });
    return centre;
  }

  get units(): number {
    return this.unitActors.length;
  }

  get live(): boolean {
    return this.leader.client.connection === 'live';
  }

  /** Pieces of work that wait for a seat, or are in its hands. */
  get queued(): number {
    return QUEUES.reduce((sum, queueId) => {
      const keys = [...this.leader.rooms.get(`queue:${queueId}`)!.cards.keys()];
      return sum + keys.filter((key) => key.startsWith('item:')).length;
    }, 0);
  }

  /** `come` is told how many are there. */
  async fill(
    seats: number,
    units: readonly UnitRow[],
    exchange: Exchange,
    come: (count: number) => void,
  ): Promise<void> {
    this.exchange = exchange;
    const arrivals: (() => Promise<void>)[] = [];
    for (let n = 1; n <= seats; n += 1) arrivals.push(() => this.sitDown(agent(n).username, agent(n).seatId));
    const work = this.deskWork(units);
    const dispatchers = Math.min(MOST_DISPATCHERS, Math.ceil(seats / AGENTS_PER_DISPATCHER));
    for (let n = 1; n <= dispatchers; n += 1) arrivals.push(() => this.desk(dispatcher(n), work.dispatch));
    for (let n = 1; n <= ARBITERS; n += 1) arrivals.push(() => this.desk(arbiter(n), work.rule));
    for (const { unitId } of units) arrivals.push(() => this.unit(unitId));
    let count = 0;
    await eachOf(arrivals, async (arrive) => {
      await arrive();
      come((count += 1));
      this.mostConnected = Math.max(this.mostConnected, this.consoles.list.length);
    });
  }

  /** So many consoles of units beside those that act: a unit has several, each on a socket of its own. */
  async lookOn(units: readonly UnitRow[], count: number): Promise<void> {
    const places = Array.from({ length: count }, (_, i) => ({ tab: i + 1, unitId: units[i % units.length]!.unitId }));
    await eachOf(places, async ({ tab, unitId }) => {
      const another = await this.consoles.another(clerkOf(unitId), tab, `unit:${unitId}`);
      another.rooms.get(`unit:${unitId}`)!.onEvent(({ type, data }) => {
        if (data.orderNo) this.acting.latency.shows(data.orderNo, type, another.brokenAt);
      });
      this.mostConnected = Math.max(this.mostConnected, this.consoles.list.length);
    });
  }

  /** Seats change hands: somebody comes, and who was there goes home, within `overMs` or at the end of the shift. */
  async changeHands(
    handOvers: readonly HandOver[],
    overMs: number,
    shiftEnd: ShiftEnd | null,
    seed: number,
  ): Promise<void> {
    const random = chances(seed, 'who comes when');
    await Promise.all(
      handOvers.map(async (one) => {
        const [when, goesBefore] = [random(), random() < 0.5];
        const byClock = one.byClock ? shiftEnd : null;
        // Who takes over by the clock is there before the shift ends.
        await later(byClock ? when * Math.min(overMs, byClock.inMs) : when * overMs);
        if (byClock) await this.changeByClock(one, byClock);
        else await this.changeByHand(one, goesBefore);
        this.changedHands += 1;
        this.mostConnected = Math.max(this.mostConnected, this.consoles.list.length);
      }),
    );
  }

  private async changeByHand({ seatId, username, relief }: HandOver, goesBefore: boolean): Promise<void> {
    const old = this.agents.get(seatId)!;
    const goes = async (): Promise<void> => {
      await old.goHome();
      this.sawLeave(old, username);
    };
    if (goesBefore) await goes();
    await this.sitDown(relief, seatId);
    if (!goesBefore) await goes();
  }

  /** @throws {Fault} when the hub does not send home whose shift is over. */
  private async changeByClock({ seatId, username, relief, desk }: HandOver, shiftEnd: ShiftEnd): Promise<void> {
    const old = this.agents.get(seatId)!;
    await this.sitDown(relief, desk);
    await later(shiftEnd.inMs);
    const sent = await patiently(
      () => old.isHome,
      () => this.acting.activity,
      () => this.live,
    );
    if (!sent) throw new Fault(`The shift of ${username} at ${seatId} was over, and the hub did not send them home.`);
    this.agents.delete(seatId);
    this.sawLeave(old, username);
    this.sentHome += 1;
  }

  private sawLeave(old: Agent, username: string): void {
    this.gone.push(old);
    this.consoles.leave(username);
  }

  /** Units finish what they have in hand: only then is the floor still. */
  unitsRest(): void {
    for (const unit of this.unitActors) unit.rest();
  }

  async goHome(): Promise<void> {
    await Promise.all([...this.agents.values()].map((one) => one.goHome()));
    await Promise.all(this.desks.map((one) => one.leave()));
  }

  private async sitDown(username: string, seatId: string): Promise<void> {
    // A seat's room is its user's: whoever comes to another's sits down first.
    const console = await this.consoles.open(username);
    if (console.client.session?.actor.seatId !== seatId) {
      const answer = await console.client.command('signOn', { seatId, takeOver: true });
      if (!answer.ok) throw new Error(`${username} cannot sit down at ${seatId}: ${answer.error.message}`);
    }
    await this.consoles.openLive(username, `seat:${seatId}`, 'head:register', 'head:callback');
    this.watch.seat(seatId, console.rooms.get(`seat:${seatId}`)!);
    const one = new Agent(seatId, console, this.acting, () => this.exchange, this.failed);
    this.agents.set(seatId, one);
    await one.arrive();
  }

  private async desk(
    { username, seatId }: SeatAccount,
    work: ConstructorParameters<typeof SeatActor>[3],
  ): Promise<void> {
    const console = await this.consoles.openLive(username, `seat:${seatId}`);
    this.watch.seat(seatId, console.rooms.get(`seat:${seatId}`)!);
    this.desks.push(new SeatActor(console, seatId, this.acting, work, this.failed));
  }

  private async unit(unitId: string): Promise<void> {
    const clerk = await this.consoles.openLive(clerkOf(unitId), `unit:${unitId}`);
    const colleague = (role: 'handler' | 'deputy') =>
      this.consoles.open(role === 'handler' ? handlerOf(unitId) : deputyOf(unitId));
    this.unitActors.push(new UnitActor(unitId, clerk, colleague, this.acting, this.failed, UNIT_WORKS_ON));
  }

  private deskWork(units: readonly UnitRow[]): DeskWork {
    const top = units.filter(({ parentId }) => parentId === null).map(({ unitId }) => unitId);
    const byArea = new Map(units.map(({ areaCode, unitId }) => [areaCode, unitId]));
    return new DeskWork(
      this.acting,
      () => undefined,
      (areaCode) => {
        const own = areaCode === null ? undefined : byArea.get(areaCode);
        return own === undefined ? top : [own, ...top];
      },
    );
  }
}

const later = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, Math.max(0, ms)));

async function eachOf<T>(things: readonly T[], each: (thing: T) => Promise<void>): Promise<void> {
  const waiting = [...things];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await each(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
