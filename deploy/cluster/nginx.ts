import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Say } from '../../simulation/progress.js';
import { ServerProcess } from './server-process.js';

const SETTINGS = resolve('deploy');
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

export interface NginxPlace {
  folder: string;
  port: number;
  /** `host:port` of each node. */
  nodes: readonly string[];
  /** With TLS on a port of its own: where `certificate.pem` and `certificate.key` lie. */
  tls?: { port: number; certificates: string };
  say: Say;
}

/** nginx with `deploy/nginx.conf`, before other nodes and on other ports than those of `docker-compose.yml`. */
export async function nginx(place: NginxPlace): Promise<ServerProcess> {
  const { folder, port, say } = place;
  await layOut(place);
  return new ServerProcess({
    name: 'nginx',
    program: 'nginx',
    args: argumentsIn(folder),
    log: join(folder, 'log'),
    goodbye: 'SIGQUIT',
    answers: async () => (await fetch(`http://127.0.0.1:${port}/nginx/live`, { redirect: 'manual' })).status < 400,
    say,
  });
}

/** Besides these `-t` only looks whether the settings are right. */
export const argumentsIn = (folder: string): string[] => [
  ...['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')],
  ...['-g', `daemon off; pid ${join(folder, 'pid')};`],
];

/** The settings with the few words of this place in them. */
export async function layOut({ folder, port, nodes, tls }: NginxPlace): Promise<void> {
  await mkdir(folder, { recursive: true });
  await copyFile(join(SETTINGS, 'nginx.conf'), join(folder, 'nginx.conf'));

  const listen = await readFile(join(SETTINGS, tls ? 'listen-tls.conf' : 'listen.conf'), 'utf8');
  const here = listen.replace('listen 8080', `listen 127.0.0.1:${port}`);
  await writeFile(
    join(folder, 'listen.conf'),
    tls ? here.replace('listen 8443', `listen 127.0.0.1:${tls.port}`) : here,
  );
  for (const file of tls ? ['certificate.pem', 'certificate.key'] : []) {
    await copyFile(join(tls!.certificates, file), join(folder, file));
  }

  const upstream = await readFile(join(SETTINGS, 'upstream.conf'), 'utf8');
  const ours = upstream.replace(/(?:^ *server \S+(.*)\n)+/gm, (_lines, rest: string) =>
    nodes.map((node) => `  server ${node}${rest}\n`).join(''),
  );
  const paths = TEMPORARY.map((name) => `${name}_temp_path "${join(folder, 'temporary', name)}";\n`);
  await mkdir(join(folder, 'temporary'), { recursive: true });
  await writeFile(join(folder, 'upstream.conf'), ours + paths.join(''));
}
