import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { ClockSignal, Readiness } from '@minqing-hub/client-sdk/protocol';
import { act, newId, newRequest, openConsole } from '../support/consoles.js';
import { HubProcess } from '../support/hub-process.js';
import { RedisProcess } from '../support/redis-process.js';
import { SystemTime } from '../support/system-time.js';
import { until } from '../support/until.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ORDERS = 8;
/** [I5] */
const MOST_LATE_MS = 2_000;
/** Longer than from one sweep to the next. */
const SWEPT_MS = 1_200;
const ALL: ClockSignal[] = ['amber', 'overdue', 'overdue_1wd', 'overdue_3wd'];

interface Said {
  signal: ClockSignal;
  at: number;
}

/** The clock of an order's acceptance, as the log tells of it. */
interface Told {
  orderNo: string;
  startedAt: number;
  amberAt: number;
  dueAt: number;
  said: Said[];
}

/** A hub whose system time can be set, and what its log says. */
class Machine {
  private redis: RedisProcess | undefined;
  private log!: Database.Database;
  time!: SystemTime;
  hub!: HubProcess;

  constructor(
    private readonly folder: string,
    private readonly alarms: 'in-process' | 'bull',
  ) {}

  async start(): Promise<void> {
    this.time = new SystemTime(join(this.folder, this.alarms));
    if (this.alarms === 'bull') this.redis = await RedisProcess.started();
    this.hub = await HubProcess.create({
      ...this.time.env,
      HUB_ALARMS: this.alarms,
      ...(this.redis && { HUB_REDIS_URL: this.redis.url }),
    });
    await this.hub.start();
    this.log = new Database(join(this.hub.dataDir, 'hub.sqlite'), { readonly: true });
  }

  async remove(): Promise<void> {
    this.log?.close();
    await this.hub?.remove();
    await this.redis?.remove();
  }

  /** Whoever was logged in when the time jumped ahead may have to log in again. */
  async register(): Promise<string[]> {
    const agent = await openConsole(this.hub.url, 'agent050');
    const orders: string[] = [];
    for (let n = 0; n < ORDERS; n++) {
      const request = { ...newRequest(n), source: 'app', sourceId: newId() };
      orders.push((await act(agent, 'register', request)).orderNo);
    }
    agent.close();
    return orders;
  }

  told(orders: readonly string[]): Told[] {
    const rows = this.log
      .prepare<[], { type: string; at: number; data: string }>(
        `SELECT e.type, e.recorded_at AS at, e.data FROM event_place p JOIN event e ON e.id = p.event_row
         WHERE e.type LIKE 'deadline.%' ORDER BY p.seq`,
      )
      .all()
      .map(({ type, at, data }) => ({
        type,
        at,
        ...(JSON.parse(data) as Told & { clockId: string; signal: ClockSignal }),
      }));
    return orders.map((orderNo) => {
      const own = rows.filter(({ clockId }) => clockId === `order:${orderNo}:ACCEPT:1`);
      const [{ startedAt, dueAt }] = own as [(typeof own)[number]];
      const said = own.flatMap(({ signal, at, type }) => (type === 'deadline.started' ? [] : [{ signal, at }]));
      return { orderNo, startedAt, dueAt, amberAt: dueAt - (dueAt - startedAt) / 5, said };
    });
  }

  /** What was said of each, in its turn. */
  said(orders: readonly string[]): string[] {
    return this.told(orders).map(({ said }) => said.map(({ signal }) => signal).join());
  }

  allSaid(orders: readonly string[], ...signals: ClockSignal[]): Promise<void> {
    const wanted = signals.join();
    return until(`${wanted} of all, alarms ${this.alarms}`, () => this.said(orders).every((those) => those === wanted));
  }

  /** When the first of them has it to say, to the last. */
  moments(orders: readonly string[], which: 'amberAt' | 'dueAt'): number[] {
    return this.told(orders)
      .map((one) => one[which])
      .sort((a, b) => a - b);
  }

