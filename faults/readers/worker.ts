/** The thread of the readers. */
import { parentPort, workerData } from 'node:worker_threads';
import { chances } from '../../simulation/chance.js';
import { Agreement } from '../check/agreement.js';
import type { Violation } from '../check/violation.js';
import type { Entry } from '../history/entry.js';
import type { Span } from '../recovery.js';
import { Reader } from './reader.js';
import type { FromReaders, ReadersPlan, RoomHead, ToReaders } from './words.js';

const LOOK_EVERY_MS = 20;
const MOST_VIOLATIONS = 50;
/** Not all at once: they have come before anything breaks. */
const COME_EVERY_MS = 3;

const { seed, ports, groups } = workerData as ReadersPlan;
const random = chances(seed, 'readers');
const agreement = new Agreement();
const readers: Reader[] = [];
const recoveries: Span[] = [];
const violations: Violation[] = [];
const told: Entry[] = [];

const say = (word: FromReaders): void => parentPort!.postMessage(word);
const pause = (ms: number): Promise<void> => new Promise((over) => setTimeout(over, ms));

parentPort!.on('message', (word: ToReaders) => {
  if (word.kind === 'break') say({ kind: 'broken', count: befall(word) });
  else void end(word.heads, word.patienceMs);
});
for (const { user, token, rooms, count } of groups) {
  for (let n = 1; n <= count; n += 1) {
    const name = `reader ${user} ${n}`;
    const owner = {
      recovered: (span: Span) => void recoveries.push(span),
      wrong: (violation: Violation, reading: Parameters<Agreement['tell']>[0]) => {
        if (violations.length >= MOST_VIOLATIONS) return;
        violations.push(violation);
        if (violations.length === 1) told.push(...agreement.tell(reading));
      },
    };
    readers.push(new Reader(name, ports, token, rooms, agreement, owner, chances(seed, name)));
    await pause(COME_EVERY_MS);
  }
}
while (!readers.every((reader) => isIn(reader))) await pause(LOOK_EVERY_MS);
// How long the first coming took is no recovery.
recoveries.length = 0;
say({ kind: 'in' });

function isIn(reader: Reader): boolean {
  return reader.rooms.every((room) => reader.readingOf(room));
}

function befall({ fault, share, ms }: ToReaders & { kind: 'break' }): number {
  // How long coming back takes is measured: who is on the way is not made to wait.
  const chosen = readers.filter((reader) => random() < share && (fault !== 'reading stopped' || reader.settled));
  for (const { connection } of chosen) {
    if (fault === 'line cut') connection?.cut();
    else if (fault === 'line half open') connection?.halfOpen(ms);
    else connection?.stopReading(ms);
  }
  return chosen.length;
}

/** Who has not come as far as the rooms have in good time has lost something. */
async function end(heads: RoomHead[], patienceMs: number): Promise<void> {
  const until = performance.now() + patienceMs;
  const behind = (): { reader: Reader; head: RoomHead }[] =>
    readers.flatMap((reader) =>
      heads
        .filter(({ room }) => reader.rooms.includes(room))
        .filter(({ room, epoch, offset }) => {
          const reading = reader.readingOf(room);
          return !reading || reading.epoch !== epoch || reading.at < offset;
        })
        .map((head) => ({ reader, head })),
    );
  while (behind().length > 0 && performance.now() < until) await pause(LOOK_EVERY_MS);
  for (const { reader, head } of behind().slice(0, MOST_VIOLATIONS)) {
    const reading = reader.readingOf(head.room);
    const sentence = reading ? `got to ${reading.at}, the room is at ${head.offset}` : 'is not in the room';
    if (violations.length === 0 && reading) told.push(...agreement.tell(reading));
    violations.push({ wrong: 'lost', subject: `${reader.name} ${head.room}`, sentence });
  }
  let subs = 0;
  const agreed = agreement.asHistory('readers', () => (subs -= 1), performance.now());
  say({
    kind: 'ended',
    origin: performance.timeOrigin,
    deliveries: agreement.deliveries,
    recoveries,
    violations,
    history: [...told, ...agreed],
  });
  for (const reader of readers) reader.close();
  parentPort!.close();
}
