import type { LoggedEvent } from '../event-log/logged-event.js';
import type { People } from '../identity/people.js';
import type { ReadModel } from '../storage/unit-of-work.js';
import type { ConsoleSocket } from './console-socket.js';
import type { Rooms } from './rooms.js';

export type RevokedCode = 'rights_changed' | 'order_moved' | 'session_ended';

const OF_ONE_USER: readonly string[] = ['identity.rights_changed', 'identity.password_changed'];

/** The consoles of this node, as far as their rights are concerned. */
export interface Consoles {
  all(): ConsoleSocket[];
  in(room: string): ConsoleSocket[];
  /** Sends what was gathered so far: those who lose a right now still had it then. */
  flush(room?: string): void;
  revoke(socket: ConsoleSocket, room: string, code: RevokedCode): void;
  end(socket: ConsoleSocket): void;
}

/** Applies what an event changes in who may be where, in its place in the log: before it is told to anybody [I6]. */
export class WhoStays {
  /** By user: how often the log has told here that rights or password are others. */
  private readonly told = new Map<string, number>();

  constructor(
    private readonly access: Rooms,
    private readonly people: People,
    private readonly readModel: ReadModel,
    private readonly consoles: Consoles,
  ) {}

  /** Who was looked up before it moved, and is on no list yet, may have been told of too early. [I6] */
  changesOf(userId: string): number {
    return this.told.get(userId) ?? 0;
  }

  async apply(event: LoggedEvent): Promise<void> {
    if (OF_ONE_USER.includes(event.type)) {
      const userId = event.data.userId as string;
      this.told.set(userId, this.changesOf(userId) + 1);
    }
    if (event.type === 'identity.rights_changed') await this.applyRights(event);
    else if (event.type === 'identity.password_changed') this.endAll(event.data.userId as string);
    else if (event.type === 'lists.activated') await this.applyUnits();
    this.applyReaders(event);
  }

  /**
   * A right that was given a moment ago counts before the log tells this node of it: the answer to the command that gave
   * it may be there earlier. Says whether the rights are others now.
   */
  async lookUpRights(socket: ConsoleSocket): Promise<boolean> {
    const before = socket.data.actor;
    const actor = await this.readModel.run((tx) => this.people.actor(tx, before.userId));
    // What an event has told meanwhile is newer than this. [I6]
    if (actor && socket.data.actor === before) socket.data.actor = actor;
    return socket.data.actor !== before;
  }

  private async applyRights(event: LoggedEvent): Promise<void> {
    const userId = event.data.userId as string;
    const mine = this.consoles.all().filter((socket) => socket.data.actor.userId === userId);
    if (mine.length === 0) return;
    this.consoles.flush();
    const actor = await this.readModel.run((tx) => this.people.actor(tx, userId));
    for (const socket of mine) {
      if (!actor) {
        this.consoles.end(socket);
        continue;
      }
      socket.data.actor = actor;
      await this.keepOnlyAllowed(socket);
    }
  }

  /** [ID4] Connections that were opened under an earlier password. */
  private endAll(userId: string): void {
    this.consoles.flush();
    for (const socket of this.consoles.all()) if (socket.data.actor.userId === userId) this.consoles.end(socket);
  }

  /** Units are others than before. */
  async applyUnits(): Promise<void> {
    this.consoles.flush();
    await this.access.refreshUnits();
    for (const socket of this.consoles.all()) await this.keepOnlyAllowed(socket);
  }

  private async keepOnlyAllowed(socket: ConsoleSocket): Promise<void> {
    for (const room of [...socket.rooms]) {
      if (room === socket.id) continue;
      if (!(await this.access.mayEnter(socket.data.actor, room))) this.consoles.revoke(socket, room, 'rights_changed');
    }
  }

  /** An order that moved on leaves the consoles of those who may not read it any more. */
  private applyReaders({ audience: { readers }, subject: room }: LoggedEvent): void {
    if (!readers) return;
    for (const socket of this.consoles.in(room)) {
      if (this.access.mayStay(socket.data.actor, room, readers)) continue;
      this.consoles.flush(room);
      // A seat has readers beside its own people while somebody in training listens there. [PS6]
      this.consoles.revoke(socket, room, room.startsWith('order:') ? 'order_moved' : 'rights_changed');
    }
  }
}
