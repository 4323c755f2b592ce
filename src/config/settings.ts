import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigurationFault } from './configuration-fault.js';
import { didYouMean } from './did-you-mean.js';
import { keptSecrets, type Secrets } from './secrets.js';
import { DEFAULT_DEMO_PASSWORD, type Values, type Variable, VARIABLES, type VariableName } from './variables.js';

/** What the environment says, checked once at the start and never read again. Inject this class. */
export class Settings {
  readonly production: boolean;
  readonly http: Readonly<{ port: number; host: string; trustedProxies: number }>;
  /** Absolute. */
  readonly dataDir: string;
  /** Where the log's heads are written down, absolute. */
  readonly headsDir: string;
  /** Absolute. */
  readonly configDir: string;
  readonly profile: Values['HUB_PROFILE'];
  /** With its password: never to be shown. There in the cluster. */
  readonly databaseUrl: string | undefined;
  /** With its password. Where what may lag is read; `undefined`: where everything is. */
  readonly databaseReplicaUrl: string | undefined;
  /** Connections for writing, and as many for reading. */
  readonly databasePool: number;
  readonly demo: Readonly<{ enabled: boolean; password: string }>;
  readonly firstAdminPassword: string | undefined;
  readonly clock: Values['HUB_CLOCK'];
  readonly alarms: NonNullable<Values['HUB_ALARMS']>;
  /** With its password: never to be shown. There in the cluster, and when `alarms` is `bull`. */
  readonly redisUrl: string | undefined;
  /** Where messages to requesters are handed over; `undefined`: nowhere. */
  readonly citizenGateway: Readonly<{ url: string; secret: string }> | undefined;
  readonly secrets: Readonly<Secrets>;
  readonly tokenMinutes: number;
  /** log2 of scrypt's N. */
  readonly passwordCost: number;
  /** How long a hub that ends waits for what was begun. */
  readonly shutdownMs: number;
  readonly logLevel: Values['HUB_LOG_LEVEL'];
  /** Less free space than this beside the data is told. */
  readonly minFreeMib: number;

