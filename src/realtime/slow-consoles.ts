import { setTimeout as delay } from 'node:timers/promises';
import type { ConsoleSocket } from './console-socket.js';
import { MOST_UNREAD_BYTES, unreadBytes } from './unread-bytes.js';

const READ_AGAIN_MS = 25;
/** Who leaves more than this unread is asked to read before it is answered on: an answer must fit beside it. */
const SERVED_UP_TO_BYTES = MOST_UNREAD_BYTES / 2;
const RESUMED_FROM_BYTES = MOST_UNREAD_BYTES / 4;
/** Kept for the few short words that are said whatever waits: that a room is to be asked for again, or that it is lost. */
const SHORT_WORDS_BYTES = 8 * 1024;

/**
 * Consoles that do not read as fast as the hub tells, and the rooms that each was taken out of: it catches up by offset
 * later, instead of filling the hub's memory. [LD5]
 */
export class SlowConsoles {
  private readonly rooms = new Map<ConsoleSocket, Set<string>>();
  /** For whom something waits that there is no room for: on the way into a room, or behind what was asked before. */
  private readonly heldUp = new Map<ConsoleSocket, number>();

  /** Whether so much more may be said to the console: of a word that is larger than all that may wait, one at a time. */
  hasRoomFor(socket: ConsoleSocket, bytes: number): boolean {
    const unread = unreadBytes(socket);
    return unread === 0 || unread + bytes <= MOST_UNREAD_BYTES - SHORT_WORDS_BYTES;
  }

  /** It has left unread what keeps the hub from answering it. */
  isDeaf(socket: ConsoleSocket): boolean {
    return unreadBytes(socket) > SERVED_UP_TO_BYTES;
  }

  /** Bytes that each console has left unread which is told nothing until it reads. */
  get unread(): number[] {
    return [...new Set([...this.rooms.keys(), ...this.heldUp.keys()])].map(unreadBytes);
  }

  /** Whether it is set aside already; then these rooms are missed, too: it may have come into them since. */
  missesAlso(socket: ConsoleSocket, rooms: readonly string[]): boolean {
    const missed = this.rooms.get(socket);
    for (const room of rooms) missed?.add(room);
    return missed !== undefined;
  }

  /** Answers, once the console has read what was sent, the rooms that it has missed since. */
  async setAside(socket: ConsoleSocket, rooms: readonly string[]): Promise<Iterable<string>> {
    this.rooms.set(socket, new Set(rooms));
    await this.until(socket, () => unreadBytes(socket) <= RESUMED_FROM_BYTES);
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

  /** Resolves when the console has read most of what was sent to it, or is gone. */
  hasRead(socket: ConsoleSocket): Promise<void> {
    return this.until(socket, () => !this.isDeaf(socket));
  }

  /** Resolves when so much more may be said to the console, or it is gone. */
  untilRoomFor(socket: ConsoleSocket, bytes: number): Promise<void> {
    return this.until(socket, () => this.hasRoomFor(socket, bytes));
  }

  private async until(socket: ConsoleSocket, ready: () => boolean): Promise<void> {
    if (!socket.connected || ready()) return;
    this.heldUp.set(socket, (this.heldUp.get(socket) ?? 0) + 1);
    // Looked at now and then: the transport's `drain` tells that it took the bytes, not that the line did.
    do await delay(READ_AGAIN_MS, undefined, { ref: false });
    while (socket.connected && !ready());
    const others = this.heldUp.get(socket)! - 1;
    if (others > 0) this.heldUp.set(socket, others);
    else this.heldUp.delete(socket);
  }
}
