import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** As old as this a connection is no new one any more. */
const SETTLED_MS = 3_000;

/** One connection through the line: `near` is the console's end, `far` the hub's. */
interface Pair {
  near: Socket;
  far: Socket;
  /** When it was made, ms of the monotonic clock. */
  since: number;
}

/**
 * The network between consoles and the hub's nodes: each connection goes to one of those that answer, and can be cut,
 * fall silent, be delayed or not be read.
 */
export class Line {
  private readonly pairs = new Set<Pair>();
  private delayMs = 0;

  private constructor(private readonly server: Server) {}

  static async to(ports: readonly number[]): Promise<Line> {
    const server = createServer();
    const line = new Line(server);
    let next = 0;
    server.on('connection', (near) => line.connect(near, ports, (next += 1), ports.length));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Both ends learn of it at once. Answers how many connections it was. */
  cut(share: number, random: () => number): number {
    const chosen = this.choose(share, random);
    for (const { near, far } of chosen) {
      near.destroy();
      far.destroy();
    }
    return chosen.length;
  }

  /** Neither end learns of it, and nothing passes any more, until the console's end hangs up after `ms`. */
  halfOpen(share: number, random: () => number, ms: number): number {
    const chosen = this.choose(share, random);
    for (const { near, far } of chosen) {
      for (const socket of [near, far]) {
        socket.removeAllListeners('data');
        socket.removeAllListeners('end');
        socket.pause();
      }
      setTimeout(() => near.destroy(), ms);
      // The hub's end stays for as long again: it must not count as the same person twice for ever.
      setTimeout(() => far.destroy(), 2 * ms);
    }
    return chosen.length;
  }

  /**
   * Consoles that do not read what the hub sends, for `ms`; what they say gets through. Not those that have just come:
   * how long coming back takes is measured.
   */
  stopReading(share: number, random: () => number, ms: number): number {
    const settled = performance.now() - SETTLED_MS;
    const chosen = this.choose(share, random).filter(({ since }) => since < settled);
    for (const { far } of chosen) {
      far.pause();
      setTimeout(() => far.resume(), ms);
    }
    return chosen.length;
  }

  /** From now on everything takes so much longer, in its order. 0: as before. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  async close(): Promise<void> {
    for (const { near, far } of this.pairs) {
      near.destroy();
      far.destroy();
    }
    await new Promise((closed) => this.server.close(closed));
  }

  private choose(share: number, random: () => number): Pair[] {
    const chosen = [...this.pairs].filter(() => random() < share);
    const one = [...this.pairs][Math.floor(random() * this.pairs.size)];
    return chosen.length > 0 || !one ? chosen : [one];
  }

  /** To the first node that answers, `tries` of them at most. */
  private connect(near: Socket, ports: readonly number[], from: number, tries: number): void {
    near.on('error', () => undefined);
    if (tries === 0 || near.destroyed) return void near.destroy();
    const far = connect(ports[from % ports.length]!, '127.0.0.1');
    const dead = (): void => this.connect(near, ports, from + 1, tries - 1);
    far.once('error', dead);
    far.once('connect', () => {
      far.off('error', dead);
      this.carry({ near, far, since: performance.now() });
    });
  }

  private carry(pair: Pair): void {
    const { near, far } = pair;
    this.pairs.add(pair);
    this.pass(near, far);
    this.pass(far, near);
    near.on('close', () => this.pairs.delete(pair));
  }

  private pass(from: Socket, to: Socket): void {
    const write = (chunk: Buffer): void => {
      if (to.destroyed || to.write(chunk)) return;
      from.pause();
      to.once('drain', () => from.resume());
    };
    // One behind the other, also where timers are not: a line never swaps what it carries.
    const waiting: { chunk: Buffer; at: number }[] = [];
    const pass = (): void => {
      while (waiting.length > 0 && waiting[0]!.at <= performance.now()) write(waiting.shift()!.chunk);
      if (waiting.length > 0) setTimeout(pass, waiting[0]!.at - performance.now());
    };
    from.on('data', (chunk: Buffer) => {
      if (waiting.length === 0 && this.delayMs === 0) return write(chunk);
      if (waiting.push({ chunk, at: performance.now() + this.delayMs }) === 1) pass();
    });
    from.on('end', () => to.end());
    from.on('error', () => undefined);
    from.on('close', () => to.destroy());
  }
}
