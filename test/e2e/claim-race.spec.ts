import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimRace } from '../../bench/claim-race.js';
import { startHub, type TestHub } from '../support/hub.js';

const NODES = 3;
const SEATS = 24;
const ITEMS = 150;

describe('seats on several nodes at one queue', () => {
  const hubs: TestHub[] = [];
  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'hub-race-'));
    for (let node = 0; node < NODES; node++) hubs.push(await startHub({ dataDir, profile: 'cluster' }));
  });
  afterAll(async () => {
    for (const [node, hub] of hubs.entries()) await hub.stop({ keep: node < hubs.length - 1 });
  });

  it('[I4] hold each item once, and lose none', async () => {
    const urls = hubs.map(({ url }) => url);
    const race = await claimRace({ urls, seats: SEATS, items: ITEMS, say: () => undefined });
    expect(race).toMatchObject({ heldTwice: 0, lost: 0, claimed: ITEMS });
  });
});
