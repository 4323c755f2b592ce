import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HubClient, RoomHandle } from '@minqing-hub/client-sdk';
import type { HubEvent, QueueItemCard, SeatCard } from '@minqing-hub/client-sdk/protocol';
import { act, expectSameAsFresh, newId, newRequest, openConsole, openRoom } from '../support/consoles.js';
import { HubProcess } from '../support/hub-process.js';
import { until } from '../support/until.js';

const GRACE_SECONDS = 6;
const AGENTS = ['agent001', 'agent002', 'agent003', 'agent004'];

/** A city whose seats are waited for only briefly, and whose offers outlast the test. */
async function hastyCity(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-city-'));
  await cp('config', folder, { recursive: true });
  const file = join(folder, 'policy.json');
  const policy = JSON.parse(await readFile(file, 'utf8')) as Record<string, { value: unknown }>;
  policy['seat.graceSeconds']!.value = GRACE_SECONDS;
  policy['offer.seconds']!.value = 300;
  await writeFile(file, JSON.stringify(policy));
  return folder;
}

describe('a hub that is killed while seats hold work', () => {
  let city: string;
  let hub: HubProcess;
  beforeAll(async () => {
    city = await hastyCity();
    hub = await HubProcess.create({ HUB_CONFIG_DIR: city });
    await hub.start();
  });
  afterAll(async () => {
    await hub.remove();
    await rm(city, { recursive: true });
  });

  it('[QS8] [PS4] [I1] lets who comes back in time go on, and gives back what the others had, once', async () => {
    const leader = await openConsole(hub.url, 'leader01');
    const floor = await openRoom(leader, 'floor');
    const queue = await openRoom(leader, 'queue:register');
    const events: HubEvent[] = [];
    for (const room of [floor, queue]) room.onEvent((event) => events.push(event));

    const agents: HubClient[] = [];
    for (const name of AGENTS) {
      const agent = await openConsole(hub.url, name);
      agents.push(agent);
      await openRoom(agent, `seat:${seatOf(agent)}`);
      await act(agent, 'setPresence', { presence: 'ready' });
    }
    const intake = await openConsole(hub.url, 'agent050'); // at no seat: what it takes down waits for the others
    for (let n = 0; n < AGENTS.length; n++) {
      await act(intake, 'register', { ...newRequest(n), source: 'app', sourceId: newId() });
    }
    const heldBy = (agent: HubClient) => items(queue).find(({ seatId }) => seatId === seatOf(agent));
    await until('every seat to have an offer', () => agents.every((agent) => heldBy(agent)?.state === 'offered'));
    const [kept, left, offered, missed] = agents as [HubClient, HubClient, HubClient, HubClient];
    for (const agent of [kept, left]) await act(agent, 'claimItem', { itemId: heldBy(agent)!.itemId });
    await until('two claims', () => items(queue).filter(({ state }) => state === 'claimed').length === 2);
    const before = new Map(agents.map((agent) => [agent, heldBy(agent)!]));

    await hub.kill();
    for (const gone of [left, missed]) gone.close();
    await hub.start();
    const servedBy = Date.now();

    const presence = (agent: HubClient) => (floor.cards.get(`seat:${seatOf(agent)}`) as SeatCard).presence;
    await until(
      'the seats of those who did not come back to be offline',
      () => [left, missed].every((agent) => presence(agent) === 'offline'),
      30_000,
    );
    expect([kept, offered].map(presence)).toEqual(['ready', 'ready']);
    for (const agent of [kept, offered]) expect(heldBy(agent)).toEqual(before.get(agent));
    for (const agent of [left, missed]) {
      const card = items(queue).find(({ itemId }) => itemId === before.get(agent)!.itemId);
      expect(card).toMatchObject({ state: 'queued', seatId: null, atHead: true });
    }
    const lost = events.filter(({ type, data }) => type === 'seat.shift_ended' && data.cause === 'seat_lost');
    expect(lost.map(({ data }) => data.seatId).sort()).toEqual([left, missed].map(seatOf).sort());
    // The hub was ready a moment before this test saw it, and by no more than it took to look.
    for (const { at } of lost) expect(at).toBeGreaterThan(servedBy + GRACE_SECONDS * 1000 - 1_500);
    const returned = events.filter(({ type }) => type === 'queue.item_returned');
    expect(returned.map(({ data }) => data.cause)).toEqual(['seat_lost', 'seat_lost']);

    // Those who stayed go on with it.
    await act(offered, 'claimItem', { itemId: heldBy(offered)!.itemId });
    await expectSameAsFresh(hub.url, 'leader01', floor, 'floor');
    await expectSameAsFresh(hub.url, 'leader01', queue, 'queue:register');
    for (const client of [leader, intake, kept, offered]) client.close();
    expect(await hub.stop()).toBe(0);
  });
});

const seatOf = (agent: HubClient): string => agent.session!.actor.seatId!;

const items = (room: RoomHandle): QueueItemCard[] =>
  [...room.cards.values()].filter((card): card is QueueItemCard => 'itemId' in card);
