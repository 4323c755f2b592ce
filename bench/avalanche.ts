import { Fault } from '../simulation/fault.js';
import type { Say } from '../simulation/progress.js';
import { EACH, register, sessionsOf } from './crowd.js';
import { FarCrowd } from './far-crowd.js';
import { OwnHub, pause } from './own-hub.js';
import type { Profile } from './stores.js';
import { atShare, holding } from './verdict.js';
import { type HubPlace, withStores } from './with-hub.js';

/** What is asked: share of the consoles, milliseconds from the moment at which the other hub takes them. */
const LIMITS = { notBack: 0, caughtUpP95Ms: 3_000, differing: 0 };

/** Events that each console has missed. */
const BEHIND = 200;
const BACK_WITHIN_MS = 30_000;
/** The consoles are in so many processes. */
const PROCESSES = 2;
/** As long as the machine needs to be at rest after everybody has come. */
const SETTLE_MS = 2_000;

/**
 * A hub with 900 consoles is killed when each of them is 200 events behind, and another one takes all of them in one
 * moment: how long until each has all of it. In a cluster the other one has been there all the time and
 * has had all of them before, as any node has had consoles; with one file it is started then, which is told beside it.
 */
export function avalanche(quick: boolean, say: Say, profile: Profile): Promise<object> {
  return withStores(profile, say, (place) => avalancheAt(place, quick ? 150 : 900, say));
}

async function avalancheAt({ dataDir, env }: HubPlace, consoles: number, say: Say): Promise<object> {
  const [first, second] = [await OwnHub.at(dataDir, env), await OwnHub.at(dataDir, env)];
  const crowds = Array.from({ length: PROCESSES }, () => FarCrowd.start());
  const each = <T>(ask: (crowd: FarCrowd, nth: number) => Promise<T>): Promise<T[]> => Promise.all(crowds.map(ask));
  try {
    await first.start();
    const inCluster = env.HUB_PROFILE === 'cluster';
    if (inCluster) await second.start();
    const [session] = await sessionsOf(first.url, 1);
    const count = consoles / PROCESSES;
    const agents = Math.ceil(count / EACH);
    say(`${consoles} consoles come`);
    const { url: hub } = inCluster ? second : first;
    await each((crowd, nth) => crowd.ask('open', { hub, count, agents: nth * agents }));
    if (inCluster) {
      say('All of them change over once: a node that takes others has had consoles before');
      await each((crowd) => crowd.ask('cutOver', { hub: first.url, offset: 0 }));
      const back = (await each((crowd) => crowd.ask('caughtUp', { withinMs: BACK_WITHIN_MS }))).flat();
      if (back.length < consoles) throw new Fault(`Only ${back.length} consoles have changed over.`);
    }
    await pause(SETTLE_MS);
    await each((crowd) => crowd.ask('hold'));
    const from = Math.max(...(await each((crowd) => crowd.ask('standing'))).map(({ offset }) => offset));
    await register(first.url, session!.token, BEHIND);
    first.kill();
    const startMs = inCluster ? 0 : await second.start();

    say(`${consoles} consoles come to the other hub, each ${BEHIND} events behind`);
    const ahead = Math.max(...(await each((crowd) => crowd.ask('standing'))).map(({ offset }) => offset));
    if (ahead > from) throw new Fault('Consoles have heard of what happened while their lines were held.');
    const cpuMs = async () => [await second.cpuMs(), sum(await each((crowd) => crowd.ask('cpuMs')))] as const;
    const before = await cpuMs();
    await each((crowd) => crowd.ask('cutOver', { hub: second.url, offset: from + BEHIND }));
    const caughtUp = (await each((crowd) => crowd.ask('caughtUp', { withinMs: BACK_WITHIN_MS }))).flat();
    const after = await cpuMs();

    const stands = (await each((crowd) => crowd.ask('standing'))).flatMap((standing) => standing.stands);
    const figures = {
      notBack: consoles - caughtUp.length,
      caughtUpP50Ms: atShare(caughtUp, 0.5),
      caughtUpP95Ms: atShare(caughtUp, 0.95),
      caughtUpP99Ms: atShare(caughtUp, 0.99),
      differing: new Set(stands).size - 1,
      cpuMs: Math.round(after[0] - before[0]),
      // They need the same processors.
      consolesCpuMs: Math.round(after[1] - before[1]),
      startOfTheOtherMs: Math.round(startMs),
    };
    return { consoles, behind: BEHIND, figures, limits: LIMITS, holds: holding(LIMITS, figures) };
  } finally {
    for (const crowd of crowds) crowd.end();
    await first.stop();
    await second.stop();
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
