/** Ends a subscription to changes. */
export type Stop = () => void;

/** One listener's fault neither stops the others nor what they are told about: it surfaces by itself afterwards. */
export class Listeners<A extends unknown[]> {
  private readonly all = new Set<(...args: A) => void>();

  add(listener: (...args: A) => void): Stop {
    const own = (...args: A): void => listener(...args);
    this.all.add(own);
    return () => this.all.delete(own);
  }

  tell(...args: A): void {
    for (const listener of [...this.all]) {
      try {
        listener(...args);
      } catch (fault) {
        setTimeout(() => {
          throw fault;
        });
      }
    }
  }
}