  constructor(values: Values, secrets: Secrets, production: boolean) {
    this.production = production;
    this.http = Object.freeze({
      port: values.HUB_PORT,
      host: values.HUB_HOST,
      trustedProxies: values.HUB_TRUSTED_PROXIES,
    });
    this.dataDir = resolve(values.HUB_DATA_DIR);
    this.headsDir = resolve(values.HUB_HEADS_DIR || values.HUB_DATA_DIR);
    this.configDir = resolve(values.HUB_CONFIG_DIR);
    this.profile = values.HUB_PROFILE;
    this.databaseUrl = values.HUB_DATABASE_URL;
    this.databaseReplicaUrl = values.HUB_DATABASE_REPLICA_URL;
    this.databasePool = values.HUB_DATABASE_POOL;
    this.demo = Object.freeze({
      enabled: values.HUB_DEMO ?? !production,
      password: values.HUB_DEMO_PASSWORD ?? DEFAULT_DEMO_PASSWORD,
    });
    this.firstAdminPassword = values.HUB_FIRST_ADMIN_PASSWORD;
    this.clock = values.HUB_CLOCK;
    this.alarms = alarmsOf(values);
    this.redisUrl = values.HUB_REDIS_URL;
    const { HUB_CITIZEN_GATEWAY_URL: url, HUB_CITIZEN_GATEWAY_SECRET: secret } = values;
    this.citizenGateway = url !== undefined && secret !== undefined ? Object.freeze({ url, secret }) : undefined;
    this.secrets = Object.freeze({ ...secrets });
    this.tokenMinutes = values.HUB_TOKEN_MINUTES;
    this.passwordCost = values.HUB_PASSWORD_COST;
    this.shutdownMs = values.HUB_SHUTDOWN_SECONDS * 1_000;
    this.logLevel = values.HUB_LOG_LEVEL;
    this.minFreeMib = values.HUB_DISK_MIN_FREE_MIB;
    Object.freeze(this);
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The hub's settings, for programs that need no policy.
 * @throws {ConfigurationFault} with every fault at once.
 */
export function loadSettings(): Settings {
  return readSettings(environment());
}

/** The process's environment above the file `.env`. */
export function environment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

/** Where the policy lies, even when other settings are wrong. Absolute. */
export const configDirOf = (environment: Environment): string =>
  resolve(environment.HUB_CONFIG_DIR || VARIABLES.HUB_CONFIG_DIR.absent);

/** @throws {ConfigurationFault} with every fault at once. */
export function readSettings(environment: Environment): Settings {
  const production = environment.NODE_ENV === 'production';
  const faults = unknownNames(environment);
  const values = readValues(environment, faults);
  if (production && values.HUB_CLOCK === 'virtual') faults.push('HUB_CLOCK：正式环境不能使用虚拟时间');
  if (production && values.HUB_DEMO) faults.push('HUB_DEMO：正式环境不能装入演示数据');

  faults.push(...profileFaults(values, faults));
  faults.push(...gatewayFaults(values, faults, production));

  const kept = keptIn(values, faults);
  if (faults.length || !kept) throw new ConfigurationFault(faults);
  const secrets: Secrets = {
    tokenSecret: values.HUB_TOKEN_SECRET ?? kept.tokenSecret,
    auditKey: values.HUB_AUDIT_KEY ?? kept.auditKey,
    digestKey: values.HUB_DIGEST_KEY ?? kept.digestKey,
  };
  return new Settings(values, secrets, production);
}

const alarmsOf = (values: Values): NonNullable<Values['HUB_ALARMS']> =>
  values.HUB_ALARMS ?? (values.HUB_PROFILE === 'cluster' ? 'bull' : 'in-process');

/** What all nodes share: a key that each of them made for itself would make every other one's tokens and hashes wrong. */
const SHARED = ['HUB_DATABASE_URL', 'HUB_REDIS_URL', 'HUB_TOKEN_SECRET', 'HUB_AUDIT_KEY', 'HUB_DIGEST_KEY'] as const;

function profileFaults(values: Values, faults: readonly string[]): string[] {
  const missing = (name: VariableName) =>
    values[name] === undefined &&
    !faults.some((fault) => fault.startsWith(`${name}：`) || fault.startsWith(`${name}_FILE`));
  if (values.HUB_PROFILE === 'cluster') {
    return SHARED.filter(missing).map((name) => `${name}：HUB_PROFILE=cluster 时必须设置，各节点相同`);
  }
  const found: string[] = [];
  for (const name of ['HUB_DATABASE_URL', 'HUB_DATABASE_REPLICA_URL'] as const) {
    // Else somebody would believe that the data lies there.
    if (values[name] !== undefined) found.push(`${name}：只在 HUB_PROFILE=cluster 时使用`);
  }
  if (alarmsOf(values) === 'bull' && missing('HUB_REDIS_URL')) found.push('HUB_REDIS_URL：HUB_ALARMS=bull 时必须设置');
  return found;
}

/** A gateway without a secret would be anybody's, and numbers are not sent in clear over a network. */
function gatewayFaults(values: Values, faults: readonly string[], production: boolean): string[] {
  const { HUB_CITIZEN_GATEWAY_URL: url, HUB_CITIZEN_GATEWAY_SECRET: secret } = values;
  if (url === undefined) return [];
  const found: string[] = [];
  if (secret === undefined && !faults.some((fault) => fault.startsWith('HUB_CITIZEN_GATEWAY_SECRET'))) {
    found.push('HUB_CITIZEN_GATEWAY_SECRET：设了 HUB_CITIZEN_GATEWAY_URL 时必须设置');
  }
  if (production && !url.startsWith('https:')) found.push('HUB_CITIZEN_GATEWAY_URL：正式环境须用 https');
  return found;
}

/** Nothing is written to a data directory whose settings are wrong, and nothing when all keys come from outside. */
function keptIn(values: Values, faults: string[]): Secrets | undefined {
  if (faults.length) return undefined;
  const { HUB_TOKEN_SECRET: tokenSecret, HUB_AUDIT_KEY: auditKey, HUB_DIGEST_KEY: digestKey } = values;
  if (tokenSecret && auditKey && digestKey) return { tokenSecret, auditKey, digestKey };
  const kept = keptSecrets(resolve(values.HUB_DATA_DIR));
  if ('secrets' in kept) return kept.secrets;
  faults.push(kept.fault);
  return undefined;
}

const names = Object.keys(VARIABLES) as VariableName[];
const knownNames: readonly string[] = names.flatMap((name) =>
  VARIABLES[name].secret ? [name, `${name}_FILE`] : [name],
);

function unknownNames(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('HUB_') && !knownNames.includes(name))
    .map((name) => {
      const meant = didYouMean(name, knownNames);
      return `${name}：没有这个设置${meant ? `，是否指 ${meant}` : ''}`;
    });
}

function readValues(environment: Environment, faults: string[]): Values {
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const variable: Variable<unknown> = VARIABLES[name];
    const text = textOf(environment, name, variable, faults);
    const read = text === undefined ? { value: variable.absent } : variable.parse(text);
    if ('fault' in read) faults.push(`${name}：${read.fault}`);
    values[name] = 'fault' in read ? variable.absent : read.value;
  }
  return values as Values;
}

/** An empty value counts as absent, as in the lines of `.env.example`. */
function textOf(
  environment: Environment,
  name: VariableName,
  variable: Variable<unknown>,
  faults: string[],
): string | undefined {
  const direct = environment[name] || undefined;
  const file = (variable.secret && environment[`${name}_FILE`]) || undefined;
  if (file === undefined) return direct;
  if (direct !== undefined) {
    faults.push(`${name}：与 ${name}_FILE 只能设置其一`);
    return direct;
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    faults.push(`${name}_FILE：无法读取所指的文件`);
    return undefined;
  }
}
