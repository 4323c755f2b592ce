import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { NODE_FLAGS } from '../../src/config/node-flags.js';
import { readSettings } from '../../src/config/settings.js';
import { VARIABLES, type VariableName } from '../../src/config/variables.js';
import { PREPARED } from '../../src/storage/mariadb-address.js';
import { exists, textOf } from './repository.js';

interface Service {
  image: string;
  build?: string;
  profiles?: string[];
  restart: string;
  stop_grace_period: string;
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string>;
  secrets?: string[];
  ports?: string[];
  volumes: string[];
  networks: string[] | Record<string, { ipv4_address: string }>;
  healthcheck: { test: string[]; interval: string; timeout: string; retries: number; start_period: string };
}

interface Compose {
  services: Record<string, Service>;
  networks: { hub: { ipam: { config: { subnet: string }[] } } };
  volumes: Record<string, unknown>;
  secrets: Record<string, { file: string }>;
}

const read = (path: string) => parse(textOf(path), { merge: true, customTags: [OVERRIDE] }) as Compose;
/** Compose's own: what stands here takes the other list's place. */
const OVERRIDE = { tag: '!override', collection: 'seq' as const };

const { services, networks, volumes, secrets } = read('docker-compose.yml');
const nodes = Object.entries(services).filter(([name]) => name.startsWith('hub-'));
/** Those that run for as long as the city does. */
const lasting = Object.entries(services).filter(([, { profiles }]) => profiles === undefined);
const addressOf = ({ networks: joined }: Service) => (Array.isArray(joined) ? '' : joined.hub!.ipv4_address);
const mountsOf = ({ volumes: mounts }: Service) => mounts.map((mount) => mount.split(':') as [string, string]);

/** Where somebody may read what to type. */
const PAGES = ['README.md', 'docs/cluster.md', 'docs/operations.md'];

