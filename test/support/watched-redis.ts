import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { freePort } from '../../simulation/free-port.js';
import { RedisProcess } from './redis-process.js';
import { until } from './until.js';

const NAME = 'hub';
const PASSWORD = 'pa:ss@';
const SENTINELS = 3;
/** Of so many that agree. */
const QUORUM = 2;
/** 30 s by default. */
const DOWN_AFTER_MS = 1_000;

/** A real Redis, a replica of it, and three sentinels that put the replica in its place when it is gone. */
export class WatchedRedis {
  private readonly sentinels: { child: ChildProcess; port: number }[] = [];

  private constructor(
    readonly primary: RedisProcess,
    readonly replica: RedisProcess,
    private readonly folder: string,
  ) {}

  static async started(): Promise<WatchedRedis> {
    const [primary, replica] = [
      await RedisProcess.create({ password: PASSWORD }),
      await RedisProcess.create({ password: PASSWORD }),
    ];
    const watched = new WatchedRedis(primary, replica, await mkdtemp(join(tmpdir(), 'hub-sentinels-')));
    // Whichever of them comes second in line has to log in at the other one.
    const login = ['--masterauth', PASSWORD];
    await primary.start(login);
    await replica.start([...login, '--replicaof', '127.0.0.1', String(primary.port)]);
    await until('the replica to follow', async () => /state=online/.test(await primary.say('INFO replication')));
    for (let n = 0; n < SENTINELS; n++) await watched.addSentinel();
    for (const { port } of watched.sentinels) {
      await until('the sentinels to know each other', async () => {
        const known = await ask(port, ['SENTINEL', 'MASTER', NAME]);
        const [replicas, others] = [known['num-slaves'], known['num-other-sentinels']];
        return replicas === '1' && others === String(SENTINELS - 1);
      });
    }
    return watched;
  }

  get url(): string {
    const hosts = this.sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
    return `redis+sentinel://:${encodeURIComponent(PASSWORD)}@${hosts}/${NAME}`;
  }

  /** The sentinel that is named first stands still for good: whoever comes is let in, and nothing is answered. */
  pauseFirstSentinel(): void {
    this.sentinels[0]!.child.kill('SIGSTOP');
  }

  async remove(): Promise<void> {
    await Promise.all(
      this.sentinels.map(async ({ child }) => {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        if (child.kill('SIGKILL')) await ended;
      }),
    );
    await Promise.all([this.primary.remove(), this.replica.remove()]);
    await rm(this.folder, { recursive: true, force: true });
  }

  private async addSentinel(): Promise<void> {
    const port = await freePort();
    const file = join(this.folder, `${port}.conf`);
    await writeFile(
      file,
      `port ${port}
bind 127.0.0.1
dir "${this.folder}"
sentinel monitor ${NAME} 127.0.0.1 ${this.primary.port} ${QUORUM}
sentinel auth-pass ${NAME} ${PASSWORD}
sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}
sentinel failover-timeout ${NAME} 10000
`,
    );
    const child = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
    this.sentinels.push({ child, port });
    await until('a sentinel to answer', async () => 'name' in (await ask(port, ['SENTINEL', 'MASTER', NAME])));
  }
}

/** What a sentinel answers, by its fields. */
async function ask(port: number, command: string[]): Promise<Record<string, string>> {
  const client = createClient({ socket: { host: '127.0.0.1', port, reconnectStrategy: false } });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.sendCommand(command)) as unknown as Record<string, string>;
  } finally {
    client.destroy();
  }
}
