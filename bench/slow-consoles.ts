import { HubClient } from '@minqing-hub/client-sdk';
import type { Session } from '@minqing-hub/client-sdk/protocol';
import type { Say } from '../simulation/progress.js';
import { Crowd, register, request, sessionsOf } from './crowd.js';
import { Door } from './door.js';
import { pause } from './own-hub.js';
import type { Profile } from './stores.js';
import { atShare, holding } from './verdict.js';
import { withHub } from './with-hub.js';

/** What is asked: KiB, ratios of figures of the same run, numbers. */
const LIMITS = { mostUnreadKiB: 256, othersP99SlowToNone: 1.2, incomplete: 0 };

const PER_SECOND = 20;
const SHARE_SLOW = 0.1;
const COMPLETE_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;

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

    say(`${seconds} s in which everybody reads`);
    await busy(url, session!, seconds);
    const none = latency.splice(0);

    say(`${seconds} s in which ${slowOnes} read nothing`);
    door.hold();
    const unread = mostUnread(url);
    await busy(url, session!, seconds);
    const mostUnreadKiB = Math.round((await unread.end()) / 1024);
    const slowed = latency.splice(0);
    door.letGo();
    const incomplete = await withoutEverything(deaf, others);

    const figures = {
      mostUnreadKiB,
      othersP99SlowToNone: ratio(atShare(slowed, 0.99), atShare(none, 0.99)),
      incomplete,
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

/** The most that the hub has kept for any console that does not read, bytes, by its own figures. */
function mostUnread(url: string): { end: () => Promise<number> } {
  let most = 0;
  let over = false;
  const looking = (async () => {
    while (!over) {
      const text = await (await fetch(`${url}/metrics`)).text();
      const found = /^hub_slow_console_bytes\{of="most"\} (\S+)$/m.exec(text);
      most = Math.max(most, Number(found?.[1] ?? 0));
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

const ratio = (one: number | null, other: number | null): number | null =>
  one === null || other === null || other === 0 ? null : Math.round((one / other) * 100) / 100;
