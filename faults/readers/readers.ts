import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Violation } from '../check/violation.js';
import type { Entry } from '../history/entry.js';
import type { Span } from '../recovery.js';
import { type Lane, type ServerFault } from '../servers/servers.js';
import type { FromReaders, ReadersPlan, RoomHead, ToReaders } from './words.js';

const PROGRAM = 'dist-faults/faults/readers/worker.js';

type Ended = Extract<FromReaders, { kind: 'ended' }>;

export interface ReadersResult {
  deliveries: number;
  recoveries: Span[];
  violations: Violation[];
  history: Entry[];
}

/** Hundreds of consoles in a thread of their own, which check what comes while it comes. */
export class Readers {
  private readonly worker: Worker;
  private readonly waiting: ((word: FromReaders) => void)[] = [];
  private failed: Error | undefined;

  private constructor(plan: ReadersPlan) {
    this.worker = new Worker(resolve(PROGRAM), { workerData: plan });
    this.worker.on('message', (word: FromReaders) => this.waiting.shift()?.(word));
    this.worker.on('error', (error) => (this.failed = error));
  }

  /** Resolves when all of them are in their rooms. */
  static async come(plan: ReadersPlan): Promise<Readers> {
    const readers = new Readers(plan);
    await readers.next();
    return readers;
  }

  /** What can happen to their lines, which are not those of the others. */
  get lane(): Lane {
    const fault = (kind: ServerFault['kind'], weight: number, share: number, ms: number): ServerFault => ({
      kind,
      weight,
      befall: (random) => this.befall({ kind: 'break', fault: kind, share: share * random(), ms: 300 + ms * random() }),
    });
    return {
      rest: 2,
      faults: [
        fault('line cut', 4, 0.3, 0),
        fault('line half open', 2, 0.1, 1_500),
        fault('reading stopped', 2, 0.2, 3_000),
      ],
    };
  }

  /** When all is quiet: what they got, and what was wrong with it. They go then. */
  async end(heads: RoomHead[], patienceMs: number): Promise<ReadersResult> {
    const { origin, ...result } = (await this.ask({ kind: 'end', heads, patienceMs })) as Ended;
    // Each thread counts from its own beginning.
    const by = origin - performance.timeOrigin;
    return {
      ...result,
      recoveries: result.recoveries.map(({ from, to }) => ({ from: from + by, to: to + by })),
      history: result.history.map((entry) => ({ ...entry, at: entry.at + by })),
    };
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private async befall(word: ToReaders): Promise<string> {
    const { count } = (await this.ask(word)) as Extract<FromReaders, { kind: 'broken' }>;
    return `${count} readers`;
  }

  private ask(word: ToReaders): Promise<FromReaders> {
    const answered = this.next();
    this.worker.postMessage(word);
    return answered;
  }

  /** Answers come in the order in which was asked. */
  private next(): Promise<FromReaders> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(this.failed ?? new Error('the readers are gone'));
      this.worker.once('exit', ended);
      this.waiting.push((word) => {
        this.worker.off('exit', ended);
        resolve(word);
      });
    });
  }
}
