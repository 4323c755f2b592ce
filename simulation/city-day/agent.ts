import type { RoomHandle } from '@minqing-hub/client-sdk';
import type {
  CallCard,
  CommandName,
  CommandPayload,
  CommandResult,
  QueueItemCard,
  SeatCard,
} from '@minqing-hub/client-sdk/protocol';
import type { Acting } from '../acting.js';
import { chance } from '../chance.js';
import type { Console } from '../consoles.js';
import type { CityOrders } from './city-orders.js';
import type { CallTaker, Exchange } from './exchange.js';

/** Of all offers so many are let pass, of what is in hand so many given back. */
const LET_PASS = 0.01;
const GIVEN_BACK = 0.02;
const WRONG_NUMBERS = 0.02;
const TRANSFERS = 0.006;
const ANSWERED_AT_ONCE = 0.95;
const REACHED_ON_CALLING_BACK = 0.8;
/** After every so many pieces of work somebody wants a break. */
const BREAK_AFTER = 40;
const LOOK_AGAIN_MS = 400;

/**
 * An agent at a seat: signs on, takes calls and what is offered, registers, answers, passes on, calls back, rests, and goes
 * home. Acts on what the seat's own room shows and on nothing else, so that a cut or a restart of the hub is only a pause.
 */
export class Agent implements CallTaker {
  readonly counts = { signedOn: 0, breaks: 0, breaksRefused: 0, worked: 0 };
  private readonly room: RoomHandle;
  private looking: Promise<void> | null = null;
  private again = false;
  private goingHome = false;
  private home = false;
  private seenSeated = false;
  /** When the hub sends home who has not gone before, by its own time; `null`: they work without a shift. */
  private shiftEndsAt: number | null = null;
  private idleFrom: number | null = null;
  /** Since when the presence was what it was when this one was last ready to go on. */
  private readySince: number | undefined;
  private readonly over = new Set<string>();
  private readonly passed = new Set<string>();
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly seatId: string,
    private readonly console: Console,
    private readonly acting: Acting<CityOrders>,
    private readonly exchange: () => Exchange,
    private readonly failed: (fault: unknown) => void,
  ) {
    this.room = console.rooms.get(`seat:${seatId}`)!;
  }

  async arrive(): Promise<void> {
    this.room.onChange(() => this.look());
    // What was waited for may have come without a word: a pause that is over, a connection that is back.
    this.timer = setInterval(() => this.look(), LOOK_AGAIN_MS);
    this.look();
    await this.looking;
  }

  /** Finishes what is in hand, signs off and leaves. */
  async goHome(): Promise<void> {
    this.goingHome = true;
    while (!this.home) {
      this.look();
      await this.looking;
      if (!this.home) await new Promise((again) => setTimeout(again, LOOK_AGAIN_MS));
    }
  }

  /** Has left, of their own will or because the shift was over. */
  get isHome(): boolean {
    return this.home;
  }

  freeSince(): number | null {
    return this.looking || this.goingHome || this.room.state !== 'live' ? null : this.idleFrom;
  }

  private look(): void {
    if (this.looking) {
      this.again = true;
      return;
    }
    if (this.home) return;
    // Somebody else sits there now.
    if (this.room.state === 'revoked' || this.room.state === 'refused') return this.left();
    this.acting.busy += 1;
    this.looking = this.untilNothingIsLeft()
      .catch(this.failed)
      .finally(() => {
        this.looking = null;
        this.acting.busy -= 1;
      });
  }

  private async untilNothingIsLeft(): Promise<void> {
    do {
      this.again = false;
      if (this.home || this.room.state !== 'live') return;
      await this.step();
    } while (this.again);
  }

  private get seat(): SeatCard | undefined {
    return this.room.cards.get(`seat:${this.seatId}`) as SeatCard | undefined;
  }

  private async step(): Promise<void> {
    const mine = this.seat?.userId === this.console.client.session?.actor.userId;
    // Somebody else has sat down there; before its own first sight the room only is not yet that far.
    if (!mine && this.seenSeated) return this.left();
    this.seenSeated ||= mine && this.seat?.presence !== 'offline';
    const presence = mine ? (this.seat?.presence ?? 'offline') : 'offline';
    if (presence !== 'offline') this.noteShift();
    const call = this.cards<CallCard>('call:').find(
      ({ callId, state }) => state === 'answered' && !this.over.has(callId),
    );
    if (presence === 'offline') return this.goingHome || this.shiftIsOver ? this.left() : this.signOn();
    if (call) return this.speak(call);
    const items = this.cards<QueueItemCard>('item:').filter(
      ({ itemId, seatId }) => seatId === this.seatId && !this.over.has(itemId) && !this.passed.has(itemId),
    );
    const claimed = items.find(({ state }) => state === 'claimed');
    if (claimed) return this.workOn(claimed);
    if (this.goingHome) return this.signOff();
    if (presence === 'break' || presence === 'training') return;
    if (presence !== 'ready') return this.ready(presence);
    const offered = items.find(({ state }) => state === 'offered');
    if (offered) return this.take(offered);
    if (this.counts.worked >= (this.counts.breaks + this.counts.breaksRefused + 1) * BREAK_AFTER) return this.rest();
    this.idleFrom ??= performance.now();
  }

  /** Who sat down again in the moment in which the hub sent them home goes by themselves. */
  private noteShift(): void {
    const endsAt = this.seat?.shiftEndsAt ?? null;
    if (endsAt === null && this.shiftIsOver) this.goingHome = true;
    this.shiftEndsAt = endsAt ?? this.shiftEndsAt;
  }

  private get shiftIsOver(): boolean {
    return this.shiftEndsAt !== null && this.console.client.hubNow() >= this.shiftEndsAt;
  }

  private async signOn(): Promise<void> {
    const answer = await this.command('signOn', { seatId: this.seatId, takeOver: true });
    if (!answer) return;
    this.counts.signedOn += 1;
    await this.command('setPresence', { presence: 'ready' });
    this.again = true;
  }

  private async signOff(): Promise<void> {
    await this.command('signOff', {});
    this.left();
  }

  private left(): void {
    this.idleFrom = null;
    this.home = true;
    clearInterval(this.timer);
  }

  /** Once, until the room shows what came of it: nobody presses again what they have just pressed. */
  private async ready(presence: string): Promise<void> {
    const since = this.seat?.presenceSince;
    if (since === this.readySince) return;
    if (presence === 'wrap_up') await this.acting.think('wrap-up', this.seatId, String(this.counts.worked));
    if (await this.command('setPresence', { presence: 'ready' })) this.readySince = since;
    this.again = true;
  }

  private async rest(): Promise<void> {
    this.idleFrom = null;
    if (!(await this.command('setPresence', { presence: 'break' }))) {
      this.counts.breaksRefused += 1;
      return;
    }
    this.counts.breaks += 1;
    await this.acting.think('break', this.seatId, String(this.counts.breaks));
    if (this.seat?.presence !== 'break') return;
    await this.command('setPresence', { presence: 'ready' });
    this.again = true;
  }

  private async take({ itemId }: QueueItemCard): Promise<void> {
    this.idleFrom = null;
    if (chance(this.acting.seed, 'let pass', this.seatId, itemId) < LET_PASS) {
      this.passed.add(itemId);
      return;
    }
    await this.command('claimItem', { itemId });
    this.again = true;
  }

  private async workOn({ itemId, queueId, orderNo, callbackId }: QueueItemCard): Promise<void> {
    this.idleFrom = null;
    this.again = true;
    if (chance(this.acting.seed, 'give back', this.seatId, itemId) < GIVEN_BACK) {
      this.over.add(itemId);
      await this.command('returnItem', { itemId, reason: '需由熟悉该业务的同事办理' });
      return;
    }
    await this.acting.think('seat', this.seatId, itemId);
    this.over.add(itemId);
    this.counts.worked += 1;
    if (callbackId !== null) return this.callBack(callbackId);
    if (queueId === 'register' && orderNo !== null) return this.decide(orderNo);
  }

  /** Answers at once what can be answered, takes on the rest. */
  private async decide(orderNo: string): Promise<void> {
    await this.acting.act(this.console, { orderNo }, (order) => {
      if (order.state !== 'registered') return null;
      if (order.kind === 'consultation' && chance(this.acting.seed, 'answer', orderNo) < ANSWERED_AT_ONCE) {
        const payload = { answer: '已按现行规定答复办理条件和地点。', knowledgeRef: 'simulation' };
        return { name: 'answerDirectly', payload, event: 'order.answered' };
      }
      return { name: 'accept', payload: order.areaCode === null ? { noPlace: true } : {}, event: 'order.accepted' };
    });
  }

  private async speak({ callId }: CallCard): Promise<void> {
    this.idleFrom = null;
    this.again = true;
    this.over.add(callId);
    const call = this.exchange().call(callId);
    if (!call) return;
    await this.acting.think('call', callId);
    const roll = chance(this.acting.seed, 'call', callId);
    if (roll < WRONG_NUMBERS) await this.command('logWrongNumber', { callId });
    else if (roll < WRONG_NUMBERS + TRANSFERS) await this.command('transferCall', { callId, to: '119' });
    else {
      const { source: _source, sourceId: _sourceId, requester: _requester, ...facts } = call.arrival.request;
      const receipt = await this.command('register', { ...facts, callId });
      if (receipt) this.acting.orders.acknowledge(receipt.orderNo, call.arrival);
    }
    this.counts.worked += 1;
    this.exchange().hangUp(callId);
  }

  private async callBack(callbackId: string): Promise<void> {
    await this.command('viewCallee', { callbackId, purpose: '回拨未接来电' });
    const reached = chance(this.acting.seed, 'call back', callbackId, this.seatId) < REACHED_ON_CALLING_BACK;
    await this.command('recordCallback', { callbackId, outcome: reached ? 'reached' : 'no_answer' });
  }

  private cards<C>(prefix: string): C[] {
    return [...this.room.cards].filter(([key]) => key.startsWith(prefix)).map(([, card]) => card as C);
  }

  private async command<N extends CommandName>(name: N, payload: CommandPayload<N>): Promise<CommandResult<N> | null> {
    const answer = await this.acting.issue(this.console, name, payload);
    return answer.ok ? answer.result : null;
  }
}
