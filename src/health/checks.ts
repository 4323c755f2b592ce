import { statfs } from 'node:fs/promises';
import { Injectable, Optional } from '@nestjs/common';
import type { Trouble } from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../config/clock.js';
import { Settings } from '../config/settings.js';
import { Alarms } from '../deadlines/alarms.js';
import { BEFORE_ALL, runningBetween } from '../deadlines/due-clocks.js';
import { HubNode } from '../queues/hub-node.js';
import { apartInWords } from '../storage/shared-time.js';
import { StoreFigures } from '../storage/store-figures.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { LogLag } from './log-lag.js';
import { ReactionLag } from './reaction-lag.js';
import { TimeApart } from './time-apart.js';
import { TimeWatch } from './time-watch.js';
import { UnplacedEvents } from './unplaced-events.js';

/** A node further behind than this shows consoles an old picture. */
const MOST_LAG_S = 5;
/** Events get their place within milliseconds: while one waits so long, all consoles see an old picture. */
const MOST_UNPLACED_S = 5;
/** What follows from events comes within a second or two. */
const MOST_REACTION_S = 30;
/** The sweep comes every second: a signal this late has something in its way. */
const MOST_LATE_MS = 10_000;
/** [LD9] */
const MOST_APART_MS = 2_000;
const MIB = 1024 * 1024;

/** One thing that may be wrong. */
export interface Check {
  part: string;
  /** `failing`: with this a node is unfit to serve. */
  effect: Trouble['effect'];
  /** What is wrong, a Chinese sentence for who looks after the hub; a throw is wrong, too, in the words of `else`. */
  look(): Promise<string | undefined>;
  else: string;
}

/** All that is looked at. [SI2] */
@Injectable()
export class Checks {
  private readonly time: TimeWatch;

  constructor(
    private readonly readModel: ReadModel,
    private readonly node: HubNode,
    private readonly logLag: LogLag,
    private readonly unplaced: UnplacedEvents,
    private readonly reactionLag: ReactionLag,
    private readonly timeApart: TimeApart,
    private readonly alarms: Alarms,
    private readonly clock: Clock,
    private readonly settings: Settings,
    @Optional() private readonly store?: StoreFigures,
  ) {
    this.time = new TimeWatch(clock);
  }

  readonly all: readonly Check[] = [
    {
      part: 'database.read',
      effect: 'failing',
      look: async () => void (await this.readModel.run((tx) => tx.one('SELECT 1 AS one'))),
      else: '数据库读不出数据：请查看数据库和网络',
    },
    {
      part: 'database.write',
      effect: 'failing',
      // A real write, of a row that is this node's alone: a disk that is full lets transactions begin.
      look: async () => void (await this.node.renewLease()),
      else: '数据库写不进数据，指令都会失败：请查看磁盘空间、数据库和网络',
    },
    {
      part: 'log.lag',
      effect: 'failing',
      look: () => this.lag(),
      else: '不知道本节点落后日志多少：日志头读不出',
    },
    {
      part: 'log.unplaced',
      // Of all nodes alike: no other one shows more, and what people do is taken and kept.
      effect: 'degraded',
      look: () => this.waitForPlaces(),
      else: '不知道事件是否都已编入日志：读不出',
    },
    {
      part: 'reactions.late',
      effect: 'degraded',
      look: () => this.lateReactions(),
      else: '不知道后续处理落后多少：读不出',
    },
    {
      part: 'alarms.redis',
      effect: 'degraded',
      look: async () =>
        this.alarms.failing && 'Redis 没有答复：时限改由每秒一次的巡查触发，最多晚一秒；请恢复 Redis（HUB_REDIS_URL）',
      else: '不知道 Redis 是否可用',
    },
    {
      part: 'wakeUp.redis',
      effect: 'degraded',
      look: async () =>
        this.store?.wakeUp?.failing &&
        'Redis 不在节点间传话：各节点靠自查得知新事件，最多晚一秒；请恢复 Redis（HUB_REDIS_URL）',
      else: '不知道节点间能否传话',
    },
    {
      part: 'clocks.late',
      effect: 'degraded',
      look: () => this.late(),
      else: '不知道时限是否准时：时限读不出',
    },
    {
      part: 'disk.space',
      effect: 'degraded',
      look: () => this.space(),
      else: '数据目录所在的磁盘读不出剩余空间（HUB_DATA_DIR）',
    },
    {
      part: 'time.jumped',
      effect: 'degraded',
      look: async () => this.jump(),
      else: '读不出系统时间',
    },
    {
      part: 'time.apart',
      effect: 'degraded',
      look: () => this.apart(),
      else: '不知道本机时间与数据库相差多少：数据库的时间读不出',
    },
  ];

