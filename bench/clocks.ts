import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HubClient } from '@minqing-hub/client-sdk';
import type { Card } from '@minqing-hub/client-sdk/protocol';
import { Fault } from '../simulation/fault.js';
import { percentilesOf } from '../simulation/percentiles.js';
import { Progress, type Say } from '../simulation/progress.js';
import { ClockRows, type Signalled } from './clock-rows.js';
import { type HeldOnRedis, heldOnRedis } from './held-on-redis.js';
import { OwnHub, pause } from './own-hub.js';

/** What is asked of the clocks: milliseconds, MiB, numbers, and ratios of figures of the same run. */
const LIMITS = {
  timePerSignalManyToFew: 1.5,
  heapGrowthMiB: 64,
  memoryGrowthMiB: 64,
  startManyToEmpty: 1.5,
  firstSignalAfterServingMs: 2_000,
  lastOfAllAtOnceMs: 5_000,
  steadyLatenessP99Ms: 250,
  missing: 0,
  twice: 0,
  early: 0,
  redisKeysManyToFew: 1.1,
  redisKeysToNearClocks: 1.1,
  redisGrowthMiB: 8,
};

const PASSWORD = 'demo';
const SOURCE = 'bench';
const STARTS = 3;
const DAY_MS = 24 * 60 * 60 * 1000;
/** With an alarm on Redis, however many are open. */
const NEAR_CLOCKS = 2_000;
/** Those who go on with their work: each registers, and once it is answered, the next. */
const PEOPLE = ['agent001', 'agent002', 'agent003', 'agent004'];

interface Plan {
  /** Open clocks, from few to many. */
  sizes: readonly number[];
  /** Due long before the hub serves. */
  overdue: number;
  /** One after another. */
  steady: number;
  steadyPerSecond: number;
  /** In the same millisecond. */
  atOnce: number;
  /** From the start of the hub to the first of `steady`, ms; the first half of it is for the start. */
  quietMs: number;
}

const FULL: Plan = {
  sizes: [10_000, 100_000, 1_000_000],
  overdue: 200,
  steady: 1_000,
  steadyPerSecond: 50,
  atOnce: 10_000,
  quietMs: 40_000,
};
const QUICK: Plan = {
  sizes: [10_000, 100_000],
  overdue: 100,
  steady: 300,
  steadyPerSecond: 50,
  atOnce: 2_000,
  quietMs: 30_000,
};

/**
 * Open clocks by the ten thousand, the hundred thousand, the million: how long the hub takes to start, what it keeps in
 * memory and, where its alarms lie there, on Redis, how late signals are, how long ten thousand take that are due in the
 * same millisecond, and how long people wait for their answers meanwhile. The clocks that ring belong to orders that were
 * registered through the API, and ring on a dispatcher's console; the others are put into the database while the hub is
 * stopped.
 */
