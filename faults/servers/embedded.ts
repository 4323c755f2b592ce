import { rm } from 'node:fs/promises';
import { RedisProcess } from '../../test/support/redis-process.js';
import { Line } from '../consoles/line.js';
import { HubNode, type HubProgram } from './hub-node.js';
import { redisLane } from './redis-faults.js';
import { hubLanes, type Lane, type Servers } from './servers.js';
import { tunedCity } from './tuned-city.js';

/** One hub on a SQLite file, its alarms on Redis: so Redis can be lost here, too. */
export class EmbeddedServers implements Servers {
  readonly lanes: readonly Lane[];
  readonly placesAtCommit = true;

  private constructor(
    private readonly redis: RedisProcess,
    private readonly hub: HubNode,
    readonly line: Line,
    private readonly city: string,
  ) {
    this.lanes = [...hubLanes([hub]), redisLane(redis)];
  }

  static async create(program: HubProgram): Promise<EmbeddedServers> {
    const city = await tunedCity();
    const redis = await RedisProcess.create();
    const hub = await HubNode.create('hub', program, {
      HUB_PROFILE: 'embedded',
      HUB_CONFIG_DIR: city,
      HUB_ALARMS: 'bull',
      HUB_REDIS_URL: redis.url,
    });
    return new EmbeddedServers(redis, hub, await Line.to([hub.port]), city);
  }

  get nodes(): readonly HubNode[] {
    return [this.hub];
  }

  async start(): Promise<void> {
    await this.redis.start();
    await this.hub.start();
  }

  async finish(): Promise<string | null> {
    const left = await this.hub.leftToPersons();
    await this.hub.stop();
    return left ?? this.hub.endedByItself ?? this.hub.verify();
  }

  async remove(): Promise<void> {
    await this.hub.remove();
    await this.line.close();
    this.redis.resume();
    await this.redis.remove();
    await rm(this.city, { recursive: true, force: true });
  }
}
