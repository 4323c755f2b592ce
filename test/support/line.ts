import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A line to a server that can fall silent: what stands stays open and carries nothing more, new connections go through. */
export class Line {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async to(port: number): Promise<Line> {
    const server = createServer();
    const line = new Line(server);
    server.on('connection', (near) => line.carry(near, connect(port, '127.0.0.1')));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return line;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** How many connections it carries or has silenced. */
  get connections(): number {
    return this.sockets.size / 2;
  }

  /** As when a firewall forgets what it let through. */
  silence(): void {
    for (const socket of this.sockets) {
      socket.unpipe();
      socket.removeAllListeners('end');
      socket.pause();
    }
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((closed) => this.server.close(closed));
  }

  private carry(near: Socket, far: Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.pipe(to);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
  }
}
