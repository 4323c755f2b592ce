import { decodes, redisPlaceOf } from './redis-place.js';
import { serverUrls } from './server-urls.js';

/** One environment variable: what it may hold, what counts when it is absent, and what it is for. */
export interface Variable<T> {
  /** Shown to people, Chinese. */
  form: string;
  sentence: string;
  /** `undefined` with a fault's text when the value is of another form. */
  parse: (text: string) => { value: T } | { fault: string };
  absent: T;
  /** Also taken from the file that `NAME_FILE` names; never shown. */
  secret: boolean;
  /** The absent value as `.env.example` writes it; empty when the hub makes one. */
  shown: string;
}

function whole(min: number, max: number, absent: number, sentence: string): Variable<number> {
  const form = `${min} 到 ${max} 的整数`;
  return {
    form,
    sentence,
    absent,
    secret: false,
    shown: String(absent),
    parse: (text) =>
      /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max
        ? { value: Number(text) }
        : { fault: `应为 ${form}` },
  };
}

function text(absent: string, sentence: string): Variable<string> {
  return { form: '文字', sentence, absent, secret: false, shown: absent, parse: (value) => ({ value }) };
}

function choice<T extends string>(options: readonly T[], absent: T, sentence: string): Variable<T> {
  const form = options.join(' 或 ');
  return {
    form,
    sentence,
    absent,
    secret: false,
    shown: absent,
    parse: (value) => {
      const found = options.find((option) => option === value);
      return found === undefined ? { fault: `应为 ${form}` } : { value: found };
    },
  };
}

function flag(shown: '0' | '1', sentence: string): Variable<boolean | undefined> {
  return {
    form: '1 或 0',
    sentence,
    absent: undefined,
    secret: false,
    shown,
    parse: (value) => (value === '1' || value === '0' ? { value: value === '1' } : { fault: '应为 1 或 0' }),
  };
}

function secret(minLength: number, sentence: string, shown = ''): Variable<string | undefined> {
  return {
    form: `至少 ${minLength} 个字符`,
    sentence,
    absent: undefined,
    secret: true,
    shown,
    parse: (value) => (value.length >= minLength ? { value } : { fault: `应至少有 ${minLength} 个字符` }),
  };
}

function redisUrl(sentence: string): Variable<string | undefined> {
  const form =
    'redis://[用户:密码@]主机[:端口][/库号]，加密连接用 rediss://，由 Sentinel 看护的用 redis+sentinel://[用户:密码@]哨兵[:端口][,哨兵[:端口]…]/名称[/库号]';
  return {
    form,
    sentence,
    absent: undefined,
    secret: true,
    shown: '',
    parse: (value) => (redisPlaceOf(value) ? { value } : { fault: `应为 ${form}` }),
  };
}

function databaseUrl(sentence: string): Variable<string | undefined> {
  const form = 'mysql://用户:密码@主机[:端口][,主机[:端口]…]/库名，加密连接在末尾加 ?tls=1';
  return {
    form,
    sentence,
    absent: undefined,
    secret: true,
    shown: '',
    parse: (value) => (isDatabaseUrl(value) ? { value } : { fault: `应为 ${form}` }),
  };
}

function webUrl(sentence: string): Variable<string | undefined> {
  const form = 'https://主机[:端口]/路径，或 http://';
  return {
    form,
    sentence,
    absent: undefined,
    secret: false,
    shown: '',
    parse: (value) => (isWebUrl(value) ? { value } : { fault: `应为 ${form}，不含用户名和密码` }),
  };
}

/** What a log may show: a password belongs into a setting of its own. */
function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '' && hash === '';
}

const isDatabaseUrl = (text: string): boolean => serverUrls(text)?.every(isDatabaseServer) ?? false;

function isDatabaseServer({ protocol, hostname, username, password, pathname, search, hash }: URL): boolean {
  const whole = protocol === 'mysql:' && hostname !== '' && username !== '' && password !== '' && hash === '';
  return (
    whole &&
    ['', '?tls=1'].includes(search) &&
    /^\/[^/]{1,64}$/.test(pathname) &&
    decodes(username + password + pathname)
  );
}

export const DEFAULT_DEMO_PASSWORD = 'demo';

