import { Presets, SingleBar } from 'cli-progress';

/** Tells a person something, on standard error. */
export type Say = (sentence: string) => void;

const LINE_EVERY_MS = 10_000;

/** How far a piece of work has come, with rate and remaining time: a bar on a terminal, now and then a line elsewhere. */
export class Progress {
  private readonly bar: SingleBar | null;
  private readonly startedAt = performance.now();
  private lineAt = this.startedAt;
  private done = 0;

  constructor(
    private readonly what: string,
    private readonly total: number,
    private readonly say: Say,
    terminal = process.stderr.isTTY,
  ) {
    this.bar = terminal
      ? new SingleBar(
          {
            stream: process.stderr,
            format: `${what} [{bar}] {percentage}% | {value}/{total} | {rate}/s | {left} left`,
            hideCursor: true,
          },
          Presets.legacy,
        )
      : null;
    this.bar?.start(total, 0, { rate: '0', left: '?' });
  }

  /** `left`: seconds, when something else than the rate so far decides. */
  at(done: number, left?: number): void {
    this.done = done;
    const seconds = (performance.now() - this.startedAt) / 1000;
    const rate = seconds === 0 ? 0 : done / seconds;
    const shown = { rate: rate.toFixed(0), left: span(left ?? (this.total - done) / rate) };
    this.bar?.update(done, shown);
    if (this.bar || performance.now() - this.lineAt < LINE_EVERY_MS) return;
    this.lineAt = performance.now();
    this.say(`${this.what}: ${done} of ${this.total}, ${shown.rate}/s, ${shown.left} left`);
  }

  end(): void {
    this.bar?.stop();
    const seconds = (performance.now() - this.startedAt) / 1000;
    if (!this.bar) this.say(`${this.what}: ${this.done} of ${this.total} in ${seconds.toFixed(1)} s`);
  }
}

function span(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.ceil(seconds);
  return whole < 100 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
