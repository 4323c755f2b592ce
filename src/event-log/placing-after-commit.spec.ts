import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MariadbProcess } from '../../test/support/mariadb-process.js';
import { seededRandom } from '../../test/support/seeded-random.js';
import { AUDIT_KEY, type MariadbStore, openMariadbStore } from '../../test/support/store.js';
import { until } from '../../test/support/until.js';
import { writeNext } from '../../test/support/written-orders.js';
import { verifyLog } from './verify-log.js';
import { InProcessWakeUp } from './wake-up.js';

const ROOMS = ['floor', 'queue:register', 'unit:a', 'unit:b'];

let server: MariadbProcess;
let url: string;
let nodes: MariadbStore[];

beforeAll(async () => {
  server = await MariadbProcess.started();
});
afterAll(() => server.remove());
beforeEach(async () => {
  url = await server.database();
  const wakeUp = new InProcessWakeUp();
  nodes = [];
  for (let n = 0; n < 3; n++) nodes.push(await openMariadbStore(url, wakeUp));
});
afterEach(async () => {
  for (const node of nodes) await node.close();
});

/** All that the log must be once nothing waits any more. */
async function expectWhole(events: number): Promise<void> {
  const { readModel } = nodes[0]!;
  const placed = () => readModel.run((tx) => tx.all('SELECT id FROM event WHERE placed = 0'));
  await until('every event to have its place', async () => (await placed()).length === 0);
  expect(await verifyLog(readModel, AUDIT_KEY)).toMatchObject({ events, findings: 0, first: [] });
}

describe('places after the commit', () => {
  it('[I2] are gapless and in the order of versions, however many nodes write and place', async () => {
    const random = seededRandom(7);
    let kept = 0;
    const writer = async (node: MariadbStore): Promise<void> => {
      for (let turn = 0; turn < 25; turn++) {
        const orders = Array.from({ length: 1 + Math.floor(random() * 3) }, () => `o${Math.floor(random() * 6)}`);
        const rooms = ROOMS.filter(() => random() < 0.5);
        const fails = random() < 0.15;
        const work = node.unitOfWork.run(async (tx) => {
          for (const order of [...new Set(orders)].sort()) await writeNext(tx, node.eventLog, order, rooms);
          if (fails) throw new Error('rolled back');
        });
        await work.then(
          () => (kept += new Set(orders).size),
          (error: Error) => expect(error.message).toBe('rolled back'),
        );
      }
    };
    await Promise.all(nodes.flatMap((node) => [writer(node), writer(node), writer(node)]));
    console.log(
      kept,
      performance.now() - began,
      nodes.map(({ placing }) => placing.done),
    );
    await expectWhole(kept);
  });
});
