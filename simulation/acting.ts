import type {
  CommandAnswer,
  CommandName,
  CommandPayload,
  CommandResult,
  OrderCard,
  OrderResult,
  OrderDetail,
  OrderEventType,
} from '@minqing-hub/client-sdk/protocol';
import { untilAnswered } from './until-answered.js';
import type { Console } from './consoles.js';
import type { LatencyMeter } from './latency.js';

type OnOrder = {
  [N in CommandName]: CommandPayload<N> extends { orderNo: string }
    ? CommandResult<N> extends OrderResult
      ? N
      : never
    : never;
}[CommandName];
/** The command's payload but for what every command on an order has. */
type Rest<N extends OnOrder> = Omit<CommandPayload<N>, 'orderNo' | 'expectedVersion'>;
export type Act = { [N in OnOrder]: { name: N; payload: Rest<N>; event: OrderEventType } }[OnOrder];

/** Commands that add to an order and need not say which version they saw. */
const ADDING: readonly CommandName[] = ['recordContact', 'addProgress'];
const MOST_TRIES = 6;

/** What a run knows of the orders that its people work on. */
export interface OrdersAtWork {
  /** How the order came about, and the unit that is right for it where that is known. `sourceId` finds it before its receipt is there. */
  row(orderNo: string, sourceId?: string): { unitId: string | null; request: { sourceId: string } } | undefined;
  /** Its unit has got as far as this run goes. */
  finish(orderNo: string): void;
}

/** People come, work while requests come in, some of them hand over their seats, finish what is begun, and leave all at once. */
export type Phase = 'coming' | 'steady' | 'changing' | 'finishing' | 'leaving';

/** What actors share: what they know, and how what they do is counted. */
export class Acting<O extends OrdersAtWork = OrdersAtWork> {
  /** Command → how often it was carried out. */
  readonly done = new Map<string, number>();
  /** Command and code → how often it was refused. */
  readonly refused = new Map<string, number>();
  /** Moves with everything that happens: a run in which it stands still is stuck. */
  activity = 0;
  /** Actors that are in the middle of something. */
  busy = 0;
  /** What is going on meanwhile: answers are told apart by it. */
  phase: Phase = 'coming';
  /** How long each command waited for its answer, ms. */
  readonly answerMs: Record<Phase, number[]> = { coming: [], steady: [], changing: [], finishing: [], leaving: [] };

  constructor(
    readonly orders: O,
    readonly latency: LatencyMeter,
    readonly seed: number,
    /** Milliseconds that a person would take, in this run's time. */
    readonly thinkingMs: (...words: string[]) => number,
    private readonly random: () => number,
  ) {}

  async think(...words: string[]): Promise<void> {
    const ms = this.thinkingMs(...words);
    if (ms > 0) await new Promise((go) => setTimeout(go, ms));
  }

  read(console: Console, orderNo: string): Promise<OrderDetail> {
    return untilAnswered(() => console.client.http.get<OrderDetail>(`/api/orders/${orderNo}`), this.random);
  }

  /**
   * Does what `next` says about the order as it stands, and again when somebody else was quicker. Answers the order's
   * version afterwards; `moot` when there was nothing to do any more.
   */
  async act(
    console: Console,
    known: OrderCard | { orderNo: string },
    next: (order: OrderCard, detail: OrderDetail | null) => Act | null,
  ): Promise<number | 'moot' | 'refused'> {
    let order = 'version' in known ? known : null;
    let detail: OrderDetail | null = null;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      if (order === null) order = detail = await this.read(console, known.orderNo);
      const act = next(order, detail);
      if (act === null) return 'moot';
      const answer = await this.command(console, order, act);
      if (answer.ok) return answer.version;
      if (answer.code !== 'version_conflict') return 'refused';
      order = null;
    }
    return 'refused';
  }

  /** Any command, counted and timed. `commandId`s, cuts and repeats are the client's affair. */
  async issue<N extends CommandName>(
    { client }: Console,
    name: N,
    payload: CommandPayload<N>,
  ): Promise<CommandAnswer<N>> {
    const begun = performance.now();
    const meanwhile = this.answerMs[this.phase];
    const answer = await client.command(name, payload);
    meanwhile.push(performance.now() - begun);
    this.activity += 1;
    const [counts, what] = answer.ok ? [this.done, name] : [this.refused, `${name}: ${answer.error.code}`];
    counts.set(what, (counts.get(what) ?? 0) + 1);
    return answer;
  }

  private async command(
    console: Console,
    { orderNo, version }: OrderCard,
    { name, payload, event }: Act,
  ): Promise<{ ok: true; version: number } | { ok: false; code: string }> {
    this.latency.leaves(orderNo, event);
    const whole = { ...payload, orderNo, ...(ADDING.includes(name) ? {} : { expectedVersion: version }) };
    const answer = await this.issue(console, name, whole as CommandPayload<OnOrder>);
    if (answer.ok) return { ok: true, version: answer.result.version };
    this.latency.forget(orderNo, event);
    return { ok: false, code: answer.error.code };
  }
}
