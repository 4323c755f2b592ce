import { type ChildProcess, spawn } from 'node:child_process';
import { Logger } from '@nestjs/common';
import { verifyLog } from '../../src/event-log/verify-log.js';
import { MariadbProcess } from '../support/mariadb-process.js';
import { RedisProcess } from '../support/redis-process.js';
import { AUDIT_KEY, type MariadbStore, openMariadbStore } from '../support/store.js';
import { until } from '../support/until.js';

/** Three processes on a busy machine. */
const STARTS_WITHIN_MS = 40_000;

/** A node in a process of its own, and what it said that was kept. */
class Writer {
  readonly kept: string[] = [];
  private readonly child: ChildProcess;
  private rest = '';
  said = '';

  constructor(database: string, redis: string, name: string) {
    const args = ['dist-faults/test/support/log-writer.js', database, redis, name];
    this.child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stderr!.on('data', (chunk) => (this.said += String(chunk)));
    this.child.stdout!.on('data', (chunk) => {
      const lines = (this.rest + String(chunk)).split('\n');
      this.rest = lines.pop()!;
      this.kept.push(...lines.filter((line) => line !== 'begins'));
    });
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }

  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }
}

describe('nodes that write one log', () => {
  let server: MariadbProcess;
  let redis: RedisProcess;
  let url: string;
  let watcher: MariadbStore;
  const writers: Writer[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    [server, redis] = await Promise.all([MariadbProcess.started(), RedisProcess.started()]);
    url = await server.database();
    watcher = await openMariadbStore(url);
    // It only reads until the end: what it would place, the others could have lost.
    await watcher.placing.close();
  });
  afterAll(async () => {
    for (const writer of writers) await writer.kill();
    await watcher.close();
    await Promise.all([server.remove(), redis.remove()]);
  });

  const begin = (name: string): Writer => {
    const writer = new Writer(url, redis.url, name);
    writers.push(writer);
    return writer;
  };
  const seq = async () => (await watcher.reader.head()).seq;
  const untilGrown = async (what: string, by: number) => {
    const before = await seq();
    const told = () => `${what}, from place ${before} on ${writers.map(({ said }) => said).join('')}`;
    await until(told(), async () => (await seq()) >= before + by, STARTS_WITHIN_MS);
  };

  it('[I1] [I2] lose nothing and keep its order, whichever is killed or stands still, and with Redis or without', async () => {
    const [a, b, c] = [begin('a'), begin('b'), begin('c')];
    await untilGrown('all three to write', 100);
    await until('each to have written', () => [a, b, c].every(({ kept }) => kept.length > 5), STARTS_WITHIN_MS);

    for (const still of [a, b, c]) {
      still.pause();
      await untilGrown('the others to go on while one stands still', 30);
      still.resume();
    }
    await redis.kill();
    await untilGrown('them to go on without Redis', 50);
    await b.kill();
    await untilGrown('the others to go on without one', 30);
    await redis.start();
    await c.kill();
    const d = begin('d');
    await until('the one that came later to have written', () => d.kept.length > 5, STARTS_WITHIN_MS);
    await Promise.all([a.kill(), d.kill()]);

    const last = await openMariadbStore(url);
    await last.placing.settled();
    await last.close();
    const waiting = await watcher.readModel.run((tx) => tx.all('SELECT id FROM event WHERE placed = 0'));
    expect(waiting).toEqual([]);
    const report = await verifyLog(watcher.readModel, AUDIT_KEY);
    expect(report).toMatchObject({ findings: 0, first: [] });
    const kept = [a, b, c, d].flatMap((writer) => writer.kept);
    const found = await watcher.readModel.run((tx) => tx.all<{ command_id: string }>('SELECT command_id FROM event'));
    const known = new Set(found.map(({ command_id }) => command_id));
    expect(kept.filter((commandId) => !known.has(commandId))).toEqual([]);
    expect(known.size).toBe(report.events);
  });
});
