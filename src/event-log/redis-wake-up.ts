import { createHmac } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { createClient } from 'redis';
import { type RedisPlace, redisPlaceOf } from '../config/redis-place.js';
import type { Settings } from '../config/settings.js';
import { WakeUp, type Word, WORDS } from './wake-up.js';

/** Each node says so, and hears itself: only that shows that both of its lines are whole. */
const HERE = 'here';
const HERE_EVERY_MS = 1_000;
/** Nothing heard for so long, not even oneself: both lines are opened anew. */
const SILENT_AFTER_MS = 4_000;
const CONNECT_MS = 2_000;
/** A sentinel that takes longer to let in or to answer is not waited for. */
const SENTINEL_MS = 1_000;
const RECONNECT_EVERY_MS = 250;

type Client = ReturnType<typeof openClient>;

/**
 * Words between nodes over Redis' publish and subscribe, which forgets what nobody hears. That is enough for a wake-up: while
 * Redis is away nothing is kept, waited for or lost, and each node goes by its own looks. It comes back by itself.
 */
export class RedisWakeUp extends WakeUp {
  private readonly log = new Logger('WakeUp');
  /** Not answered yet; whether it was to be said again meanwhile. One of each is enough, however long Redis takes. */
  private readonly onTheirWay = new Map<string, boolean>();
  private readonly place: RedisPlace;
  private publisher: Client | undefined;
  private subscriber: Client | undefined;
  private closed = false;
  /** Where Redis is, is being found out: one search at a time. */
  private searching = false;
  private heardAt = performance.now();
  private silent = false;
  private readonly beat: NodeJS.Timeout;

  /** `channel`: of the nodes of one hub. */
  constructor(
    url: string,
    private readonly channel: string,
  ) {
    super();
    this.place = redisPlaceOf(url)!;
    this.open();
    this.beat = setInterval(() => this.look(), HERE_EVERY_MS);
  }

  /** Nodes of one hub share their keys, and two hubs at one Redis must not wake each other. */
  static of({ redisUrl, secrets }: Settings): RedisWakeUp {
    const hub = createHmac('sha256', secrets.digestKey).update('wake-up').digest('hex').slice(0, 16);
    return new RedisWakeUp(redisUrl!, `hub-${hub}:wake-up`);
  }

  override get failing(): string | undefined {
    return this.silent ? 'wakeUp.redis' : undefined;
  }

  call(word: Word, from: string): void {
    this.say(`${word} ${from}`);
  }

  override close(): void {
    super.close();
    this.closed = true;
    clearInterval(this.beat);
    this.hangUp();
  }

  private say(message: string): void {
    if (this.onTheirWay.has(message)) {
      this.onTheirWay.set(message, true);
      return;
    }
    if (!this.publisher) return;
    this.onTheirWay.set(message, false);
    this.publisher.publish(this.channel, message).then(
      () => {
        const again = this.onTheirWay.get(message);
        this.onTheirWay.delete(message);
        if (again) this.say(message);
      },
      () => this.onTheirWay.delete(message),
    );
  }

  private hear(message: string): void {
    this.heardAt = performance.now();
    if (this.silent) this.log.log('Redis carries words between the nodes again');
    this.silent = false;
    const [word, from] = message.split(' ');
    const known = WORDS.find((one) => one === word);
    if (known && from !== undefined) this.heard(known, from);
  }

  private look(): void {
    if (!this.searching && performance.now() - this.heardAt > SILENT_AFTER_MS) {
      if (!this.silent) this.log.warn('Redis carries no words between the nodes; each goes by its own looks');
      this.silent = true;
      this.hangUp();
      this.open();
    }
    this.say(HERE);
  }

  private open(): void {
    this.searching = true;
    whereIs(this.place)
      .finally(() => (this.searching = false))
      .then((at) => this.openAt(at))
      .catch(() => undefined);
  }

  private async openAt(at: Address): Promise<void> {
    if (this.closed) return;
    this.heardAt = performance.now();
    const publisher = (this.publisher = openClient(this.place, at));
    const subscriber = (this.subscriber = openClient(this.place, at));
    // Its words are listened for once it stands; after a cut it subscribes again by itself.
    await Promise.all([
      subscriber.connect().then(() => subscriber.subscribe(this.channel, (message) => this.hear(message))),
      publisher.connect(),
    ]);
  }

  private hangUp(): void {
    for (const client of [this.publisher, this.subscriber]) if (client?.isOpen) client.destroy();
  }
}

type Address = RedisPlace['servers'][number];

function openClient({ name, username, password, db, tls }: RedisPlace, { host, port }: Address) {
  const client = createClient({
    ...(username && { username }),
    ...(password && { password }),
    database: db,
    disableOfflineQueue: true,
    socket: {
      ...{ host, port, connectTimeout: CONNECT_MS },
      ...(tls && { tls }),
      // One that sentinels watch may be somewhere else by then: they are asked again.
      reconnectStrategy: name === undefined ? RECONNECT_EVERY_MS : false,
    },
  });
  // What fails is tried again; that nothing comes through is told once, above.
  client.on('error', () => undefined);
  return client;
}

/** Its own address, or what the first sentinel says that knows it: all are asked at once, and none is waited for long. */
function whereIs({ servers, name }: RedisPlace): Promise<Address> {
  return name === undefined
    ? Promise.resolve(servers[0]!)
    : Promise.any(servers.map((sentinel) => whereaboutsBy(sentinel, name)));
}

async function whereaboutsBy({ host, port }: Address, name: string): Promise<Address> {
  const sentinel = createClient({
    socket: { host, port, connectTimeout: SENTINEL_MS, socketTimeout: SENTINEL_MS, reconnectStrategy: false },
  });
  sentinel.on('error', () => undefined);
  try {
    await sentinel.connect();
    const at = await sentinel.sendCommand(['SENTINEL', 'get-master-addr-by-name', name]);
    if (!Array.isArray(at)) throw new Error(`the sentinel at ${host}:${port} does not know where ${name} is`);
    return { host: String(at[0]), port: Number(at[1]) };
  } finally {
    if (sentinel.isOpen) sentinel.destroy();
  }
}
