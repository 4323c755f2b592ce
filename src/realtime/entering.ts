import type { Card, CardKey } from '@minqing-hub/client-sdk/protocol';
import { type CatchUp, type Standing, type Start, startWithoutLog } from './catch-up.js';
import type { ConsoleSocket } from './console-socket.js';
import type { EncodedMessage } from './encoded-message.js';
import type { FollowedRoom, FollowedRooms } from './followed-rooms.js';
import type { Passage } from './passage.js';
import type { Rooms } from './rooms.js';
import type { SlowConsoles } from './slow-consoles.js';
import { SharedSnapshots } from './shared-snapshots.js';
import { Turns } from './turns.js';

/** Longer than this the line of those who come in is a storm: who comes on top of it is told when to come. */
const LONGEST_LINE = 5_000;
/** Of what memory tells so many are let in between two looks at what else there is to do: a few ms. */
const REMEMBERED_AT_ONCE = 16;
/** About what one in line takes, ms. */
const EACH_TAKES_MS = 1;

export type Answer = (
  mode: 'resumed' | 'snapshot' | 'refused',
  state: { epoch: string; offset: number; cards?: Record<CardKey, Card>; parts?: number },
) => void;

/** What is said to a console on its way in; push does it. */
export interface Doorway {
  readonly epoch: string;
  write(socket: ConsoleSocket, message: EncodedMessage): void;
  /** From here on it is told with the room. */
  join(socket: ConsoleSocket, room: string): void;
  /** It had been answered, and may not go on. */
  revoke(socket: ConsoleSocket, room: string): void;
  /** It had been answered, and could not be caught up. */
  askAgain(socket: ConsoleSocket, room: string): void;
}

/** Something that goes to a console before it is in, when it has room for that; `to`: the offset that it stands at then. */
interface Outgoing {
  bytes: number;
  to: number;
  send: () => void;
}

/**
 * Consoles come into rooms, so that each misses nothing and gets nothing twice: first what it lacks, no faster than it
 * reads, then, with nothing awaited in between, it joins. All of this stands back behind what is live. [LD1] [LD2]
 */
export class Entering {
  /** What memory tells takes no time: nobody who needs no more stands behind those who wait for the log. */
  private readonly fromMemory = new Turns(REMEMBERED_AT_ONCE);
  private readonly fromLog = new Turns();
  private readonly snapshots = new SharedSnapshots((room) => this.snapshot(room));

  constructor(
    private readonly rooms: FollowedRooms,
    private readonly catchUp: CatchUp,
    private readonly passage: Passage,
    private readonly access: Rooms,
    private readonly slow: SlowConsoles,
    private readonly door: Doorway,
  ) {}

  /** In another log. */
  beginAnew(): void {
    this.snapshots.clear();
  }

  /** After how many ms one more may ask to come in; 0: now. [LD3] */
  get waitMs(): number {
    const inLine = this.fromMemory.inLine + this.fromLog.inLine;
    return inLine < LONGEST_LINE ? 0 : inLine * EACH_TAKES_MS;
  }

  /**
   * From `from` when that can be resumed (`undefined`: never), else from a snapshot. `answer` is called once, before any
   * frame; not at all when the console has gone while it waited in line.
   */
  async letIn(
    socket: ConsoleSocket,
    room: string,
    from: Standing | undefined,
    mayStill: () => Promise<boolean>,
    answer: Answer,
  ): Promise<void> {
    const followed = this.rooms.follow(room);
    let answered = false;
    try {
      const start = await this.start(socket, room, followed, from);
      if (start === undefined) return;
      await this.enter(socket, room, followed, start, mayStill, (mode, state) => {
        answered = true;
        answer(mode, state);
      });
    } catch (error) {
      if (answered) this.door.askAgain(socket, room);
      throw error;
    } finally {
      if (!socket.rooms.has(room)) this.rooms.unfollow(room);
    }
  }

