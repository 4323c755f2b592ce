import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../fault.js';
import { freePort } from '../free-port.js';

const ANSWERS_WITHIN_MS = 15_000;

/** A Redis of the run's own, that remembers nothing when it ends. */
export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
  ) {}

  /** @throws {Fault} when this machine has none. */
  static async started(): Promise<RedisServer> {
    const redis = new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), 'month-redis-')));
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** It is empty. */
  async start(): Promise<void> {
    const settings = { port: this.port, bind: '127.0.0.1', dir: this.folder, save: '', appendonly: 'no' };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn('redis-server', args, { stdio: 'ignore', detached: true });
    let failure: Error | undefined;
    child.on('error', (error) => (failure = error));
    this.child = child;
    const end = performance.now() + ANSWERS_WITHIN_MS;
    while (!(await this.say('PING')).includes('PONG')) {
      if (failure) throw new Fault(`redis-server cannot be started: ${failure.message}`);
      if (performance.now() > end) throw new Fault('redis-server does not answer.');
      await new Promise((again) => setTimeout(again, 30));
    }
  }

  async flush(): Promise<void> {
    await this.say('FLUSHALL');
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Its answer; nothing when there is none. */
  private say(command: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1');
      let answer = '';
      socket.on('error', () => resolve(''));
      socket.on('data', (chunk) => (answer += String(chunk)));
      socket.on('close', () => resolve(answer));
      socket.write(`${command}\r\nQUIT\r\n`);
    });
  }
}
