import { setTimeout as delay } from 'node:timers/promises';
import type { ConsoleSocket } from './console-socket.js';
import { MOST_UNREAD_BYTES, unreadBytes } from './unread-bytes.js';

const READ_AGAIN_MS = 25;

/**
 * Consoles that do not read as fast as the hub tells, and the rooms that each was taken out of: it catches up by offset
 * later, instead of filling the hub's memory.
 */
export class SlowConsoles {
  private readonly rooms = new Map<ConsoleSocket, Set<string>>();

  isTooSlow(socket: ConsoleSocket): boolean {
    return unreadBytes(socket) > MOST_UNREAD_BYTES;
  }

  /** Bytes that each console has left unread which is set aside now. */
  get unread(): number[] {
    return [...this.rooms.keys()].map(unreadBytes);
  }

  has(socket: ConsoleSocket): boolean {
    return this.rooms.has(socket);
  }

  /** Answers, once the console has read what was sent, the rooms that it has missed since. */
  async setAside(socket: ConsoleSocket, rooms: ReadonlySet<string>): Promise<Iterable<string>> {
    this.rooms.set(socket, new Set(rooms));
    await this.hasRead(socket, MOST_UNREAD_BYTES / 4);
    const missed = this.rooms.get(socket) ?? [];
    this.rooms.delete(socket);
    return missed;
  }

  /** It left this room itself, or asks for it anew. */
  forgetRoom(socket: ConsoleSocket, room: string): void {
    this.rooms.get(socket)?.delete(room);
  }

  forget(socket: ConsoleSocket): void {
    this.rooms.delete(socket);
  }

  /** Resolves when no more than `bytes` of what was sent to the console are unread, or it is gone. */
  async hasRead(socket: ConsoleSocket, bytes = MOST_UNREAD_BYTES): Promise<void> {
    // Looked at now and then: the transport's `drain` tells that it took the bytes, not that the line did.
    while (socket.connected && unreadBytes(socket) > bytes) await delay(READ_AGAIN_MS, undefined, { ref: false });
  }
}
