import { HubProblem } from '@minqing-hub/client-sdk';
import type {
  HubError,
  TelephoneEvent,
  TelephoneEventAnswer,
  TelephoneEventLine,
} from '@minqing-hub/client-sdk/protocol';
import { untilAnswered } from './until-answered.js';

/** How badly the line between switch and hub behaves. Shares of all events, 0 to 1. */
export interface Disorder {
  /** Told twice. */
  twice: number;
  /** Kept back, and told after events that came later. */
  heldBack: number;
}

export interface SwitchOptions {
  url: string;
  /** Of a source system: `createApiKey`. */
  apiKey: string;
  /** The switch's time, ms UTC. */
  now: () => number;
  /** 0 ≤ x < 1; chooses what befalls which event, and how long to wait before asking again. */
  random?: () => number;
  disorder?: Disorder;
  /** Begins its ids: no two switches of one key may use the same. */
  name?: string;
}

const MOST_AT_ONCE = 100;

/**
 * A telephone switch for trials: calls ring, are answered, are given up and end, and the hub is told through its public
 * door, by one of its own source's keys. What could not be told is told again until it has an answer.
 */
export class TelephoneSwitch {
  /** Every answer, in the order in which they came. */
  readonly answers: TelephoneEventLine[] = [];
  private readonly heldBack: TelephoneEvent[] = [];
  private readonly random: () => number;
  private readonly telling = new Set<Promise<unknown>>();
  private calls = 0;
  private events = 0;

  constructor(private readonly options: SwitchOptions) {
    this.random = options.random ?? Math.random;
  }

  /** A call comes in; without a seat it waits in the switch. */
  async ring(call: { seatId?: string; caller?: string; line?: string } = {}): Promise<SwitchCall> {
    const begun = new SwitchCall(this, `${this.name}-call-${++this.calls}`, call.caller);
    await begun.rings(call);
    return begun;
  }

  /** Tells one event; the answer, or `null` when it is kept back or told badly on purpose. */
  async tell(event: Omit<TelephoneEvent, 'eventId' | 'at'> & { at?: number }): Promise<TelephoneEventAnswer | null> {
    const { at = this.options.now(), ...facts } = event;
    const told: TelephoneEvent = {
      ...facts,
      eventId: `${this.name}-event-${++this.events}`,
      at: new Date(at).toISOString(),
    };
    const { disorder } = this.options;
    if (disorder && this.random() < disorder.heldBack) {
      this.heldBack.push(told);
      return null;
    }
    const [answer] = await this.send([told]);
    if (disorder && this.random() < disorder.twice) await this.send([told]);
    if (this.heldBack.length > 0 && this.random() < 0.5) await this.send([this.heldBack.shift()!]);
    if ('error' in answer!) throw new HubProblem(answer.error);
    return answer!;
  }

  /** Tells events as they are, as many as there are, by the hundred. */
  async send(events: readonly TelephoneEvent[]): Promise<TelephoneEventLine[]> {
    const answers: TelephoneEventLine[] = [];
    for (let from = 0; from < events.length; from += MOST_AT_ONCE) {
      answers.push(...(await this.post(events.slice(from, from + MOST_AT_ONCE))));
    }
    this.answers.push(...answers);
    return answers;
  }

  /** Tells what was kept back, last first. */
  async flush(): Promise<void> {
    await this.send(this.heldBack.splice(0).reverse());
    await Promise.all(this.telling);
  }

  get name(): string {
    return this.options.name ?? 'switch';
  }

  private post(events: readonly TelephoneEvent[]): Promise<TelephoneEventLine[]> {
    const { url, apiKey } = this.options;
    const asked = untilAnswered(async () => {
      const response = await fetch(`${url}/api/cti/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
        body: JSON.stringify(events),
      }).catch(() => undefined);
      // Whoever stands before the hub answers with a page of its own where no node does.
      const body = (await response?.json().catch(() => undefined)) as TelephoneEventLine[] | HubError | undefined;
      if (!response || !body) throw new HubProblem({ code: 'unavailable', message: '枢纽没有应答' });
      if (!Array.isArray(body)) throw new HubProblem(body, response.status);
      // Events commute and may come twice, so all of them are told again when one found the hub in trouble.
      const trouble = body.find((line) => 'error' in line && PASSING.includes(line.error.code));
      if (trouble && 'error' in trouble) throw new HubProblem(trouble.error, 503);
      return body;
    }, this.random);
    this.telling.add(asked);
    return asked.finally(() => this.telling.delete(asked));
  }
}

const PASSING: readonly HubError['code'][] = ['internal', 'unavailable'];

/** One call in the simulated switch. */
export class SwitchCall {
  private seatId: string | undefined;

  constructor(
    private readonly owner: TelephoneSwitch,
    readonly callId: string,
    private readonly caller: string | undefined,
  ) {}

  /** Rings at a seat, or at the next one. */
  rings({ seatId, line }: { seatId?: string; line?: string } = {}): Promise<TelephoneEventAnswer | null> {
    this.seatId = seatId;
    return this.tell('offered', { ...this.at(seatId), ...(line ? { line } : {}) });
  }

  answered(seatId = this.seatId): Promise<TelephoneEventAnswer | null> {
    this.seatId = seatId;
    return this.tell('answered', this.at(seatId));
  }

  abandoned(): Promise<TelephoneEventAnswer | null> {
    return this.tell('abandoned', this.at(this.seatId));
  }

  hungUp(): Promise<TelephoneEventAnswer | null> {
    return this.tell('hung_up', this.at(this.seatId));
  }

  private at(seatId: string | undefined): { seatId?: string } {
    return seatId === undefined ? {} : { seatId };
  }

  private tell(type: TelephoneEvent['type'], more: Partial<TelephoneEvent>): Promise<TelephoneEventAnswer | null> {
    const { at: _at, eventId: _eventId, ...facts } = more;
    return this.owner.tell({
      type,
      callId: this.callId,
      ...facts,
      ...(this.caller === undefined ? {} : { caller: this.caller }),
    });
  }
}
