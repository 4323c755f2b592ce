import { hostOf, serverUrls } from './server-urls.js';

/** Where a Redis is reached. With its password: never to be shown. */
export interface RedisPlace {
  /** Its own; or, where it has a name, those of the sentinels that know where it is at the moment. */
  servers: readonly { host: string; port: number }[];
  name: string | undefined;
  username: string;
  password: string;
  db: number;
  tls: boolean;
}

const PORT = 6379;
const SENTINEL_PORT = 26379;

/**
 * `redis[s]://[[user]:password@]host[:port][/db]`, or, of a Redis that sentinels watch,
 * `redis+sentinel://[[user]:password@]host[:port][,host[:port]…]/name[/db]`. `undefined`: of another form.
 */
export function redisPlaceOf(text: string): RedisPlace | undefined {
  const urls = serverUrls(text);
  if (!urls?.every(isPlain)) return undefined;
  const { protocol, username, password, pathname } = urls[0]!;
  const watched = protocol === 'redis+sentinel:';
  const [, name, db] = (watched ? /^\/([\w.-]+)(?:\/(\d{1,5})?)?$/ : /^()(?:\/(\d{1,5})?)?$/).exec(pathname) ?? [];
  if (name === undefined || (!watched && (urls.length > 1 || !/^rediss?:$/.test(protocol)))) return undefined;
  return {
    servers: urls.map((url) => ({ host: hostOf(url), port: Number(url.port || (watched ? SENTINEL_PORT : PORT)) })),
    name: watched ? name : undefined,
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    db: Number(db ?? 0),
    tls: protocol === 'rediss:',
  };
}

function isPlain({ hostname, username, password, search, hash }: URL): boolean {
  return (
    hostname !== '' &&
    search === '' &&
    hash === '' &&
    (username === '' || password !== '') &&
    decodes(username + password)
  );
}

/** Whether what is written with percent signs can be read. */
export function decodes(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
