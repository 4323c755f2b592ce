import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Actor, SeatCard } from '@minqing-hub/client-sdk/protocol';
import { CommandBus } from '../commands/command-bus.js';
import { newCommandId } from '../commands/new-command-id.js';
import { Beat } from '../deadlines/beat.js';
import { Tail } from '../event-log/tail.js';
import { SYSTEM } from '../identity/actor.js';
import { AskedTogether } from '../storage/asked-together.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { HubNode } from './hub-node.js';
import { SeatStore } from './seat-store.js';
import { SocketStore } from './socket-store.js';

/**
 * Sees to it that a grace runs for every present seat whose user has no socket on any node, and for no other. [QS8] Knows
 * the sockets of this node and keeps their rows; for each user it compares rows and seats, one comparison at a time, until
 * they agree. Events make it prompt, the beat makes it sure: it finds by query whom nobody has compared, those of a node
 * that has died above all.
 */
@Injectable()
export class SeatSockets implements OnModuleInit, BeforeApplicationShutdown {
  private readonly connectedUsers = new Set<string>();
  private readonly wanted = new Set<string>();
  /** Who has come since they were last compared: they may have gone again meanwhile, and are waited for anew. */
  private readonly came = new Set<string>();
  /** Users for whom a command could not be carried out: tried again at the next beat. */
  private readonly owed = new Set<string>();
  private readonly working = new Map<string, Promise<void>>();
  /** Whether there is anything to compare; asked first, as most users have no seat. */
  private readonly concerns = new AskedTogether((userIds: readonly string[]) => this.concerned(userIds));
  private readonly log = new Logger('SeatSockets');
  private stopped = false;

  constructor(
    private readonly bus: CommandBus,
    private readonly tail: Tail,
    private readonly beat: Beat,
    private readonly readModel: ReadModel,
    private readonly seats: SeatStore,
    private readonly sockets: SocketStore,
    private readonly node: HubNode,
  ) {}

  onModuleInit(): void {
    // A presence that was set by the last call before the socket went, or by one that came without a socket.
    this.tail.onPlaced((events) => {
      for (const event of events)
        if (event.type === 'seat.presence_changed') this.settle((event.card as SeatCard).userId);
    });
    this.node.onFreed(() => {
      for (const userId of this.connectedUsers) this.settle(userId);
    });
    // The first one comes when the hub begins to serve: from then on each present seat's time to come back counts.
    this.beat.each(async () => {
      await this.node.live();
      for (const userId of this.owed) this.settle(userId);
      for (const userId of await this.readModel.run((tx) => this.sockets.unsettled(tx))) this.settle(userId);
      await this.idle();
    });
  }

  /** The user's first socket on this node is there. */
  connected({ userId }: Pick<Actor, 'userId'>): void {
    this.connectedUsers.add(userId);
    this.came.add(userId);
    this.settle(userId);
  }

  /** The user's last socket on this node has gone. */
  gone({ userId }: Pick<Actor, 'userId'>): void {
    this.connectedUsers.delete(userId);
    this.settle(userId);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop();
    await this.idle();
  }

  /** From here on it says nothing any more: its sockets end with its node. */
  stop(): void {
    this.stopped = true;
  }

  /** Resolves when sockets and rows have been compared for everybody. */
  async idle(): Promise<void> {
    await Promise.all(this.working.values());
  }

  private settle(userId: string): void {
    if (this.stopped) return;
    this.wanted.add(userId);
    if (!this.working.has(userId)) this.working.set(userId, this.compare(userId));
  }

  private async compare(userId: string): Promise<void> {
    while (this.wanted.delete(userId)) {
      const came = this.came.delete(userId);
      try {
        this.owed.delete(userId);
        const concerned = await this.concerns.ask(userId);
        if (this.stopped) break;
        if (!concerned || (await this.agrees(userId, came))) continue;
        const connected = this.connectedUsers.has(userId);
        const payload = { nodeId: this.node.id, userId, connected, wasThere: came && !connected };
        const answer = await this.bus.execute(SYSTEM, { name: 'tellSockets', commandId: newCommandId(), payload });
        if (!answer.ok) throw new Error(`tellSockets: ${answer.error.code}`);
        if (!(answer.result as { told: boolean }).told) this.owed.add(userId);
      } catch (error) {
        this.owed.add(userId);
        if (came) this.came.add(userId);
        this.log.error('a seat could not be compared with its sockets; the next beat tries again', error as Error);
      }
    }
    // Not a tick later: a change in between would be lost.
    this.working.delete(userId);
  }

  private concerned(userIds: readonly string[]): Promise<boolean[]> {
    return this.readModel.run(async (tx) => {
      const concerned = await this.sockets.concerned(tx, userIds, this.node.id);
      return userIds.map((userId) => concerned.has(userId));
    });
  }

  /** Asked before a command is issued: most events change nothing here. */
  private agrees(userId: string, came: boolean): Promise<boolean> {
    return this.readModel.run(async (tx) => {
      const told = await this.sockets.has(tx, userId, this.node.id);
      const seats = await this.seats.ofUser(tx, userId);
      if (told !== this.connectedUsers.has(userId)) return false;
      const any = await this.sockets.anyOf(tx, userId);
      if (came && !any) return seats.every(({ presence }) => presence === 'offline');
      return seats.every((seat) => seat.presence === 'offline' || any === (seat.graceId === null));
    });
  }
}
