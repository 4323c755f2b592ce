import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../simulation/free-port.js';
import { until } from './until.js';

/** A real Redis server in a process of its own, on a free port and in a folder of its own, that remembers nothing when it ends. */
export class RedisProcess {
  private child: ChildProcess | undefined;
  private output = '';

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly password: string | undefined,
  ) {}

  /** It does not run yet. */
  static async create({ password }: { password?: string } = {}): Promise<RedisProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'hub-redis-'));
    return new RedisProcess(await freePort(), folder, password);
  }

  static async started(options?: { password?: string }): Promise<RedisProcess> {
    const redis = await RedisProcess.create(options);
    await redis.start();
    return redis;
  }

  get url(): string {
    return this.urlAt(this.port);
  }

  /** As it is reached through another port. */
  urlAt(port: number): string {
    return `redis://${this.password ? `:${encodeURIComponent(this.password)}@` : ''}127.0.0.1:${port}`;
  }

  /** Resolves when it answers. It is empty. `more`: arguments of this start alone. */
  async start(more: readonly string[] = []): Promise<void> {
    const settings = { port: this.port, bind: '127.0.0.1', dir: this.folder, save: '', appendonly: 'no' };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    if (this.password) args.push('--requirepass', this.password);
    const child = spawn('redis-server', [...args, ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    child.stdout.on('data', (chunk) => (this.output += String(chunk)));
    child.on('error', (error) => (this.output += error.message));
    await until('Redis to answer', async () => {
      if (child.exitCode !== null) throw new Error(this.output);
      return (await this.say('PING')) === 'PONG';
    });
  }

  /** In order. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Without a goodbye. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** It stands still: connections stay open, and nothing is answered. */
  pause(): void {
    this.child!.kill('SIGSTOP');
  }

  resume(): void {
    this.child!.kill('SIGCONT');
  }

  /** Empties it while all go on talking to it. */
  async flush(): Promise<void> {
    await this.say('FLUSHALL');
  }

  async remove(): Promise<void> {
    if (this.child && this.child.exitCode === null && this.child.signalCode === null) await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** One command; its answer as it comes over the line, a simple one without its mark. */
  say(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1');
      const login = this.password ? `AUTH ${this.password}\r\n` : '';
      let answer = '';
      socket.on('error', reject);
      socket.on('data', (chunk) => (answer += String(chunk)));
      socket.on('close', () => {
        const text = answer.replace(login ? /^\+OK\r\n/ : '', '').replace(/\+OK\r\n$/, '');
        if (text.startsWith('-')) reject(new Error(text));
        else resolve(text.replace(/^[+:]/, '').trim());
      });
      socket.write(`${login}${command}\r\nQUIT\r\n`);
    });
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.child!;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}
