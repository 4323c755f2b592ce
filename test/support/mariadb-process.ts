import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../simulation/free-port.js';
import { MariadbServer, PASSWORD, USER } from './mariadb-server.js';
import { until } from './until.js';

const STARTS_WITHIN_MS = 30_000;
/** Debian keeps the server where only root's PATH looks. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
/** Enough for a test, and quickly made and started. */
const SMALL = ['--innodb-buffer-pool-size=64M', '--innodb-log-file-size=32M', '--skip-log-bin'];
const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];

/**
 * A real MariaDB server in a process of its own, on a free port and in a folder of its own. What it acknowledged is on
 * the disk (`innodb_flush_log_at_trx_commit=1`) and there again after `kill` and `start`.
 */
export class MariadbProcess extends MariadbServer {
  private child: ChildProcess | undefined;
  private output = '';

  private constructor(
    port: number,
    readonly folder: string,
    private readonly options: readonly string[],
  ) {
    super(port);
  }

  /** It does not run yet. `options`: more of the server's own, `--name=value`. */
  static async create({ options = [] }: { options?: readonly string[] } = {}): Promise<MariadbProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'hub-mariadb-'));
    const server = new MariadbProcess(await freePort(), folder, options);
    await promisify(execFile)(
      'mariadb-install-db',
      [
        '--no-defaults',
        ...asRoot,
        `--datadir=${server.data}`,
        `--tmpdir=${folder}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        ...SMALL,
      ],
      { env },
    );
    await writeFile(
      server.initFile,
      `CREATE USER IF NOT EXISTS '${USER}'@'%' IDENTIFIED BY '${PASSWORD}';\nGRANT ALL ON *.* TO '${USER}'@'%';\n`,
    );
    return server;
  }

  static async started(options?: { options?: readonly string[] }): Promise<MariadbProcess> {
    const server = await MariadbProcess.create(options);
    await server.start();
    return server;
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  /** Resolves when it answers. `more`: options of this start alone. */
  async start(more: readonly string[] = []): Promise<void> {
    const settings = [
      `--datadir=${this.data}`,
      // A server that starts takes away what it finds in its folder for such files: also those of another one.
      `--tmpdir=${this.folder}`,
      `--socket=${join(this.folder, 'sock')}`,
      `--pid-file=${join(this.folder, 'pid')}`,
      `--port=${this.port}`,
      '--bind-address=127.0.0.1',
      '--skip-name-resolve',
      `--init-file=${this.initFile}`,
      '--innodb-flush-log-at-trx-commit=1',
      '--innodb-buffer-pool-dump-at-shutdown=0',
      '--innodb-fast-shutdown=1',
      '--max-connections=500',
      '--max-prepared-stmt-count=100000',
    ];
    const user = this.options.some((option) => option.startsWith('--user=')) ? [] : asRoot;
    const child = spawn('mariadbd', ['--no-defaults', ...user, ...settings, ...SMALL, ...this.options, ...more], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stdout.on('data', (chunk) => (this.output += String(chunk)));
    child.stderr.on('data', (chunk) => (this.output += String(chunk)));
    child.on('error', (error) => (this.output += error.message));
    await until(
      'MariaDB to answer',
      async () => {
        if (!running(child)) throw new Error(`MariaDB ended: ${this.output}`);
        return this.answers();
      },
      STARTS_WITHIN_MS,
    );
  }

  /** It runs on when this process ends. */
  leave(): void {
    const { stdout, stderr } = this.child!;
    for (const handle of [this.child!, stdout as Socket, stderr as Socket]) handle.unref();
  }

  /** In order. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Without a goodbye. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Killed, and there again with what it had acknowledged. */
  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** It stands still: connections stay open, and nothing is answered. */
  pause(): void {
    this.child!.kill('SIGSTOP');
  }

  resume(): void {
    this.child!.kill('SIGCONT');
  }

  async remove(): Promise<void> {
    if (this.child && running(this.child)) await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  private get initFile(): string {
    return join(this.folder, 'init.sql');
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.child!;
    if (!running(child)) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    // One that stands still hears nothing but SIGKILL.
    child.kill('SIGCONT');
    await ended;
  }
}

const running = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;
