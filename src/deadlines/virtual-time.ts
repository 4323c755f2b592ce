import type { Clock } from '../config/clock.js';
import { ConfigurationFault } from '../config/configuration-fault.js';
import { VirtualClock } from '../config/virtual-clock.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import type { Tail } from '../event-log/tail.js';
import type { HubSettings } from '../identity/hub-settings.js';
import type { ReadModel, Tx } from '../storage/unit-of-work.js';
import type { Beat } from './beat.js';

/** What the database keeps: how far ahead the time is, and the command that moved it there. */
interface Kept {
  aheadMs: number;
  actorId: string;
  commandId: string;
}

/**
 * How far ahead of the machine the hub's time is. The database keeps it, so that time goes back over no restart; the
 * log tells of it, so that every node's clock moves, and none before the move is sure. [CK8]
 */
export class VirtualTime {
  private constructor(
    private readonly clock: Clock,
    private readonly hubSettings: HubSettings,
  ) {}

  /**
   * Before anything asks for the time.
   * @throws {ConfigurationFault} when the database has lived ahead of a clock that is not virtual
   */
  static async open(
    this: void,
    clock: Clock,
    hubSettings: HubSettings,
    readModel: ReadModel,
    tail: Tail,
    beat: Beat,
  ): Promise<VirtualTime> {
    const aheadMs = kept(await readModel.run((tx) => hubSettings.get(tx, 'time.ahead')))?.aheadMs ?? 0;
    if (clock instanceof VirtualClock) {
      clock.moveAheadTo(aheadMs);
      tail.onPlaced((events) => follow(clock, events, beat));
    } else if (aheadMs > 0) {
      throw new ConfigurationFault([
        'HUB_CLOCK：这个数据库里的时间曾被拨快，以真实时间启动会使时间倒退。请设为 virtual，或换用新的数据目录（HUB_DATA_DIR）',
      ]);
    }
    return new VirtualTime(clock, hubSettings);
  }

  get possible(): boolean {
    return this.clock instanceof VirtualClock;
  }

  /**
   * Answers how far ahead the time will be, or `undefined` when this very command has moved it already: a long move makes
   * the hub forget the answers of the week before, its own among them.
   */
  async moveBy(tx: Tx, ms: number, by: Omit<Kept, 'aheadMs'>): Promise<number | undefined> {
    const before = kept(await this.hubSettings.lock(tx, 'time.ahead'));
    if (before?.actorId === by.actorId && before.commandId === by.commandId) return undefined;
    const aheadMs = (before?.aheadMs ?? 0) + ms;
    await this.hubSettings.set(tx, 'time.ahead', JSON.stringify({ aheadMs, ...by } satisfies Kept));
    return aheadMs;
  }
}

const kept = (text: string | undefined): Kept | undefined =>
  text === undefined ? undefined : (JSON.parse(text) as Kept);

function follow(clock: VirtualClock, events: readonly LoggedEvent[], beat: Beat): void {
  const moves = events.filter(({ type }) => type === 'time.advanced');
  for (const { data } of moves) clock.moveAheadTo(data['aheadMs'] as number);
  // What became due by it need not wait for the next second.
  if (moves.length > 0) beat.now();
}
