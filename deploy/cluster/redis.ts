import { mkdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import type { Say } from '../../simulation/progress.js';
import { ServerProcess } from './server-process.js';

const SETTINGS = resolve('deploy/redis.conf');

/** Where one is let in, on this machine. */
export interface RedisDoor {
  port: number;
  password: string;
}

export interface RedisPlace extends RedisDoor {
  folder: string;
  say: Say;
}

export const redisUrl = ({ port, password }: RedisDoor): string =>
  `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}/0`;

/** Redis with `deploy/redis.conf`. */
export async function redis({ folder, port, password, say }: RedisPlace): Promise<ServerProcess> {
  await mkdir(folder, { recursive: true });
  const own = { bind: '127.0.0.1', port, dir: `"${folder}"`, requirepass: password };
  const lines = Object.entries(own).map(([name, value]) => `${name} ${value}\n`);
  return new ServerProcess({
    name: 'Redis',
    program: 'redis-server',
    args: ['-'],
    input: (await readFile(SETTINGS, 'utf8')) + lines.join(''),
    log: join(folder, 'log'),
    answers: async () => (await askRedis({ port, password }, 'PING')).includes('PONG'),
    say,
  });
}

/** What it answers to a few commands, one a line, after that to its password; nothing when it is not there. */
export function askRedis({ port, password }: RedisDoor, commands: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.on('close', () => resolve(answer));
    socket.write(`AUTH ${password}\r\n${commands}\r\nQUIT\r\n`);
  });
}
