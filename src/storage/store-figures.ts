/** A bounded number of connections to a database. */
export interface ConnectionPool {
  readonly size: number;
  /** Connections in use, and pieces of work that wait for one. */
  readonly load: { taken: number; waiting: number };
  /** Calls with how long each piece of work waited for its connection, s. */
  onTaken?(listener: (seconds: number) => void): void;
}

/** Work that was run again, and why (`conflict`, `lost` …). */
export interface Retrying {
  onTryAgain(listener: (reason: string) => void): void;
}

/** How the adapters of the storage do, for who looks at the hub from outside. */
export class StoreFigures {
  constructor(
    /** By what they are for: `write`, `read`, `replica`. */
    readonly pools: Readonly<Record<string, ConnectionPool>>,
    readonly retrying?: Retrying,
    /** What carries words between the nodes; `failing`: its name in `/api/health/ready` while it does not. */
    readonly wakeUp?: { readonly failing: string | undefined },
  ) {}
}