  /** By the time as it is set. */
  past(at: number): Promise<void> {
    return until('the moment to pass', () => this.time.now() > at);
  }
}

describe('hubs whose machine’s time is set', () => {
  let folder: string;
  let machines: Machine[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hub-jump-'));
    machines = (['in-process', 'bull'] as const).map((alarms) => new Machine(folder, alarms));
    await Promise.all(machines.map((machine) => machine.start()));
  });
  afterAll(async () => {
    for (const machine of machines) await machine.remove();
    await rm(folder, { recursive: true });
  });

  it('[I5] [CK2] [CK4] [CK10] raise each signal once, none before its time and none late, ahead, back, and over a kill', async () => {
    await Promise.all(machines.map(setToAndFro));
  }, 240_000);
});

async function setToAndFro(machine: Machine): Promise<void> {
  const { time, hub } = machine;
  const first = await machine.register();
  // An hour ahead by mistake, and on: those of before are warned of by that time.
  time.jump(HOUR);
  const ahead = await machine.register();
  time.jump(40 * MINUTE);
  await machine.allSaid(first, 'amber');
  // Seen at the next second's look, which the alarms do not wait for.
  await until('the hub to name it', async () => {
    const { status, degraded } = (await (await fetch(`${hub.url}/api/health/ready`)).json()) as Readiness;
    return status === 'ready' && degraded.includes('time.jumped');
  });

  // Set right again. What was said is not said again; what began in between lies ahead.
  time.jump(-HOUR);
  const back = await machine.register();
  const warned = machine.moments(first, 'amberAt');
  time.jumpTo(warned.at(0)! - 300);
  await machine.past(warned.at(-1)! + SWEPT_MS);
  expect(machine.said(first)).toEqual(first.map(() => 'amber'));

  // Ten minutes back in the middle of what falls due, and the hub is killed.
  const [due] = machine.moments(first, 'dueAt') as [number];
  time.jumpTo(due - 300);
  await until('the first to be overdue', () => machine.said(first).includes('amber,overdue'));
  time.jump(-10 * MINUTE);
  await hub.kill();
  const before = machine.said(first);
  await hub.start();
  time.jumpTo(due - 2 * SECOND);
  await machine.past(due - SECOND / 2);
  expect(machine.said(first)).toEqual(before);
  await machine.allSaid(first, 'amber', 'overdue');

  // To and fro around the moments at which the others have something to say.
  for (const [orders, ms] of [
    [back, -10 * MINUTE],
    [ahead, -HOUR],
  ] as const) {
    for (const [at, ...signals] of [
      ['amberAt', 'amber'],
      ['dueAt', 'amber', 'overdue'],
    ] as const) {
      const moments = machine.moments(orders, at);
      time.jumpTo(moments.at(0)! - 200);
      await machine.past(moments[ORDERS / 2]!);
      time.jump(ms);
      time.jumpTo(moments.at(0)! - 200);
      await machine.allSaid(orders, ...signals);
    }
  }

  const orders = [...first, ...back, ...ahead];
  time.jump(8 * DAY);
  await machine.allSaid(orders, ...ALL);

  for (const { orderNo, said, ...moments } of machine.told(orders)) {
    for (const { signal, at } of said) {
      const wanted = signal === 'amber' ? moments.amberAt : moments.dueAt;
      expect({ orderNo, signal, early: Math.max(0, wanted - at) }).toEqual({ orderNo, signal, early: 0 });
      if (signal !== 'amber' && signal !== 'overdue') continue;
      const since = Math.max(wanted, ...time.landings.filter((landed) => landed <= at));
      expect({ orderNo, signal, late: Math.max(0, at - since - MOST_LATE_MS) }).toEqual({ orderNo, signal, late: 0 });
    }
  }
  expect(await hub.stop()).toBe(0);
  expect(await hub.verify()).toMatchObject({ code: 0 });
}
