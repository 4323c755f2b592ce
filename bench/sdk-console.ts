import type { Socket } from 'node:net';
import { HubClient, type RoomHandle } from '@minqing-hub/client-sdk';
import type { RoomName, Session } from '@minqing-hub/client-sdk/protocol';
import { chances } from '../simulation/chance.js';
import type { ConsoleOnLine } from './console-on-line.js';

/** What of the SDK's connection is reached into: whoever stood between would take as much of the machine as the console. */
interface HubSocket {
  url: string;
  socket: { io: { engine: { transport: { ws: { _socket: Socket } } } } };
}

/** A console as the SDK makes it. */
export class SdkConsole implements ConsoleOnLine {
  private constructor(
    private readonly client: HubClient,
    private readonly room: RoomHandle,
  ) {}

  /** Resolves when it is in its room. */
  static async at(hub: string, session: Session, room: RoomName, name: string): Promise<SdkConsole> {
    const client = new HubClient({ url: hub, random: chances(1, name) });
    client.useSession(session);
    const handle = client.room(room);
    await handle.ready();
    return new SdkConsole(client, handle);
  }

  get offset(): number {
    return this.room.offset;
  }

  get stands(): string {
    return `${this.room.offset} ${this.room.cards.size}`;
  }

  hold(): void {
    this.line.pause();
  }

  leadTo(hub: string): void {
    this.socket.url = hub;
    const { line } = this;
    // With what was read of it and not told: the WebSocket would hand it on when its line ends.
    line.removeAllListeners('data');
    while (line.read() !== null);
    line.destroy();
  }

  whenAt(offset: number, told: () => void): void {
    const stop = this.room.onChange(() => {
      if (this.room.state !== 'live' || this.offset < offset) return;
      stop();
      told();
    });
  }

  close(): void {
    this.client.close();
  }

  private get socket(): HubSocket {
    return (this.client as unknown as { socket: HubSocket }).socket;
  }

  private get line(): Socket {
    return this.socket.socket.io.engine.transport.ws._socket;
  }
}
