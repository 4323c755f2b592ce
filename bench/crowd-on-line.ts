import type { Socket } from 'node:net';
import type { HubClient } from '@minqing-hub/client-sdk';
import { Crowd } from './crowd.js';

const LOOK_EVERY_MS = 5;

/** What of the SDK's connection is reached into: whoever stood between would take as much of the machine as the consoles. */
interface HubSocket {
  url: string;
  socket: { io: { engine: { transport: { ws: { _socket: Socket } } } } };
}

/** Many consoles whose lines can be held, cut and led to another hub, and how they fare. */
export class CrowdOnLine {
  private crowd: Crowd | undefined;
  /** Of the last cut. */
  private times: number[] = [];

  /** `agents`: how many of them others have taken already. */
  async open({ hub, count, agents }: { hub: string; count: number; agents: number }): Promise<void> {
    this.crowd = await Crowd.at(hub, hub, count, () => undefined, agents);
  }

  /** From now on they hear nothing. */
  hold(): void {
    for (const { client } of this.crowd!.watchers) lineOf(client).pause();
  }

  /** All lines are cut and led to another hub; from then on it is noted when each has everything up to `offset`. */
  cutOver({ hub, offset }: { hub: string; offset: number }): void {
    const times: number[] = (this.times = []);
    const begun = performance.now();
    for (const { client, room } of this.crowd!.watchers) {
      const stop = room.onChange(() => {
        if (room.state !== 'live' || room.offset < offset) return;
        stop();
        times.push(performance.now() - begun);
      });
      socketOf(client).url = hub;
      cut(client);
    }
  }

  /** When each of those who are back in time had everything, ms after the cut. */
  async caughtUp({ withinMs }: { withinMs: number }): Promise<number[]> {
    const end = performance.now() + withinMs;
    const { watchers } = this.crowd!;
    while (this.times.length < watchers.length && performance.now() < end) {
      await new Promise((again) => setTimeout(again, LOOK_EVERY_MS));
    }
    return this.times;
  }

  /** How each console's room stands, in words that are the same for the same content. */
  standing(): { offset: number; stands: string[] } {
    const rooms = this.crowd!.watchers.map(({ room }) => room);
    return {
      offset: Math.max(...rooms.map(({ offset }) => offset)),
      stands: rooms.map(({ offset, cards }) => `${offset} ${cards.size}`),
    };
  }

  /** What the processor has done for this process, ms. */
  cpuMs(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  }

  close(): void {
    this.crowd?.close();
  }
}

const socketOf = (client: HubClient): HubSocket => (client as unknown as { socket: HubSocket }).socket;
/** With what was read of it and not told: the WebSocket would hand it on when its line ends. */
function cut(client: HubClient): void {
  const line = lineOf(client);
  line.removeAllListeners('data');
  while (line.read() !== null);
  line.destroy();
}

const lineOf = (client: HubClient): Socket => socketOf(client).socket.io.engine.transport.ws._socket;
