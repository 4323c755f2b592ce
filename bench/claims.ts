import type { Say } from '../simulation/progress.js';
import { claimRace } from './claim-race.js';
import { OwnHub } from './own-hub.js';
import type { Profile } from './stores.js';
import { holding } from './verdict.js';
import { withStores } from './with-hub.js';

const LIMITS = { heldTwice: 0, lost: 0 };
const NODES = { embedded: 1, cluster: 3 };

export const SIZES = ['seats', 'nodes', 'items'] as const;
/** What is to be other than usual. */
export type Sizes = Partial<Record<(typeof SIZES)[number], number>>;

/** 700 seats at one queue of 100,000 items, on three nodes of a cluster: nobody holds what somebody else holds, and nothing is lost. */
export function claims(quick: boolean, say: Say, profile: Profile, sizes: Sizes): Promise<object> {
  const usual = quick ? { seats: 100, items: 2_000 } : { seats: 700, items: 100_000 };
  const { seats, items, nodes } = { ...usual, nodes: NODES[profile], ...sizes };
  return withStores(profile, say, async ({ dataDir, env }) => {
    const hubs: OwnHub[] = [];
    try {
      for (let node = 0; node < nodes; node++) {
        const hub = await OwnHub.at(dataDir, env);
        hubs.push(hub);
        await hub.start();
      }
      const urls = hubs.map(({ url }) => url);
      const figures = await claimRace({ urls, seats, items, say });
      return { nodes: urls.length, seats, items, figures, limits: LIMITS, holds: holding(LIMITS, figures) };
    } finally {
      for (const hub of hubs) await hub.stop();
    }
  });
}