/** What a page says to do with services: `docker compose [-f …] run|exec|stop|up [options] service … [node program]`. */
function commandsOf(page: string) {
  return [...textOf(page).matchAll(/^docker compose(?: -f \S+)* (run|exec|stop|up|restart)\b(.*)$/gm)].flatMap(
    ([line, verb, rest]) => {
      const words = rest!.replace(/#.*/, '').trim().split(/ +/);
      const from = words.findIndex((word, n) => !word.startsWith('-') && word !== '' && words[n - 1] !== '-v');
      if (from < 0) return [];
      const takesOne = verb === 'run' || verb === 'exec';
      const service = takesOne ? words[from]! : words.slice(from).join(' ');
      const program = takesOne && words[from + 1] === 'node' ? words[from + 2] : undefined;
      return [{ line, verb: verb!, service, program }];
    },
  );
}

/** What a node cannot do without in this profile; the rest has a default that is right for it. */
const NEEDED: VariableName[] = [
  'HUB_PROFILE',
  'HUB_HOST',
  'HUB_DATA_DIR',
  'HUB_TRUSTED_PROXIES',
  'HUB_DATABASE_URL',
  'HUB_REDIS_URL',
  // Made by each node for itself otherwise: a token of one would be nothing to the other.
  'HUB_TOKEN_SECRET',
  'HUB_AUDIT_KEY',
  'HUB_DIGEST_KEY',
];

describe('docker-compose.yml', () => {
  it('starts MariaDB, Redis, two nodes and nginx', () => {
    expect(lasting.map(([name]) => name)).toEqual(['mariadb', 'redis', 'hub-1', 'hub-2', 'nginx']);
    expect(nodes).toHaveLength(2);
  });

  it.each(nodes)('%s has only settings that there are, all that it needs, and every secret by file', (_name, node) => {
    const given = Object.keys(node.environment!).filter((name) => name.startsWith('HUB_'));
    const meant = given.map((name) => name.replace(/_FILE$/, '')) as VariableName[];
    expect(meant.filter((name) => !(name in VARIABLES))).toEqual([]);
    expect(NEEDED.filter((name) => !meant.includes(name))).toEqual([]);
    expect(given.filter((name) => VARIABLES[name as VariableName]?.secret)).toEqual([]);
    const files = given.filter((name) => name.endsWith('_FILE'));
    expect(files.map((name) => node.environment![name]).sort()).toEqual(
      node.secrets!.map((secret) => `/run/secrets/${secret}`).sort(),
    );
  });

  it('gives a node settings that it takes, with the secrets that the script makes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hub-compose-'));
    try {
      const make = () => execFileSync('sh', ['deploy/make-secrets.sh', folder], { encoding: 'utf8' });
      const made = make().trim().split('\n');
      expect(made.map((path) => path.slice(folder.length + 1)).sort()).toEqual(Object.keys(secrets).sort());
      expect(statSync(folder).mode & 0o077).toBe(0);
      const before = made.map((path) => readFileSync(path, 'utf8'));
      expect(make()).toBe('');
      expect(made.map((path) => readFileSync(path, 'utf8'))).toEqual(before);
      expect(new Set(before).size).toBe(before.length);

      const environment = Object.fromEntries(
        Object.entries(nodes[0]![1].environment!).map(([name, value]) => [
          name,
          value.replace('/run/secrets', folder).replace(/^\/data$/, folder),
        ]),
      );
      const settings = readSettings(environment);
      expect(settings).toMatchObject({ production: true, profile: 'cluster', alarms: 'bull' });
      expect(settings.http).toEqual({ port: 3000, host: '0.0.0.0', trustedProxies: 1 });
      expect(settings.demo.enabled).toBe(false);
      // Who is asked at which name, with the password that the server itself was given.
      const password = (name: string) => readFileSync(join(folder, name), 'utf8');
      expect(settings.databaseUrl).toBe(`mysql://hub:${password('database_password')}@mariadb:3306/hub`);
      expect(settings.redisUrl).toBe(`redis://:${password('redis_password')}@redis:6379/0`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes secrets from files only, and keeps them out of the repository and of the image', () => {
    for (const [name, { file }] of Object.entries(secrets)) expect(file).toBe(`deploy/secrets/${name}`);
    const used = new Set(Object.values(services).flatMap((service) => service.secrets ?? []));
    expect([...used].sort()).toEqual(Object.keys(secrets).sort());
    expect(textOf('.gitignore').split('\n')).toContain('/deploy/secrets/');
    expect(textOf('.dockerignore').split('\n')).toContain('deploy/secrets');
    const open = Object.values(services)
      .flatMap(({ environment }) => Object.keys(environment ?? {}))
      .filter((name) => /PASSWORD|SECRET|KEY|URL/.test(name) && !name.endsWith('_FILE'));
    expect(open).toEqual([]);
  });

  it.each(lasting)('%s is pinned, looked after, and ends in its own time', (_name, service) => {
    if (service.build === undefined) expect(service.image).toMatch(/^[a-z]+:\d+\.\d+$/);
    expect(service.restart).toBe('unless-stopped');
    expect(service.stop_grace_period).toMatch(/^\d+[sm]$/);
    expect(service.healthcheck.test[0]).toMatch(/^CMD(-SHELL)?$/);
    for (const key of ['interval', 'timeout', 'start_period'] as const) {
      expect(service.healthcheck[key]).toMatch(/^\d+s$/);
    }
  });

  it('is of the versions that the hub needs', () => {
    const version = (name: string) =>
      Number(/:(\d+\.\d+)$/.exec(services[name]!.image)![1]!.replace(/\.(\d)$/, '.0$1'));
    expect(version('mariadb')).toBeGreaterThanOrEqual(10.06);
    expect(version('redis')).toBeGreaterThanOrEqual(7);
    const oldestNode = /^>=(\d+\.\d+)\./.exec(
      (JSON.parse(textOf('package.json')) as { engines: { node: string } }).engines.node,
    )![1];
    const bases = [...textOf('Dockerfile').matchAll(/^FROM node:(\S+?)-bookworm(-slim)?\b/gm)];
    expect(bases.map((base) => base[1])).toEqual([oldestNode, oldestNode, oldestNode]);
    expect(bases.at(-1)![2]).toBe('-slim');
  });

  it('runs a node as it runs elsewhere', () => {
    const command = /^CMD (\[.*\])$/m.exec(textOf('Dockerfile'))![1]!;
    expect(JSON.parse(command)).toEqual(['node', ...NODE_FLAGS, 'dist/src/main.js']);
  });

  it('has for what is done beside the nodes the same program and settings, and no address that a node holds', () => {
    const { tools } = services;
    expect(Object.keys(services).filter((name) => services[name]!.profiles)).toEqual(['tools']);
    expect(tools).toMatchObject({
      profiles: ['tools'],
      restart: 'no',
      networks: ['hub'],
      healthcheck: { disable: true },
    });
    for (const same of ['build', 'image', 'environment', 'secrets', 'volumes'] as const) {
      expect({ [same]: tools![same] }).toEqual({ [same]: nodes[0]![1][same] });
    }
  });

  it.each(PAGES)('%s runs in containers only what there is, in none whose address is taken', (page) => {
    const commands = commandsOf(page);
    for (const { line, verb, service, program } of commands) {
      expect({ line, service: Object.keys(services) }).toEqual({
        line,
        service: expect.arrayContaining(service.split(' ')),
      });
      if (verb === 'run') expect({ line, address: addressOf(services[service]!) }).toEqual({ line, address: '' });
      if (program === undefined) continue;
      // The image holds what is compiled, and no scripts.
      const [, source] = /^dist\/(.+)\.js$/.exec(program) ?? [];
      expect({ line, there: exists(`${source}.ts`) }).toEqual({ line, there: true });
    }
  });

  it('has backup, restore and verification by the page', () => {
    const programs = commandsOf('docs/cluster.md').map(({ program }) => program);
    for (const name of ['backup', 'restore', 'verify-log']) expect(programs).toContain(`dist/src/cli/${name}.js`);
    const image = textOf('Dockerfile')
      .split(/^FROM /m)
      .at(-1)!;
    expect(image).toContain('COPY --from=program /hub/dist dist\n');
    // With what backup and restore start.
    expect(image).toMatch(/apt-get install .*\bmariadb-client\b/);
  });

  it('mounts only files that there are, and volumes that it names', () => {
    const mounts = Object.values(services).flatMap(mountsOf);
    const named = mounts.map(([from]) => from).filter((from) => !from.startsWith('./'));
    expect([...new Set(named)].sort()).toEqual(Object.keys(volumes).sort());
    for (const [from] of mounts)
      if (from.startsWith('./')) expect({ from, there: exists(from) }).toEqual({ from, there: true });
    expect(mountsOf(nodes[0]![1]).map(([, to]) => to)).toContain(nodes[0]![1].environment!.HUB_DATA_DIR);
  });

  it('keeps nginx, its nodes and their addresses together', () => {
    const upstream = [...textOf('deploy/upstream.conf').matchAll(/^ *server (\S+):(\d+)/gm)];
    // Each of them stands there a second time, for when all were put aside.
    const addresses = nodes.map(([, node]) => addressOf(node));
    expect(upstream.map((found) => found[1])).toEqual([...addresses, ...addresses]);
    for (const found of upstream) expect(found[2]).toBe(nodes[0]![1].environment!.HUB_PORT);
    const subnet = networks.hub.ipam.config[0]!.subnet;
    expect(subnet).toMatch(/\.0\/24$/);
    for (const [, node] of nodes) expect(addressOf(node)).toMatch(new RegExp(`^${subnet.replace(/0\/24$/, '')}`));
    expect(textOf('deploy/listen.conf')).toContain('listen 8080;');
    expect(services.nginx!.ports).toEqual(['${HUB_PUBLIC_PORT:-3000}:8080']);
    expect(Object.entries(services).flatMap(([name, { ports }]) => (ports ? [name] : []))).toEqual(['nginx']);
  });

  it('streams what the hub streams', () => {
    const hub = /STREAMED = \/(.+)\/i;/.exec(textOf('src/hub.ts'))![1]!.replaceAll('\\/', '/');
    expect(textOf('deploy/nginx.conf')).toContain(`location ~* ${hub} {`);
  });

  it('has durable stores [I1]', () => {
    const mariadb = textOf('deploy/mariadb.cnf');
    for (const line of ['innodb_flush_log_at_trx_commit = 1', 'sync_binlog = 1', 'innodb_doublewrite = ON']) {
      expect(mariadb.split('\n')).toContain(line);
    }
    const redis = textOf('deploy/redis.conf').split('\n');
    for (const line of ['appendonly yes', 'appendfsync everysec', 'maxmemory-policy noeviction']) {
      expect(redis).toContain(line);
    }
  });

  it('has room at the database for all that its connections prepare', () => {
    const setting = (name: string) =>
      Number(new RegExp(`^${name} = (\\d+)$`, 'm').exec(textOf('deploy/mariadb.cnf'))![1]);
    expect(setting('max_prepared_stmt_count')).toBeGreaterThanOrEqual(setting('max_connections') * PREPARED);
  });

  it('waits until the stores can be used, not for Redis, without which the hub serves', () => {
    const stores = { mariadb: { condition: 'service_healthy' }, redis: { condition: 'service_started' } };
    const [[, first], ...others] = nodes as [[string, Service], ...[string, Service][]];
    expect(first.depends_on).toEqual(stores);
    // It makes what an empty database lacks.
    for (const [, node] of others) {
      expect(node.depends_on).toEqual({ ...stores, 'hub-1': { condition: 'service_healthy' } });
    }
  });

  it('gives a node more time to end than it takes for what it began', () => {
    for (const [, node] of nodes) {
      expect(Number.parseInt(node.stop_grace_period)).toBeGreaterThan(2 * VARIABLES.HUB_SHUTDOWN_SECONDS.absent);
    }
  });

  it('has TLS as an addition that changes nothing but nginx', () => {
    const tls = read('deploy/docker-compose.tls.yml').services;
    expect(Object.keys(tls)).toEqual(['nginx']);
    expect(tls.nginx!.ports).toEqual(['80:8080', '443:8443']);
    const mounts = mountsOf(tls.nginx!);
    expect(mounts.map(([, to]) => to)).toContain('/etc/nginx/listen.conf');
    const certificates = [...textOf('deploy/listen-tls.conf').matchAll(/^ssl_certificate(?:_key)? (\S+);/gm)];
    for (const [, file] of certificates) {
      expect(mounts).toContainEqual([`./deploy/secrets/${file}`, `/etc/nginx/${file}`, 'ro']);
    }
    expect(certificates).toHaveLength(2);
  });
});
