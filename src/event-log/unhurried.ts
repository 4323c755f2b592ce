/**
 * Work that events call for again and again. It begins at once, and rests after each time as long as it says: what calls
 * for it meanwhile is done together.
 */
export class Unhurried {
  private cancelRest: (() => void) | undefined;
  private resting = false;
  private called = false;

  constructor(private readonly work: () => void) {}

  call(): void {
    if (this.resting) this.called = true;
    else this.work();
  }

  /** The work begins, called for or not; what calls for it from now on waits. */
  begin(): void {
    this.cancelRest?.();
    this.resting = true;
    this.called = false;
  }

  restFor(ms: number): void {
    const timer = setTimeout(() => {
      this.resting = false;
      if (this.called) this.work();
    }, ms);
    this.cancelRest = () => clearTimeout(timer);
  }

  stop(): void {
    this.cancelRest?.();
  }
}
