import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { RedisProcess } from '../../test/support/redis-process.js';
import { Line } from '../consoles/line.js';
import type { Database } from './databases.js';
import { HubNode, type HubProgram } from './hub-node.js';
import { redisLane } from './redis-faults.js';
import { hubLanes, type Lane, type Servers } from './servers.js';
import { tunedCity } from './tuned-city.js';

const key = (): string => randomBytes(32).toString('hex');

/** Several hub nodes on MariaDB and a Redis. */
export class ClusterServers implements Servers {
  readonly lanes: readonly Lane[];
  readonly placesAtCommit = false;

  private constructor(
    private readonly database: Database,
    private readonly redis: RedisProcess,
    readonly nodes: readonly HubNode[],
    readonly line: Line,
    private readonly city: string,
  ) {
    this.lanes = [...hubLanes(nodes), redisLane(redis), database.lane];
  }

  /** The database runs already. */
  static async create(program: HubProgram, count: number, database: Database): Promise<ClusterServers> {
    const [city, redis] = await Promise.all([tunedCity(), RedisProcess.create()]);
    const env = {
      HUB_PROFILE: 'cluster',
      HUB_CONFIG_DIR: city,
      HUB_REDIS_URL: redis.url,
      HUB_TOKEN_SECRET: key(),
      HUB_AUDIT_KEY: key(),
      HUB_DIGEST_KEY: key(),
    };
    const nodes: HubNode[] = [];
    for (let n = 1; n <= count; n += 1) {
      nodes.push(await HubNode.create(`hub ${n}`, program, { ...env, HUB_DATABASE_URL: database.urlFor(n) }));
    }
    return new ClusterServers(database, redis, nodes, await Line.to(nodes.map(({ port }) => port)), city);
  }

  async start(): Promise<void> {
    await this.redis.start();
    // The first one makes what an empty database lacks.
    const [first, ...others] = this.nodes;
    await first!.start();
    await Promise.all(others.map((node) => node.start()));
  }

  async finish(): Promise<string | null> {
    const left = await this.nodes[0]!.leftToPersons();
    await Promise.all(this.nodes.map((node) => node.stop()));
    if (left !== null) return left;
    for (const { endedByItself } of this.nodes) if (endedByItself !== null) return endedByItself;
    // Of several database servers every one has to have it all.
    const oneByServer = new Map(this.nodes.map((node, n) => [this.database.urlFor(n + 1), node]));
    for (const node of oneByServer.values()) {
      const wrong = node.verify();
      if (wrong !== null) return wrong;
    }
    return null;
  }

  async remove(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.remove()));
    await this.line.close();
    await Promise.all([this.redis.remove(), this.database.remove()]);
    await rm(this.city, { recursive: true, force: true });
  }
}
