import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigurationFault } from './configuration-fault.js';
import { envExample } from './env-example.js';
import { type Environment, readSettings } from './settings.js';

describe('settings', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-settings-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (environment: Environment = {}) => readSettings({ HUB_DATA_DIR: join(folder, 'data'), ...environment });
  function faultsOf(environment: Environment): readonly string[] {
    try {
      read(environment);
    } catch (error) {
      if (error instanceof ConfigurationFault) return error.faults;
      throw error;
    }
    return [];
  }

  it('have a value for everything that the environment leaves out', () => {
    expect(read()).toMatchObject({
      production: false,
      http: { port: 3000, host: '127.0.0.1', trustedProxies: 0 },
      dataDir: join(folder, 'data'),
      configDir: resolve('config'),
      profile: 'embedded',
      demo: { enabled: true, password: 'demo' },
      clock: 'system',
      alarms: 'in-process',
      redisUrl: undefined,
      databaseUrl: undefined,
      databasePool: 10,
      tokenMinutes: 15,
      passwordCost: 17,
      logLevel: 'log',
    });
  });

  it('cannot be changed afterwards', () => {
    const settings = read();
    for (const part of [settings, settings.http, settings.demo, settings.secrets]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('take an empty value for none', () => {
    expect(read({ HUB_PORT: '', HUB_TOKEN_SECRET: '' }).http.port).toBe(3000);
  });

  it('tell every fault at once, in Chinese, and never the value', () => {
    const values = {
      NODE_ENV: 'production',
      HUB_PORT: '70000',
      HUB_PASSWORD_COST: '9',
      HUB_PROFILE: 'cluster',
      HUB_CLOCK: 'virtual',
      HUB_DEMO: '1',
      HUB_TOKEN_SECRET: 'too short a key',
      HUB_TOKEN_MINUTE: '20',
      HUB_DIGEST_KEY_FILE: join(folder, 'nowhere'),
    };
    const faults = faultsOf(values);
    expect(faults).toEqual([
      'HUB_TOKEN_MINUTE：没有这个设置，是否指 HUB_TOKEN_MINUTES',
      'HUB_PORT：应为 0 到 65535 的整数',
      'HUB_TOKEN_SECRET：应至少有 32 个字符',
      'HUB_DIGEST_KEY_FILE：无法读取所指的文件',
      'HUB_PASSWORD_COST：应为 14 到 20 的整数',
      'HUB_CLOCK：正式环境不能使用虚拟时间',
      'HUB_DEMO：正式环境不能装入演示数据',
      'HUB_DATABASE_URL：HUB_PROFILE=cluster 时必须设置，各节点相同',
      'HUB_REDIS_URL：HUB_PROFILE=cluster 时必须设置，各节点相同',
      'HUB_AUDIT_KEY：HUB_PROFILE=cluster 时必须设置，各节点相同',
    ]);
    expect(faults.join()).not.toContain('too short a key');
  });

  it('name no likeness for a setting that is like no other', () => {
    expect(faultsOf({ HUB_COLOUR_OF_THE_DOOR: 'red' })).toEqual(['HUB_COLOUR_OF_THE_DOOR：没有这个设置']);
  });

  it('write nothing while something is wrong', () => {
    faultsOf({ HUB_PORT: 'x' });
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('[CK8] let the time be virtual, but not in production', () => {
    expect(read({ HUB_CLOCK: 'virtual' }).clock).toBe('virtual');
    expect(faultsOf({ HUB_CLOCK: 'virtual', NODE_ENV: 'production' })).toEqual(['HUB_CLOCK：正式环境不能使用虚拟时间']);
  });

  describe('of Redis', () => {
    const faultsOfUrl = (url: string) => faultsOf({ HUB_ALARMS: 'bull', HUB_REDIS_URL: url });
    const form =
      'HUB_REDIS_URL：应为 redis://[用户:密码@]主机[:端口][/库号]，加密连接用 rediss://，由 Sentinel 看护的用 redis+sentinel://[用户:密码@]哨兵[:端口][,哨兵[:端口]…]/名称[/库号]';

    it('are needed where the alarms lie there, and only there', () => {
      expect(faultsOf({ HUB_ALARMS: 'bull' })).toEqual(['HUB_REDIS_URL：HUB_ALARMS=bull 时必须设置']);
      expect(faultsOf({ HUB_ALARMS: 'redis' })).toEqual(['HUB_ALARMS：应为 in-process 或 bull']);
      expect(read({ HUB_ALARMS: 'in-process' }).redisUrl).toBeUndefined();
    });

    it.each([
      'redis://localhost',
      'redis://10.0.0.7:6380/3',
      'redis://[::1]:6379/',
      'redis://:only-a-password@host',
      'rediss://hub:p%40ss%2Fword@redis.example:6380/15',
      'redis+sentinel://sentinel-1/city',
      'redis+sentinel://:p%40ss@sentinel-1,10.0.0.2:26380,[::1]/city-hub/3',
    ])('take %s', (url) => {
      expect(read({ HUB_ALARMS: 'bull', HUB_REDIS_URL: url })).toMatchObject({ alarms: 'bull', redisUrl: url });
    });

    it.each([
      'localhost:6379',
      'http://localhost:6379',
      'redis://',
      'redis:///0',
      'redis://host:99999',
      'redis://host/first',
      'redis://host/1/2',
      'redis://host?db=1',
      'redis://host#1',
      'redis://user@host',
      'redis://:%E0%A4%A@host',
      'redis://host,other',
      'redis+sentinel://sentinel',
      'redis+sentinel://sentinel,/city',
      'redis+sentinel://sentinel/city/first',
    ])('refuse %s once, and do not repeat it', (url) => {
      expect(faultsOfUrl(url)).toEqual([form]);
    });

    it('come from a file, too', () => {
      writeFileSync(join(folder, 'redis'), 'redis://:from-a-file@host\n');
      const { redisUrl } = read({ HUB_ALARMS: 'bull', HUB_REDIS_URL_FILE: join(folder, 'redis') });
      expect(redisUrl).toBe('redis://:from-a-file@host');
      expect(faultsOf({ HUB_ALARMS: 'bull', HUB_REDIS_URL_FILE: join(folder, 'nowhere') })).toEqual([
        'HUB_REDIS_URL_FILE：无法读取所指的文件',
      ]);
    });
  });

  describe('of the gateway to requesters', () => {
    const SECRET = 'sixteen letters or more';
    const gateway = { HUB_CITIZEN_GATEWAY_URL: 'https://sms.example/hub', HUB_CITIZEN_GATEWAY_SECRET: SECRET };

    it('[NT3] are no gateway unless there is an address', () => {
      expect(read({}).citizenGateway).toBeUndefined();
      expect(read({ HUB_CITIZEN_GATEWAY_SECRET: SECRET }).citizenGateway).toBeUndefined();
      expect(read(gateway).citizenGateway).toEqual({ url: 'https://sms.example/hub', secret: SECRET });
    });

    it('[NT4] show the gateway a secret, which may come from a file', () => {
      writeFileSync(join(folder, 'sms'), `${SECRET}\n`);
      const { HUB_CITIZEN_GATEWAY_URL } = gateway;
      const fromFile = read({ HUB_CITIZEN_GATEWAY_URL, HUB_CITIZEN_GATEWAY_SECRET_FILE: join(folder, 'sms') });
      expect(fromFile.citizenGateway?.secret).toBe(SECRET);
      expect(faultsOf({ HUB_CITIZEN_GATEWAY_URL })).toEqual([
        'HUB_CITIZEN_GATEWAY_SECRET：设了 HUB_CITIZEN_GATEWAY_URL 时必须设置',
      ]);
      const short = faultsOf({ ...gateway, HUB_CITIZEN_GATEWAY_SECRET: 'short' });
      expect(short).toEqual(['HUB_CITIZEN_GATEWAY_SECRET：应至少有 16 个字符']);
    });

    it('[NT2] send no number in clear over a network in production', () => {
      const plain = { ...gateway, HUB_CITIZEN_GATEWAY_URL: 'http://sms.example/hub' };
      expect(read(plain).citizenGateway?.url).toBe('http://sms.example/hub');
      expect(faultsOf({ ...plain, NODE_ENV: 'production' })).toEqual(['HUB_CITIZEN_GATEWAY_URL：正式环境须用 https']);
    });

    it.each(['sms.example', 'ftp://sms.example', 'https://hub:password@sms.example', 'https://sms.example/#hub'])(
      'refuse %s, and do not repeat it',
      (url) => {
        const faults = faultsOf({ ...gateway, HUB_CITIZEN_GATEWAY_URL: url });
        expect(faults).toEqual([
          'HUB_CITIZEN_GATEWAY_URL：应为 https://主机[:端口]/路径，或 http://，不含用户名和密码',
        ]);
      },
    );
  });

  describe('of a cluster', () => {
    const database = 'mysql://hub:p%40ss@db.example:3307/hub';
    const [redis, key] = ['redis://127.0.0.1', 'k'.repeat(32)];
    const secrets = { HUB_TOKEN_SECRET: key, HUB_AUDIT_KEY: key, HUB_DIGEST_KEY: key };
    const cluster = { HUB_PROFILE: 'cluster', HUB_DATABASE_URL: database, HUB_REDIS_URL: redis, ...secrets };

    it('name a database, a Redis and the keys that all nodes share, and need nothing else', () => {
      const expected = { profile: 'cluster', databaseUrl: database, redisUrl: redis, alarms: 'bull', databasePool: 10 };
      expect(read(cluster)).toMatchObject(expected);
      expect(existsSync(join(folder, 'data'))).toBe(false);
      expect(read({ ...cluster, HUB_ALARMS: 'in-process' }).alarms).toBe('in-process');
    });

    it('tell everything that is missing at once', () => {
      const names = ['HUB_DATABASE_URL', 'HUB_REDIS_URL', 'HUB_TOKEN_SECRET', 'HUB_AUDIT_KEY', 'HUB_DIGEST_KEY'];
      const missing = names.map((name) => `${name}：HUB_PROFILE=cluster 时必须设置，各节点相同`);
      expect(faultsOf({ HUB_PROFILE: 'cluster' })).toEqual(missing);
    });

    it('refuse an address that is not a database, and never repeat it', () => {
      const form = 'HUB_DATABASE_URL：应为 mysql://用户:密码@主机[:端口][,主机[:端口]…]/库名，加密连接在末尾加 ?tls=1';
      const wrong = [
        ...['mysql://db/hub', 'mysql://hub@db/hub', 'mysql://hub:p@db', 'mysql://hub:p@db/', 'mysql://hub:p@db/a/b'],
        ...['postgres://hub:p@db/hub', 'mysql://hub:p@db/hub?tls=0', 'mysql://hub:%zz@db/hub', 'no address at all'],
        ...[
          'mysql://hub:p@db,/hub',
          'mysql://hub:p@,db/hub',
          'mysql://hub:p@a,b:99999/hub',
          'mysql://hub:p@a/hub,b/hub/c',
        ],
      ];
      for (const url of wrong) expect(faultsOf({ ...cluster, HUB_DATABASE_URL: url })).toEqual([form]);
      const encrypted = `${database}?tls=1`;
      const several = 'mysql://hub:p%40ss@db-1.example,10.0.0.2:3307,[::1]:3308/hub?tls=1';
      for (const url of [encrypted, several]) {
        expect(read({ ...cluster, HUB_DATABASE_URL: url }).databaseUrl).toBe(url);
      }
      expect(faultsOf({ ...cluster, HUB_DATABASE_POOL: '1' })).toEqual(['HUB_DATABASE_POOL：应为 2 到 200 的整数']);
    });

    it('are refused where nobody would go by them', () => {
      expect(faultsOf({ HUB_DATABASE_URL: database, HUB_DATABASE_REPLICA_URL: database })).toEqual([
        'HUB_DATABASE_URL：只在 HUB_PROFILE=cluster 时使用',
        'HUB_DATABASE_REPLICA_URL：只在 HUB_PROFILE=cluster 时使用',
      ]);
    });
  });

  it('fill no demo in production unless told, which is a fault', () => {
    expect(read({ NODE_ENV: 'production' }).demo.enabled).toBe(false);
  });

  describe('secrets', () => {
    it('are made once, for the hub alone to read, and kept', () => {
      const { secrets } = read();
      const file = join(folder, 'data', 'secrets.json');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
      expect(new Set(Object.values(secrets)).size).toBe(3);
      expect(read().secrets).toEqual(secrets);
    });

    it('come from the environment or from files that it names', () => {
      const [token, audit] = ['t'.repeat(40), 'a'.repeat(40)];
      writeFileSync(join(folder, 'audit'), `${audit}\n`);
      const { secrets } = read({ HUB_TOKEN_SECRET: token, HUB_AUDIT_KEY_FILE: join(folder, 'audit') });
      expect(secrets).toMatchObject({ tokenSecret: token, auditKey: audit });
      expect(secrets.digestKey).toHaveLength(43);
    });

    it('are not kept at all when all come from outside', () => {
      const key = 'k'.repeat(32);
      read({ HUB_TOKEN_SECRET: key, HUB_AUDIT_KEY: key, HUB_DIGEST_KEY: key });
      expect(existsSync(join(folder, 'data'))).toBe(false);
    });

    it('may be given in one way only', () => {
      expect(faultsOf({ HUB_AUDIT_KEY: 'a'.repeat(40), HUB_AUDIT_KEY_FILE: '/x' })).toEqual([
        'HUB_AUDIT_KEY：与 HUB_AUDIT_KEY_FILE 只能设置其一',
      ]);
    });

    it('stop the boot when others can read them or something is missing', () => {
      read();
      const file = join(folder, 'data', 'secrets.json');
      chmodSync(file, 0o644);
      expect(faultsOf({})).toEqual(['HUB_DATA_DIR：secrets.json 可被其他用户读取，请执行 chmod 600']);
      chmodSync(file, 0o600);
      writeFileSync(file, '{"tokenSecret":"x"}');
      const incomplete = ['HUB_DATA_DIR：secrets.json 内容不完整，请从备份恢复'];
      expect(faultsOf({})).toEqual(incomplete);
      writeFileSync(file, '{');
      expect(faultsOf({})).toEqual(incomplete);
    });

    it('stop the boot when the folder cannot be used', () => {
      writeFileSync(join(folder, 'data'), 'a file');
      expect(faultsOf({})[0]).toMatch(/^HUB_DATA_DIR：无法读写/);
    });
  });

  it('are all in .env.example, which `npm run env-example` writes', () => {
    expect(readFileSync('.env.example', 'utf8')).toBe(envExample());
  });
});