/** Everything that the environment may say to the hub. `.env.example` is made from this table. */
export const VARIABLES = {
  HUB_PORT: whole(0, 65535, 3000, '网页、接口和 Socket 共用的端口；0 表示任取一个空闲端口'),
  HUB_HOST: text('127.0.0.1', '监听的地址；要从别的机器或容器外访问时设为 0.0.0.0'),
  HUB_TRUSTED_PROXIES: whole(0, 10, 0, '前面有几层反向代理；决定 X-Forwarded-For 里哪一段算来访地址'),
  HUB_DATA_DIR: text('./data', '数据库、密钥等数据所在的目录'),
  HUB_HEADS_DIR: text(
    '',
    '每日记下日志位置（log-heads.ndjson）的目录，用以发现日志被截短；不设则在数据目录，宜放在他人不能改写的另一处',
  ),
  HUB_CONFIG_DIR: text('./config', '政策等配置文件所在的目录'),
  HUB_PROFILE: choice(['embedded', 'cluster'], 'embedded', '运行形态：embedded 为单机内嵌数据库；cluster 为多节点集群'),
  HUB_DATABASE_URL: databaseUrl(
    '集群所用的 MariaDB（10.6 以上），HUB_PROFILE=cluster 时必须设置；密码中的特殊字符用百分号编码。Galera 集群写出各台主机：使用第一台，它不能服务时改用下一台',
  ),
  HUB_DATABASE_REPLICA_URL: databaseUrl('可以稍有滞后的查询（检索、历史统计）所用的只读副本；不设则全部使用主库'),
  HUB_DATABASE_POOL: whole(2, 200, 10, '每个节点最多向数据库打开的写连接数，读连接数与之相同'),
  HUB_DEMO: flag('1', '空数据库首次启动时是否装入演示城市和账号；NODE_ENV=production 时默认为 0，也只能为 0'),
  HUB_DEMO_PASSWORD: secret(4, '演示账号共用的密码', DEFAULT_DEMO_PASSWORD),
  HUB_FIRST_ADMIN_PASSWORD: secret(
    10,
    '没有演示数据时第一个管理员账号 admin 的密码；不设则随机生成，写入数据目录的 first-admin-password.txt',
  ),
  HUB_CLOCK: choice(
    ['system', 'virtual'],
    'system',
    '时间来源：virtual 供模拟使用，可由策略管理员以 advanceTime 指令拨快；正式环境拒绝',
  ),
  HUB_ALARMS: {
    ...choice(
      ['in-process', 'bull'],
      'in-process',
      '时限到点的闹钟放在哪里：in-process 在本进程内存；bull 在 Redis（须设 HUB_REDIS_URL），集群形态默认如此。闹钟丢失不影响时限，巡查会补上',
    ),
    absent: undefined,
  },
  HUB_REDIS_URL: redisUrl('集群形态和 HUB_ALARMS=bull 所用的 Redis；密码中的特殊字符用百分号编码'),
  HUB_CITIZEN_GATEWAY_URL: webUrl(
    '发送消息给诉求人的网关地址，以 JSON 接收 POST；不设则消息只排队、可查看，不发送。正式环境须用 https',
  ),
  HUB_CITIZEN_GATEWAY_SECRET: secret(16, '向上述网关出示的密钥（Authorization: Bearer）；设了地址时必须设置'),
  HUB_TOKEN_SECRET: secret(32, '签发登录令牌的密钥；不设则首次启动时生成，存入数据目录的 secrets.json'),
  HUB_AUDIT_KEY: secret(32, '事件日志防篡改链的密钥；不设则首次启动时生成，存入数据目录的 secrets.json'),
  HUB_DIGEST_KEY: secret(32, '电话等个人信息摘要的密钥；不设则首次启动时生成，存入数据目录的 secrets.json'),
  HUB_TOKEN_MINUTES: whole(1, 60, 15, '登录令牌的有效分钟数'),
  HUB_PASSWORD_COST: whole(14, 20, 17, '密码散列 scrypt 的成本（N 的以 2 为底的对数）'),
  HUB_SHUTDOWN_SECONDS: whole(1, 300, 10, '停机时最多等多少秒让已开始的指令做完并答复；超出的作废，重连后自动重发'),
  HUB_LOG_LEVEL: choice(['error', 'warn', 'log', 'debug'], 'log', '日志的详细程度'),
  HUB_DISK_MIN_FREE_MIB: whole(
    0,
    1_000_000_000,
    1_024,
    '数据目录所在磁盘的剩余空间低于多少 MiB 时，在 /api/health/ready 中指出',
  ),
} as const;

export type VariableName = keyof typeof VARIABLES;
export type Values = { [N in VariableName]: (typeof VARIABLES)[N] extends Variable<infer T> ? T : never };
