/**
 * One node of a hub's log in a process of its own, to be killed or to stand still: writes orders and places events, as fast
 * as it can, and says what was kept. `node log-writer.mjs DATABASE_URL REDIS_URL NAME`; runs what was built.
 */
import { EventLog } from '../../dist/src/event-log/event-log.js';
import { PlacesAfterCommit } from '../../dist/src/event-log/places-after-commit.js';
import { PlacingAfterCommit } from '../../dist/src/event-log/placing-after-commit.js';
import { RedisWakeUp } from '../../dist/src/event-log/redis-wake-up.js';
import { openMariadb } from '../../dist/src/storage/mariadb-database.js';
import { MariadbLine } from '../../dist/src/storage/mariadb-line.js';
import { MariadbUnitOfWork } from '../../dist/src/storage/mariadb-unit-of-work.js';

const ORDERS = 12;
const WRITERS = 4;
const [url, redisUrl, name] = process.argv.slice(2);

const { writer, servers } = await openMariadb({ url, pool: WRITERS });
const unitOfWork = new MariadbUnitOfWork(writer);
const line = () => new MariadbLine(servers);
const places = new PlacesAfterCommit(line(), line(), 'test audit key');
new PlacingAfterCommit(places, new RedisWakeUp(redisUrl, 'hub'), unitOfWork);
const eventLog = new EventLog();

/** As `writeNext` in `written-orders.ts`; its command id is how it is known again. */
async function write(commandId, orderNo) {
  await unitOfWork.run(async (tx) => {
    const subject = `order:${orderNo}`;
    await tx.insertIfAbsent('consumer', { name: subject, seq: 0 });
    const { seq } = await tx.one(`SELECT seq FROM consumer WHERE name = ?${tx.forUpdate}`, [subject]);
    const version = seq + 1;
    await tx.run('UPDATE consumer SET seq = ? WHERE name = ?', [version, subject]);
    const card = { orderNo, version, state: 'handling' };
    const rooms = { floor: 'full', [`unit:${version % 3}`]: 'full' };
    const event = { subject, type: 'order.progressed', at: 1, version, data: { orderNo }, card, rooms };
    await eventLog.append(tx, { actorId: name, commandId, causationId: null, recordedAt: 1 }, [event]);
  });
}

async function writeOn(of) {
  for (let n = 0; ; n++) {
    const commandId = `${name}-${of}-${n}`;
    // Orders of its own: another node's row lock is not what this is about.
    await write(commandId, `${name}${(of * 7 + n) % ORDERS}`).then(
      () => process.stdout.write(`${commandId}\n`),
      () => undefined,
    );
  }
}

process.stdout.write('begins\n');
for (let of = 0; of < WRITERS; of++) void writeOn(of);
