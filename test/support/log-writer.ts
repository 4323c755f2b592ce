import { EventLog } from '../../src/event-log/event-log.js';
import { PlacesAfterCommit } from '../../src/event-log/places-after-commit.js';
import { PlacingAfterCommit } from '../../src/event-log/placing-after-commit.js';
import { RedisWakeUp } from '../../src/event-log/redis-wake-up.js';
import { openMariadb } from '../../src/storage/mariadb-database.js';
import { MariadbLine } from '../../src/storage/mariadb-line.js';
import { MariadbUnitOfWork } from '../../src/storage/mariadb-unit-of-work.js';
import { writeNext } from './written-orders.js';

/**
 * One node of a hub's log in a process of its own, to be killed or to stand still: writes orders and places events, as fast
 * as it can, and says what was kept. `node log-writer.js DATABASE_URL REDIS_URL NAME`
 */
const ORDERS = 12;
const WRITERS = 4;
const [url, redisUrl, name] = process.argv.slice(2) as [string, string, string];

const { writer, servers } = await openMariadb({ url, pool: WRITERS });
const unitOfWork = new MariadbUnitOfWork(writer);
const line = (): MariadbLine => new MariadbLine(servers);
const places = new PlacesAfterCommit(line(), line(), 'test audit key');
new PlacingAfterCommit(places, new RedisWakeUp(redisUrl, 'hub'), unitOfWork);
const eventLog = new EventLog();

async function writeOn(of: number): Promise<void> {
  for (let n = 0; ; n++) {
    const commandId = `${name}-${of}-${n}`;
    // Orders of its own: another node's row lock is not what this is about.
    const order = (of * 7 + n) % ORDERS;
    const rooms = ['floor', `unit:${n % 3}`];
    await unitOfWork
      .run((tx) => writeNext(tx, eventLog, `${name}${order}`, rooms, { actorId: name, commandId }))
      .then(
        () => process.stdout.write(`${commandId}\n`),
        () => undefined,
      );
  }
}

process.stdout.write('begins\n');
for (let of = 0; of < WRITERS; of++) void writeOn(of);
