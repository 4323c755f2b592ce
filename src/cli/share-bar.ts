import { SingleBar } from 'cli-progress';

/** Work shorter than this shows nothing. */
const PATIENCE_MS = 1_500;
const LINE_EVERY_MS = 10_000;

/** How far a program is, on stderr: a bar on a terminal, plain lines elsewhere. */
export class ShareBar {
  private readonly started = performance.now();
  private lastLine = 0;
  private bar: SingleBar | undefined;

  constructor(private readonly label: string) {}

  /** 0 to 1. */
  readonly show = (share: number): void => {
    const elapsed = performance.now() - this.started;
    if (elapsed < PATIENCE_MS) return;
    if (process.stderr.isTTY) {
      this.bar ??= this.begin();
      this.bar.update(Math.round(share * 1000));
    } else if (elapsed - this.lastLine > LINE_EVERY_MS || this.lastLine === 0) {
      this.lastLine = elapsed;
      process.stderr.write(`${this.label} ${Math.round(share * 100)} %\n`);
    }
  };

  end(): void {
    this.bar?.stop();
  }

  private begin(): SingleBar {
    const bar = new SingleBar({
      format: `${this.label} {bar} {percentage} %  {duration_formatted}, {eta_formatted} left`,
      hideCursor: true,
    });
    bar.start(1000, 0);
    return bar;
  }
}
