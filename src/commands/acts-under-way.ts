/** No command takes longer: ten seconds of tries, the last of which may wait ten more for a connection. */
const LONGEST_MS = 20_000;

interface Act {
  /** Of the order or whistle. */
  no: string;
  /** By the hub's clock, and by one that nobody sets. */
  cameAt: number;
  begunAt: number;
}

/**
 * What people do about orders and whistles, from when it comes in until it is answered, however often it is tried and however long it
 * waits meanwhile. Who judges by a clock lets those go first that came before. [CK14]
 */
export class ActsUnderWay {
  private readonly acts = new Set<Act>();

  /** Answers what to call when it is answered. */
  begin(payload: object, cameAt: number): () => void {
    // Who links an order to a whistle acts on the whistle.
    const { orderNo, whistleNo } = payload as { orderNo?: unknown; whistleNo?: unknown };
    const no = whistleNo ?? orderNo;
    if (typeof no !== 'string') return () => undefined;
    const act = { no, cameAt, begunAt: performance.now() };
    this.acts.add(act);
    return () => this.acts.delete(act);
  }

  /** Of each of them that something is under way about: when the first of it came. */
  get first(): Record<string, number> {
    const first: Record<string, number> = {};
    const begunAfter = performance.now() - LONGEST_MS;
    for (const { no, cameAt, begunAt } of this.acts) {
      if (begunAt > begunAfter) first[no] = Math.min(cameAt, first[no] ?? cameAt);
    }
    return first;
  }
}
