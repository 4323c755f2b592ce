import { HubClient } from '@minqing-hub/client-sdk';
import type { Session } from '@minqing-hub/client-sdk/protocol';
import type { Say } from '../simulation/progress.js';
import { Crowd, register, request, ROOM, sessionsOf } from './crowd.js';
import { Door } from './door.js';
import { pause } from './own-hub.js';
import type { Profile } from './stores.js';
import { atShare, holding } from './verdict.js';
import { withHub } from './with-hub.js';

/** What is asked: KiB, ratios of figures of the same run, numbers. */
const LIMITS = { mostUnreadKiB: 256, othersP99SlowToNone: 1.2, incomplete: 0, notFilled: 0 };

const PER_SECOND = 20;
const SHARE_SLOW = 0.1;
const COMPLETE_WITHIN_MS = 60_000;
/** Who does not read answers no sign of life either: within 20 s the hub hangs up. */
const FILLED_WITHIN_MS = 12_000;
/** Some MiB altogether. */
const ASKED_AT_ONCE = 12;
const LOOK_EVERY_MS = 250;
/** Of a second of this process: no more than all consoles need that read nothing new. */
const AT_REST = 0.3;

/**
 * 900 consoles in a room in which something happens 20 times a second, and now and then a hundred things at once. A tenth
 * of them stop reading for a minute: what the hub keeps for each, how long the others wait for what happened, against a
 * minute in which all read, and whether the slow ones end with everything.
 */
export async function slow(quick: boolean, say: Say, profile: Profile): Promise<object> {
  const [consoles, seconds] = quick ? [150, 10] : [900, 60];
  const slowOnes = Math.round(consoles * SHARE_SLOW);
  return withHub(profile, say, async (url) => {
    const [session] = await sessionsOf(url, 1);
    const door = await Door.to(url);
    const others = await Crowd.at(url, url, consoles - slowOnes, say);
    const deaf = await Crowd.at(url, door.url, slowOnes, say);
    const latency = watched(others);

    // One half before and one after: a machine that gets slower or faster meanwhile shows in neither.
    say(`${seconds / 2} s in which everybody reads`);
    await busy(url, session!, seconds / 2);
    const before = latency.splice(0);

    door.hold();
    say(`${slowOnes} read nothing: what the machine holds for them is filled`);
    const unread = mostUnread(url);
    const setAside = await fill(deaf, url, session!);
    latency.length = 0;
    say(`${seconds} s in which they go on reading nothing`);
    await busy(url, session!, seconds);
    const mostUnreadKiB = Math.round((await unread.end()) / 1024);
    const slowed = latency.splice(0);
    door.letGo();
    const incomplete = await withoutEverything(deaf, others);
    await untilAtRest();

    say(`${seconds / 2} s in which everybody reads again`);
    latency.length = 0;
    await busy(url, session!, seconds / 2);
    const none = [...before, ...latency];

    const figures = {
      mostUnreadKiB,
      othersP99SlowToNone: ratio(atShare(slowed, 0.99), atShare(none, 0.99)),
      incomplete,
      // Of these the hub knows nothing: the machine has taken all that was said to them.
      notFilled: slowOnes - setAside,
      othersP99Ms: { allRead: atShare(none, 0.99), someDoNot: atShare(slowed, 0.99) },
      othersP50Ms: { allRead: atShare(none, 0.5), someDoNot: atShare(slowed, 0.5) },
    };
    for (const crowd of [others, deaf]) crowd.close();
    door.close();
    return { consoles, slowOnes, seconds, figures, limits: LIMITS, holds: holding(LIMITS, figures) };
  });
}

/** How long each event takes to each console, ms; filled from now on. */
function watched({ watchers }: Crowd): number[] {
  const latency: number[] = [];
  for (const { room } of watchers) room.onEvent(({ at }) => latency.push(Date.now() - at));
  return latency;
}

async function busy(url: string, session: Session, seconds: number): Promise<void> {
  const client = new HubClient({ url });
  client.useSession(session);
  const commands: Promise<unknown>[] = [];
  for (let second = 0; second < seconds; second++) {
    for (let n = 0; n < PER_SECOND; n++) {
      commands.push(client.command('register', request()));
      await pause(1_000 / PER_SECOND);
    }
    if (second % 5 === 4) commands.push(register(url, session.token, 100));
  }
  await Promise.all(commands);
  client.close();
}

/**
 * Without this a minute's events would lie in the machine's own buffers, some MiB for each line, and the hub would never
 * notice: they ask for their room on and on. Answers to how many the hub tells nothing more; it hangs up on them soon.
 */
async function fill({ watchers }: Crowd, url: string, session: Session): Promise<number> {
  const end = performance.now() + FILLED_WITHIN_MS;
  let most = 0;
  while (most < watchers.length && performance.now() < end) {
    for (let n = 0; n < ASKED_AT_ONCE; n++) for (const { client } of watchers) askForRoom(client);
    // Something that they are to be told.
    await register(url, session.token, 10);
    await pause(LOOK_EVERY_MS);
    most = Math.max(most, await figure(url, /^hub_slow_consoles (\S+)$/m));
  }
  return most;
}

/** As the SDK does it when it must, and it need not. */
function askForRoom(client: HubClient): void {
  const { socket } = client as unknown as { socket: HubSocket };
  socket.ask('subscribe', { room: ROOM }, COMPLETE_WITHIN_MS, () => undefined);
}

interface HubSocket {
  ask(name: 'subscribe', call: { room: string }, timeoutMs: number, answered: () => void): void;
}

/** By the hub's own words. */
async function figure(url: string, line: RegExp): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(line.exec(text)?.[1] ?? 0);
}

/** The most that the hub has kept for any console that does not read, bytes, by its own figures. */
function mostUnread(url: string): { end: () => Promise<number> } {
  let most = 0;
  let over = false;
  const looking = (async () => {
    while (!over) {
      most = Math.max(most, await figure(url, /^hub_slow_console_bytes\{of="most"\} (\S+)$/m));
      await pause(LOOK_EVERY_MS);
    }
  })();
  return {
    end: async () => {
      over = true;
      await looking;
      return most;
    },
  };
}

async function withoutEverything(deaf: Crowd, others: Crowd): Promise<number> {
  const head = Math.max(...others.watchers.map(({ room }) => room.offset));
  const lacking = () => deaf.watchers.filter(({ room }) => room.offset < head).length;
  const end = performance.now() + COMPLETE_WITHIN_MS;
  while (lacking() > 0 && performance.now() < end) await pause(LOOK_EVERY_MS);
  return lacking();
}

/** What the machine held for the slow ones is read here, too, long after they have everything. */
async function untilAtRest(): Promise<void> {
  const end = performance.now() + COMPLETE_WITHIN_MS;
  let busyShare = 1;
  while (busyShare > AT_REST && performance.now() < end) {
    const before = performance.eventLoopUtilization();
    await pause(1_000);
    busyShare = performance.eventLoopUtilization(before).utilization;
  }
}

const ratio = (one: number | null, other: number | null): number | null =>
  one === null || other === null || other === 0 ? null : Math.round((one / other) * 100) / 100;