  /** `undefined`: its turn came when it was gone; nothing is read for nobody. */
  private async start(
    socket: ConsoleSocket,
    room: string,
    followed: FollowedRoom,
    from: Standing | undefined,
  ): Promise<Start | undefined> {
    if (!this.access.hasLog(room)) return startWithoutLog(this.door.epoch, from);
    const asked = this.snapshots.ask();
    const known = async () => {
      if (!socket.connected) return undefined;
      return this.catchUp.startFromRing(room, this.door.epoch, from, this.rooms.toldTo(followed));
    };
    const remembered = await this.fromMemory.take(known);
    if (remembered) return remembered;
    return this.fromLog.take(async () => {
      if (!socket.connected) return undefined;
      // What others have read meanwhile is there for it, too.
      const read = await known();
      if (read) return read;
      const resumed = from && (await this.catchUp.resumed(room, from));
      return resumed ? this.passed(resumed) : this.snapshots.of(room, asked);
    });
  }

  private async snapshot(room: string): Promise<Start> {
    return this.passed(await this.catchUp.snapshot(room, this.door.epoch));
  }

  /** Everything that had its place when that was read must have passed here, or a later event could overtake it. */
  private async passed(start: Start): Promise<Start> {
    if (start.seq !== undefined) await this.passage.reached(start.seq);
    return start;
  }

  private async enter(
    socket: ConsoleSocket,
    room: string,
    followed: FollowedRoom,
    start: Start,
    mayStill: () => Promise<boolean>,
    answer: Answer,
  ): Promise<void> {
    const { epoch } = this.door;
    const pieces = this.pieces(socket, start, answer);
    let at = start.offset;
    let answered = false;
    let next: Outgoing | undefined = pieces.shift();
    while (next) {
      await this.slow.untilRoomFor(socket, next.bytes);
      const allowed = await this.isAllowed(socket, mayStill);
      // From here to what is sent, or to the join, nothing is awaited.
      if (!allowed || !socket.connected) {
        if (answered) this.door.revoke(socket, room);
        else answer('refused', { epoch, offset: at });
        return;
      }
      next.send();
      answered = true;
      at = next.to;
      if (at > (this.rooms.toldTo(followed) ?? at)) this.rooms.flush(room);
      const target = this.rooms.toldTo(followed) ?? start.head;
      next = pieces.shift() ?? (at < target ? await this.missed(socket, room, at, target) : undefined);
    }
    if (this.access.hasLog(room)) followed.offset ??= at;
    this.door.join(socket, room);
  }

  /** Rights that changed while they were being looked up count in their new form. */
  private async isAllowed(socket: ConsoleSocket, mayStill: () => Promise<boolean>): Promise<boolean> {
    for (;;) {
      const { actor } = socket.data;
      const { revision } = this.access;
      const allowed = await mayStill();
      if (!allowed || (socket.data.actor === actor && this.access.revision === revision)) return allowed;
    }
  }

  /** The answer, and what belongs to it. */
  private pieces(socket: ConsoleSocket, { offset, snapshot }: Start, answer: Answer): Outgoing[] {
    const { epoch } = this.door;
    if (!snapshot) return [{ bytes: 0, to: offset, send: () => answer('resumed', { epoch, offset }) }];
    const { first, rest } = snapshot;
    const state = { epoch, offset, cards: first.cards, parts: rest.length + 1 };
    return [
      { bytes: first.bytes, to: offset, send: () => answer('snapshot', state) },
      ...rest.map(({ bytes, encoded }) => ({ bytes, to: offset, send: () => this.door.write(socket, encoded()) })),
    ];
  }

  private async missed(socket: ConsoleSocket, room: string, at: number, target: number): Promise<Outgoing> {
    const turns = this.catchUp.remembers(room, at, target) ? this.fromMemory : this.fromLog;
    const { to, message } = await turns.goOn(() => this.catchUp.since(room, this.door.epoch, at, target));
    return { bytes: message.bytes, to, send: () => this.door.write(socket, message) };
  }
}