  private async lag(): Promise<string | undefined> {
    const { events, seconds } = await this.logLag.measure();
    if (seconds <= MOST_LAG_S) return undefined;
    return `本节点落后日志 ${events} 个事件，最早的已等 ${Math.floor(seconds)} 秒，控制台看到的是旧情况：请看日志中 Tail 的错误，必要时重启本节点`;
  }

  private async waitForPlaces(): Promise<string | undefined> {
    const seconds = await this.unplaced.waitedSeconds();
    if (seconds <= MOST_UNPLACED_S) return undefined;
    return `已提交的事件有 ${await this.unplaced.count()} 个没有编入日志，最早的已等 ${Math.floor(seconds)} 秒，所有控制台看到的都是旧情况（已做的事没有丢失）：请看各节点日志中 Placing 的错误和数据库`;
  }

  private async lateReactions(): Promise<string | undefined> {
    const late = [...(await this.reactionLag.measure())].filter(([, { lateSeconds }]) => lateSeconds > MOST_REACTION_S);
    if (late.length === 0) return undefined;
    const each = late.map(
      ([name, { events, lateSeconds }]) => `${name}（落后日志 ${events} 个事件，已 ${Math.floor(lateSeconds)} 秒）`,
    );
    return `事件的后续处理停顿：${each.join('、')}：请看日志中 Reaction 的错误和数据库；恢复后会自动补做`;
  }

  private async late(): Promise<string | undefined> {
    const now = this.clock.now();
    const [oldest] = await this.readModel.run((tx) => runningBetween(tx, BEFORE_ALL, now - MOST_LATE_MS, 1));
    if (!oldest) return undefined;
    const seconds = Math.floor((now - oldest.signalAt) / 1_000);
    return `有时限到点 ${seconds} 秒仍未处理（${oldest.clockId}）：请看日志中 Sweeper 和 RingClock 的错误，或系统是否过载`;
  }

  private async space(): Promise<string | undefined> {
    const { bavail, bsize } = await statfs(this.settings.dataDir);
    const free = Math.floor((bavail * bsize) / MIB);
    if (free >= this.settings.minFreeMib) return undefined;
    return `数据目录所在的磁盘只剩 ${free} MiB，低于 ${this.settings.minFreeMib} MiB（HUB_DISK_MIN_FREE_MIB）：请清理或扩容`;
  }

  private async apart(): Promise<string | undefined> {
    const ahead = await this.timeApart.measure();
    if (Math.abs(ahead) <= MOST_APART_MS) return undefined;
    return `${apartInWords(ahead)}，时限会因此判得偏${ahead > 0 ? '早' : '晚'}：请在每台机器上对时（chrony 或 NTP），对好之前本节点不宜重启`;
  }

  private jump(): string | undefined {
    const jump = this.time.look();
    if (!jump) return undefined;
    const by = `${jump.byMs > 0 ? '向前' : '向后'}跳了 ${Math.round(Math.abs(jump.byMs) / 1_000)} 秒`;
    return `系统时间在 ${new Date(jump.at).toISOString()} 前后${by}：请检查对时服务（NTP）；时限会自行对准`;
  }
}
