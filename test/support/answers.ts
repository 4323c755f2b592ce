import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * A line to a server on which one request can go wrong: `before` it arrives, or `after`, when it was carried out and its
 * answer is on the way. Either way its sender only sees that the line is cut.
 */
export class Answers {
  private wanted: { text: string; when: 'before' | 'after' } | undefined;

  private constructor(
    private readonly server: Server,
    private readonly sockets: Set<Socket>,
  ) {}

  static async of(port: number): Promise<Answers> {
    const sockets = new Set<Socket>();
    const server = createServer((near) => answers.join(near, connect(port, '127.0.0.1')));
    const answers = new Answers(server, sockets);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return answers;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Of the next request that holds this text. */
  swallowOne(text: string, when: 'before' | 'after'): void {
    this.wanted = { text, when };
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket, far: Socket): void {
    let cutAtAnswer = false;
    const cut = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        this.sockets.delete(socket);
        cut();
      });
    }
    near.on('data', (request) => {
      const { text, when } = this.wanted ?? {};
      const found = text !== undefined && request.includes(text);
      if (found) this.wanted = undefined;
      if (found && when === 'before') return cut();
      cutAtAnswer = found;
      far.write(request);
    });
    far.on('data', (answer) => {
      if (cutAtAnswer) cut();
      else near.write(answer);
    });
  }
}