export async function clocks(quick: boolean, say: Say): Promise<object> {
  const plan = quick ? QUICK : FULL;
  const folder = await mkdtemp(join(tmpdir(), 'hub-bench-'));
  try {
    const town = join(folder, 'town');
    await settle(town, plan, say);
    const empty = await inCopy(town, (dir) => startEmpty(dir, say));
    const stages: Stage[] = [];
    for (const size of plan.sizes) {
      say(`\n${size} open clocks`);
      stages.push(await inCopy(town, (dir) => stageOf(dir, size, plan, say)));
    }
    return verdict(empty, stages);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Orders enough for every clock that will ring, registered through the API. */
async function settle(dir: string, plan: Plan, say: Say): Promise<void> {
  const count = plan.overdue + plan.steady + plan.atOnce;
  const hub = await OwnHub.at(dir);
  try {
    await hub.start();
    const admin = await login(hub.url, 'admin');
    const key = await admin.command('createApiKey', { source: SOURCE, label: '时限基准' });
    if (!key.ok) throw new Fault(`No key for the source: ${key.error.message}`);
    admin.close();
    const progress = new Progress('orders', count, say);
    for (let done = 0; done < count;) {
      const lines = Array.from({ length: Math.min(500, count - done) }, (_, i) => JSON.stringify(request(done + i)));
      const response = await fetch(`${hub.url}/api/intake/batch`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson', 'x-api-key': key.result.apiKey },
        body: lines.join('\n'),
      });
      const answers = (await response.text()).trim().split('\n');
      const refused = answers.find((line) => !response.ok || line.includes('"error"'));
      if (refused) throw new Fault(`The hub does not take the orders: ${refused}`);
      progress.at((done += lines.length));
    }
    progress.end();
  } finally {
    await hub.stop();
  }
}

async function startEmpty(dir: string, say: Say): Promise<Start> {
  const rows = new ClockRows(dir);
  rows.clear();
  rows.close();
  const start = await starts(await OwnHub.at(dir));
  say(`no clock: serves after ${start.ms} ms`);
  return start;
}

interface Start {
  ms: number;
  /** What the processor had to do for it: tells more than the time where others are at work, too. */
  cpuMs: number;
}

/** The median of some. */
async function starts(hub: OwnHub): Promise<Start> {
  const all: Start[] = [];
  for (let n = 0; n < STARTS; n++) {
    try {
      const ms = await hub.start();
      all.push({ ms: Math.round(ms), cpuMs: await hub.cpuMs() });
    } finally {
      await hub.stop();
    }
  }
  const median = (of: keyof Start) => all.map((start) => start[of]).sort((a, b) => a - b)[Math.floor(STARTS / 2)]!;
  return { ms: median('ms'), cpuMs: median('cpuMs') };
}

interface Stage {
  open: number;
  start: Start;
  redis: HeldOnRedis;
  firstSignalAfterServingMs: number;
  memoryMiB: number;
  heapMiB: number;
  steadyLatenessMs: object & { p99: number | null };
  /** From their due time to the last of them decided, and shown on the console. */
  lastDecidedMs: number;
  lastOfAllAtOnceMs: number;
  allAtOnce: number;
  timePerSignalMs: number;
  cpuPerSignalMs: number;
  /** Of the people's commands: nothing rings, some rings, all ring at once. */
  answerMs: { quiet: object; steady: object; allAtOnce: object & { p99: number | null } };
  missing: number;
  twice: number;
  early: number;
}

async function stageOf(dir: string, size: number, plan: Plan, say: Say): Promise<Stage> {
  const rows = new ClockRows(dir);
  const real = rows.real();
  const far = Date.now() + DAY_MS;
  rows.moveDue(real, () => far + DAY_MS);
  rows.addOpen(size, real[0]!, { from: far, to: far + 30 * DAY_MS }, say);
  rows.close();

  const hub = await OwnHub.at(dir);
  const start = await starts(hub);
  say(`serves after ${start.ms} ms, ${start.cpuMs} ms of them at work`);
  const onRedis = await heldOnRedis(dir, real.slice(0, NEAR_CLOCKS), say);
  const times = schedule(dir, plan);
  try {
    await hub.start();
    const servingAt = Date.now();
    const watch = await Watch.at(hub.url);
    const people = await People.at(hub.url);
    if (Date.now() > times.quietFrom) throw new Fault('The hub took so long to start that nothing can be measured.');
    await until(times.quietFrom);
    people.begin();
    const memory = await leastMemory(hub, times.steadyFrom);
    await until(times.atOnce - 1_000);
    say(`${plan.atOnce} are due in one moment`);
    const cpuBefore = await hub.cpuMs();
    await watch.saw(plan.atOnce, times.atOnce);
    const cpuAfter = await hub.cpuMs();
    const lastAt = watch.lastOf(times.atOnce);
    await people.end();
    watch.close();
    await hub.stop();

    const lastOfAllAtOnceMs = lastAt - times.atOnce;
    const told = toldBy(dir);
    const answers = (from: number, to: number) => percentilesOf(people.answers(from, to));
    return {
      open: size,
      start,
      redis: onRedis,
      firstSignalAfterServingMs: Math.max(0, firstDecided(told) - servingAt),
      ...memory,
      steadyLatenessMs: percentilesOf(watch.lateness(times.steadyFrom, times.atOnce - 1)),
      lastDecidedMs: lastDecided(told, times.atOnce) - times.atOnce,
      lastOfAllAtOnceMs,
      allAtOnce: plan.atOnce,
      timePerSignalMs: rounded(lastOfAllAtOnceMs / plan.atOnce),
      cpuPerSignalMs: rounded((cpuAfter - cpuBefore) / plan.atOnce),
      answerMs: {
        quiet: answers(times.quietFrom, times.steadyFrom),
        steady: answers(times.steadyFrom, times.atOnce - 2_000),
        allAtOnce: answers(times.atOnce, lastAt),
      },
      ...faultsOf(told, times.planned),
    };
  } finally {
    await hub.stop();
  }
}

/** When what is due, written into the stopped hub's rows. Long before, then quiet, then one by one, then all at once. */
function schedule(dir: string, plan: Plan) {
  const rows = new ClockRows(dir);
  const now = Date.now();
  const steadyFrom = now + plan.quietMs;
  const atOnce = steadyFrom + (plan.steady / plan.steadyPerSecond) * 1_000 + 10_000;
  const real = rows.real();
  const planned = new Map<string, number>();
  const move = (clockIds: string[], dueAt: (nth: number) => number) => {
    rows.moveDue(clockIds, dueAt);
    clockIds.forEach((clockId, nth) => planned.set(clockId, dueAt(nth)));
  };
  move(real.splice(0, plan.overdue), (nth) => now - 3_600_000 + nth);
  move(real.splice(0, plan.steady), (nth) => steadyFrom + Math.round((nth * 1_000) / plan.steadyPerSecond));
  move(real.splice(0, plan.atOnce), () => atOnce);
  rows.close();
  return { quietFrom: now + plan.quietMs / 2, steadyFrom, atOnce, planned };
}

function toldBy(dir: string): Signalled[] {
  const rows = new ClockRows(dir);
  const told = rows.signalled();
  rows.close();
  return told;
}

const firstDecided = (told: readonly Signalled[]): number =>
  told.reduce((first, { recordedAt }) => Math.min(first, recordedAt), Infinity);

const lastDecided = (told: readonly Signalled[], due: number): number =>
  told.filter(({ dueAt }) => dueAt === due).reduce((last, { recordedAt }) => Math.max(last, recordedAt), 0);

function faultsOf(told: readonly Signalled[], planned: ReadonlyMap<string, number>) {
  const rung = new Set(told.map(({ clockId }) => clockId));
  return {
    missing: [...planned.keys()].filter((clockId) => !rung.has(clockId)).length,
    twice: told.length - rung.size,
    early: told.filter(({ clockId, recordedAt }) => recordedAt < planned.get(clockId)!).length,
  };
}

/** A dispatcher's console: when it shows that a clock is overdue, however it came to know. */
class Watch {
  private readonly seen = new Map<string, { dueAt: number; at: number }>();

  private constructor(private readonly client: HubClient) {}

  static async at(url: string): Promise<Watch> {
    const watch = new Watch(await login(url, 'dispatcher01'));
    const desk = watch.client.room('desk:city');
    await desk.ready();
    desk.onChange(({ cards }) => {
      const at = Date.now();
      for (const key of cards) watch.see(desk.cards.get(key), at);
    });
    return watch;
  }

  close(): void {
    this.client.close();
  }

  /** Waits for so many that were due at `dueAt`. @throws {Fault} when they do not come */
  async saw(count: number, dueAt: number): Promise<void> {
    const end = dueAt + 60_000;
    while (this.of(dueAt).length < count) {
      if (Date.now() > end) throw new Fault(`Of ${count} signals ${this.of(dueAt).length} came within a minute.`);
      await pause(20);
    }
  }

  lastOf(dueAt: number): number {
    return this.of(dueAt).reduce((last, { at }) => Math.max(last, at), 0);
  }

  lateness(from: number, to: number): number[] {
    const due = [...this.seen.values()].filter(({ dueAt }) => dueAt >= from && dueAt <= to);
    return due.map(({ dueAt, at }) => at - dueAt);
  }

  private see(card: Card | undefined, at: number): void {
    if (!card || !('clocks' in card)) return;
    for (const { clockId, dueAt, signal } of card.clocks) {
      if (signal === 'overdue' && !this.seen.has(clockId)) this.seen.set(clockId, { dueAt, at });
    }
  }

  private of(dueAt: number) {
    return [...this.seen.values()].filter((one) => one.dueAt === dueAt);
  }
}

/** Agents who register one request after the other. */
class People {
  private readonly answered: { at: number; ms: number }[] = [];
  private work: Promise<void>[] = [];
  private over = false;

  private constructor(private readonly clients: readonly HubClient[]) {}

  static async at(url: string): Promise<People> {
    return new People(await Promise.all(PEOPLE.map((username) => login(url, username))));
  }

  begin(): void {
    this.work = this.clients.map((client, n) => this.registerOn(client, n));
  }

  async end(): Promise<void> {
    this.over = true;
    await Promise.all(this.work);
    for (const client of this.clients) client.close();
  }

  answers(from: number, to: number): number[] {
    return this.answered.filter(({ at }) => at >= from && at <= to).map(({ ms }) => ms);
  }

  private async registerOn(client: HubClient, who: number): Promise<void> {
    for (let n = 0; !this.over; n++) {
      const [at, begun] = [Date.now(), performance.now()];
      const { source: _source, ...said } = request(n);
      const answer = await client.command('register', { ...said, sourceId: `P${who}-${n}-${at}`, source: 'app' });
      if (!answer.ok) throw new Fault(`A request was refused: ${answer.error.message}`);
      this.answered.push({ at, ms: performance.now() - begun });
      await pause(20);
    }
  }
}

const request = (n: number) => ({
  source: SOURCE,
  sourceId: `R${n}`,
  channel: '12345',
  title: `路面破损 ${n}`,
  text: '人行道地砖松动，雨天积水',
  kind: 'resolution' as const,
  grade: 'fast' as const,
});

async function login(url: string, username: string): Promise<HubClient> {
  const client = new HubClient({ url });
  await client.login(username, PASSWORD);
  return client;
}

/** The least of what is seen until then: what lies between two collections of garbage says little. */
async function leastMemory(hub: OwnHub, end: number) {
  let [memoryMiB, heapMiB] = [Infinity, Infinity];
  while (Date.now() < end - 500) {
    const metrics = await hub.metrics();
    memoryMiB = Math.min(memoryMiB, metrics.get('process_resident_memory_bytes')! / 2 ** 20);
    heapMiB = Math.min(heapMiB, metrics.get('nodejs_heap_size_used_bytes')! / 2 ** 20);
    await pause(250);
  }
  return { memoryMiB: Math.round(memoryMiB), heapMiB: Math.round(heapMiB) };
}

const until = (at: number): Promise<void> => pause(Math.max(0, at - Date.now()));

async function inCopy<T>(town: string, use: (dir: string) => Promise<T>): Promise<T> {
  const dir = `${town}-copy`;
  await cp(town, dir, { recursive: true });
  try {
    return await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function verdict(empty: Start, stages: readonly Stage[]): object {
  const [few, many] = [stages[0]!, stages.at(-1)!];
  const most = (of: (stage: Stage) => number | null) => Math.max(...stages.map((stage) => of(stage) ?? Infinity));
  const figures = {
    timePerSignalManyToFew: rounded(many.timePerSignalMs / few.timePerSignalMs),
    cpuPerSignalManyToFew: rounded(many.cpuPerSignalMs / few.cpuPerSignalMs),
    heapGrowthMiB: many.heapMiB - few.heapMiB,
    memoryGrowthMiB: many.memoryMiB - few.memoryMiB,
    startManyToEmpty: rounded(many.start.ms / empty.ms),
    startCpuManyToEmpty: rounded(many.start.cpuMs / empty.cpuMs),
    firstSignalAfterServingMs: most((stage) => stage.firstSignalAfterServingMs),
    lastOfAllAtOnceMs: most((stage) => stage.lastOfAllAtOnceMs),
    // What the processor had to do for it: on a machine that does nothing else it takes little longer.
    allAtOnceCpuMs: most((stage) => Math.round(stage.cpuPerSignalMs * stage.allAtOnce)),
    steadyLatenessP99Ms: most((stage) => stage.steadyLatenessMs.p99),
    answersAllAtOnceP99Ms: most((stage) => stage.answerMs.allAtOnce.p99),
    missing: most((stage) => stage.missing),
    twice: most((stage) => stage.twice),
    early: most((stage) => stage.early),
    redisKeysManyToFew: rounded(many.redis.keys / few.redis.keys),
    redisKeysToNearClocks: rounded(most((stage) => stage.redis.keys / stage.redis.nearClocks)),
    redisGrowthMiB: rounded(many.redis.memoryMiB - few.redis.memoryMiB),
  };
  return {
    figures,
    limits: LIMITS,
    holds: Object.fromEntries(
      Object.entries(LIMITS).map(([name, limit]) => [name, figures[name as keyof typeof figures] <= limit]),
    ),
    startEmpty: empty,
    stages: Object.fromEntries(stages.map((stage) => [stage.open, stage])),
  };
}

const rounded = (figure: number): number => Math.round(figure * 100) / 100;
