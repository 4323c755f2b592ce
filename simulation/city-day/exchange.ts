import type { TelephoneEvent } from '@minqing-hub/client-sdk/protocol';
import { chance } from '../chance.js';
import type { Arrival } from './arrivals.js';

/** What an exchange tells the hub of its calls. */
export type TellHub = (event: Omit<TelephoneEvent, 'eventId' | 'at'>) => Promise<unknown>;

/** Somebody who can take a call. */
export interface CallTaker {
  readonly seatId: string;
  /** Since when nothing has been in hand (`performance.now()`); `null`: not free. */
  freeSince(): number | null;
}

export interface Call {
  callId: string;
  arrival: Arrival;
  /** When the call came in (`performance.now()`). */
  cameAt: number;
  seatId: string | null;
}

/** People hang up after so many seconds of waiting. */
const PATIENCE_SECONDS = { least: 20, most: 180 };
const LOOK_EVERY_MS = 50;

/**
 * The centre's telephones: a call waits until somebody is free, rings there, is spoken, and ends. Which seat gets it is
 * the exchange's affair; the hub hears of it by its door for telephone switches.
 */
export class Exchange {
  readonly counts = { offered: 0, answered: 0, abandoned: 0 };
  private readonly waiting: Call[] = [];
  private readonly spoken = new Map<string, Call>();
  private readonly taken = new Set<string>();
  private readonly telling = new Set<Promise<unknown>>();
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly tell: TellHub,
    private readonly takers: () => Iterable<CallTaker>,
    private readonly seed: number,
    private readonly speed: number,
    /** Begins the calls' ids: no two runs at one hub may have the same. */
    private readonly name: string,
    private readonly failed: (fault: unknown) => void,
  ) {
    this.timer = setInterval(() => this.connect(), LOOK_EVERY_MS);
  }

  /** Waiting or spoken. */
  get open(): number {
    return this.waiting.length + this.spoken.size + this.telling.size;
  }

  incoming(arrival: Arrival): void {
    const call = {
      callId: inLetters(`${this.name}-${arrival.request.sourceId}`),
      arrival,
      cameAt: performance.now(),
      seatId: null,
    };
    this.counts.offered += 1;
    this.waiting.push(call);
    this.say('offered', call);
  }

  /** The call that is being spoken, to whoever speaks it. */
  call(callId: string): Call | undefined {
    return this.spoken.get(callId);
  }

  hangUp(callId: string): void {
    const call = this.spoken.get(callId);
    if (!call) return;
    this.spoken.delete(callId);
    this.taken.delete(call.seatId!);
    this.say('hung_up', call);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private connect(): void {
    const now = performance.now();
    for (const call of this.waiting.splice(0)) {
      const { least, most } = PATIENCE_SECONDS;
      const patienceMs =
        (least + (most - least) * chance(this.seed, 'patience', call.arrival.request.sourceId)) * 1_000;
      if ((now - call.cameAt) * this.speed > patienceMs) this.abandon(call);
      else this.waiting.push(call);
    }
    if (this.waiting.length === 0) return;
    const free = [...this.takers()]
      .flatMap((taker) => {
        const since = this.taken.has(taker.seatId) ? null : taker.freeSince();
        return since === null ? [] : [{ taker, since }];
      })
      .sort((a, b) => a.since - b.since);
    for (const { taker } of free) {
      const call = this.waiting.shift();
      if (!call) return;
      call.seatId = taker.seatId;
      this.taken.add(taker.seatId);
      this.spoken.set(call.callId, call);
      this.counts.answered += 1;
      this.say('answered', call);
    }
  }

  private abandon(call: Call): void {
    this.counts.abandoned += 1;
    this.say('abandoned', call);
  }

  private say(type: TelephoneEvent['type'], call: Call): void {
    const { callId, seatId, arrival } = call;
    const telling: Promise<unknown> = this.tell({
      type,
      callId,
      ...(seatId === null ? {} : { seatId }),
      caller: arrival.request.requester!.phone!,
      line: '12345',
    })
      .catch(this.failed)
      .finally(() => this.telling.delete(telling));
    this.telling.add(telling);
  }
}

/** Digits in a row could be somebody's number, and a hub does not keep such an id as it is. */
const inLetters = (text: string): string => text.replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!);
