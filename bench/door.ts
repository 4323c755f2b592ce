import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

interface Line {
  console: Socket;
  hub: Socket;
}

/** A line between consoles and a hub that can be held, so that nobody hears anything. */
export class Door {
  private readonly lines = new Set<Line>();
  private held = false;

  private constructor(
    private readonly server: Server,
    private readonly port: number,
  ) {
    server.on('connection', (console) => this.open(console));
  }

  /** `url`: of the hub behind it. */
  static async to(url: string): Promise<Door> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new Door(server, portOf(url));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Nothing that the hub says is read any more; what the machine holds for it fills up. */
  hold(): void {
    this.held = true;
    for (const { hub } of this.lines) hub.pause();
  }

  letGo(): void {
    this.held = false;
    for (const { hub } of this.lines) hub.resume();
  }

  close(): void {
    this.server.close();
    for (const { console } of this.lines) console.destroy();
  }

  private open(console: Socket): void {
    const hub = connect(this.port, '127.0.0.1');
    const line = { console, hub };
    this.lines.add(line);
    const end = () => {
      this.lines.delete(line);
      console.destroy();
      // A hub that has died says so while the line is held, and nobody is to hear it.
      hub.destroy();
    };
    console.on('error', end).on('close', end);
    hub.on('error', () => this.held || end()).on('close', () => this.held || end());
    console.pipe(hub);
    hub.on('data', (bytes) => {
      if (!console.write(bytes)) {
        hub.pause();
        console.once('drain', () => this.held || hub.resume());
      }
    });
    if (this.held) hub.pause();
  }
}

const portOf = (url: string): number => Number(new URL(url).port);
