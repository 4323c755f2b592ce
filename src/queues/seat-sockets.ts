import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import type { Actor, SeatCard } from '@minqing-hub/client-sdk/protocol';
import { CommandBus } from '../commands/command-bus.js';
import { newCommandId } from '../commands/new-command-id.js';
import { Beat } from '../deadlines/beat.js';
import { Tail } from '../event-log/tail.js';
import { SYSTEM } from '../identity/actor.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { SeatStore } from './seat-store.js';

/**
 * Sees to it that a grace runs for every present seat whose user has no socket, and for no other. [QS8] Knows the sockets of
 * this node; for each user it compares them with the seat's row, one comparison at a time, until the two agree.
 */
@Injectable()
export class SeatSockets implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly connectedUsers = new Set<string>();
  private readonly wanted = new Set<string>();
  /** Users for whom a command could not be carried out: tried again at the next beat. */
  private readonly owed = new Set<string>();
  private readonly working = new Map<string, Promise<void>>();
  private readonly log = new Logger('SeatSockets');

  constructor(
    private readonly bus: CommandBus,
    private readonly tail: Tail,
    private readonly beat: Beat,
    private readonly readModel: ReadModel,
    private readonly seats: SeatStore,
  ) {}

  onModuleInit(): void {
    // A presence that was set by the last call before the socket went, or by one that came without a socket.
    this.tail.onPlaced((events) => {
      for (const event of events)
        if (event.type === 'seat.presence_changed') this.settle((event.card as SeatCard).userId);
    });
    this.beat.each(async () => {
      for (const userId of this.owed) this.settle(userId);
      await this.idle();
    });
  }

  /** After a start nobody is connected yet: each present seat's time to come back begins now. */
  async onApplicationBootstrap(): Promise<void> {
    const present = await this.readModel.run((tx) => this.seats.present(tx));
    for (const { userId } of present) this.settle(userId);
  }

  /** The user's first socket is there. */
  connected({ userId }: Actor): void {
    this.connectedUsers.add(userId);
    this.settle(userId);
  }

  /** The user's last socket has gone. */
  gone({ userId }: Actor): void {
    this.connectedUsers.delete(userId);
    this.settle(userId);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.idle();
  }

  /** Resolves when sockets and rows have been compared for everybody. */
  async idle(): Promise<void> {
    await Promise.all(this.working.values());
  }

  private settle(userId: string): void {
    this.wanted.add(userId);
    if (!this.working.has(userId)) this.working.set(userId, this.compare(userId));
  }

  private async compare(userId: string): Promise<void> {
    while (this.wanted.delete(userId)) {
      try {
        this.owed.delete(userId);
        for (const seat of await this.readModel.run((tx) => this.seats.ofUser(tx, userId))) {
          const connected = this.connectedUsers.has(userId);
          if (seat.presence === 'offline' || connected === (seat.graceId === null)) continue;
          await this.issue(connected ? 'endGrace' : 'startGrace', { seatId: seat.seatId, userId });
        }
      } catch (error) {
        this.owed.add(userId);
        this.log.error('a seat could not be compared with its sockets; the next beat tries again', error as Error);
      }
    }
    // Not a tick later: a change in between would be lost.
    this.working.delete(userId);
  }

  private async issue(name: 'startGrace' | 'endGrace', payload: { seatId: string; userId: string }): Promise<void> {
    const answer = await this.bus.execute(SYSTEM, { name, commandId: newCommandId(), payload });
    if (!answer.ok) throw new Error(`${name}: ${answer.error.code}`);
  }
}
