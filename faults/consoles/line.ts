import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** One connection through the line: `near` is the console's end, `far` the hub's. */
interface Pair {
  near: Socket;
  far: Socket;
}

/** The network between consoles and a hub: connections through it can be cut, fall silent, be delayed or not be read. */
export class Line {
  private readonly pairs = new Set<Pair>();
  private delayMs = 0;

  private constructor(private readonly server: Server) {}

  static async to(port: number): Promise<Line> {
    const server = createServer();
    const line = new Line(server);
    server.on('connection', (near) => line.carry({ near, far: connect(port, '127.0.0.1') }));
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

  /** Consoles that do not read what the hub sends, for `ms`; what they say gets through. */
  stopReading(share: number, random: () => number, ms: number): number {
    const chosen = this.choose(share, random);
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

  private carry(pair: Pair): void {
    const { near, far } = pair;
    this.pairs.add(pair);
    this.pass(near, far);
    this.pass(far, near);
    near.on('close', () => this.pairs.delete(pair));
  }

  private pass(from: Socket, to: Socket): void {
    let lastAt = 0;
    from.on('data', (chunk: Buffer) => {
      const write = (): void => {
        if (to.destroyed || to.write(chunk)) return;
        from.pause();
        to.once('drain', () => from.resume());
      };
      const now = performance.now();
      lastAt = Math.max(lastAt, now + this.delayMs);
      if (lastAt <= now) write();
      else setTimeout(write, lastAt - now);
    });
    from.on('end', () => to.end());
    from.on('error', () => undefined);
    from.on('close', () => to.destroy());
  }
}
