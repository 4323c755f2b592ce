import { openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const PRELOADED = pathToFileURL(resolve('test/support/set-time.mjs')).href;

/** The system's time as a process sees it, to be set while it runs: ahead, and back. */
export class SystemTime {
  /** How far it is set from the machine's own, ms. */
  private aheadMs = 0;
  /** What it was set to, ms UTC, by itself. */
  readonly landings: number[] = [];
  private readonly open: number;

  /** `file`: where it is told. */
  constructor(private readonly file: string) {
    this.open = openSync(this.file, 'w');
    this.set(0);
  }

  /** For the process. */
  get env(): Record<string, string> {
    return { NODE_OPTIONS: `--import=${PRELOADED}`, SYSTEM_TIME_FILE: this.file };
  }

  now(): number {
    return Date.now() + this.aheadMs;
  }

  /** From one moment to the next, for whoever reads it. */
  jump(ms: number): void {
    this.set(this.aheadMs + Math.round(ms));
  }

  jumpTo(at: number): void {
    this.jump(at - this.now());
  }

  private set(aheadMs: number): void {
    this.aheadMs = aheadMs;
    writeSync(this.open, new Float64Array([aheadMs]), 0, Float64Array.BYTES_PER_ELEMENT, 0);
    this.landings.push(this.now());
  }
}
