import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/until.js';
import { exists, ROOT, textOf } from './repository.js';

let dataDir: string;
let server: Server;
const running: Script[] = [];

/** A command of the checkout, with its stdin closed, as a service manager or a build machine runs it. */
class Script {
  output = '';
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(name: string, args: string[], env: Record<string, string>) {
    this.child = spawn(process.execPath, [join('scripts', `${name}.mjs`), ...args], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, HUB_DATA_DIR: dataDir, HUB_PASSWORD_COST: '14', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout!.on('data', (chunk) => (this.output += String(chunk)));
    this.child.stderr!.on('data', (chunk) => (this.output += String(chunk)));
    this.ended = new Promise((resolve) => this.child.on('close', resolve));
    running.push(this);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** A port that something holds until the end of the test. */
async function takenPort(): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'hub-commands-'));
  server = createServer();
});
afterEach(async () => {
  for (const script of running.splice(0)) {
    script.kill('SIGTERM');
    await script.ended;
  }
  if (server.listening) await new Promise((resolve) => server.close(resolve));
  await rm(dataDir, { recursive: true, force: true });
});

describe('npm start', () => {
  it('serves hub and consoles, tells the address, and ends with all it started', async () => {
    const port = await takenPort();
    await new Promise((resolve) => server.close(resolve));
    const start = new Script('start', [], { HUB_PORT: String(port) });
    const url = `http://127.0.0.1:${port}`;
    await until('the hub to be ready', async () => (await fetch(`${url}/api/health/ready`)).ok, 120_000);
    expect(await (await fetch(url)).text()).toContain('<div id="app">');
    await until('the address to be told', () => start.output.includes(url));

    start.kill('SIGTERM');
    await start.ended;
    await expect(fetch(url)).rejects.toThrow();
  });

  it('says in a sentence that its port is taken', async () => {
    const port = await takenPort();
    const start = new Script('start', [], { HUB_PORT: String(port) });
    expect(await start.ended).toBe(1);
    expect(start.output).toContain(`端口 ${port} 已被占用`);
    expect(start.output).toContain(`HUB_PORT=${port + 1} npm start`);
    expect(start.output).not.toMatch(/\bat .+:\d+:\d+/);
  });

  it('tells every wrong setting, and starts nothing', async () => {
    const start = new Script('start', [], { HUB_PORT: 'three thousand', HUB_COLOUR: 'red' });
    expect(await start.ended).toBe(2);
    expect(start.output).toMatch(/HUB_PORT[^]*HUB_COLOUR|HUB_COLOUR[^]*HUB_PORT/);
  });
});

describe('the other commands', () => {
  it('name themselves when called by a name that is not theirs', async () => {
    const script = new Script('run', ['elsewhere'], {});
    expect(await script.ended).toBe(1);
    expect(script.output).toMatch(/replay\|.*backup\|restore\|verify-log/);
  });

  it('say what is missing instead of making it', async () => {
    const script = new Script('run', ['verify-log'], {});
    expect(await script.ended).toBe(2);
    expect(script.output).toContain('没有数据库');
  });

  it('are all there', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const files = Object.values(scripts).flatMap((line) => line.match(/scripts\/\w[\w-]*\.mjs/g) ?? []);
    expect(files.filter((file) => !exists(file))).toEqual([]);
  });
});

describe('.ci/run', () => {
  it('is the whole proof', () => {
    accessSync(join(ROOT, '.ci/run'), constants.X_OK);
    expect(textOf('.ci/run')).toMatch(/^exec npm test <\/dev\/null$/m);
  });
});
