import { HubClient, type RoomHandle } from '@minqing-hub/client-sdk';
import type { RoomName, Session } from '@minqing-hub/client-sdk/protocol';
import { chances } from '../simulation/chance.js';
import { Fault } from '../simulation/fault.js';
import { agent } from '../simulation/people.js';
import { Progress, type Say } from '../simulation/progress.js';
import { untilAnswered } from '../simulation/until-answered.js';

const PASSWORD = 'demo';
/** The room that all of them have open. */
export const ROOM: RoomName = 'queue:register';
const LOGINS_AT_ONCE = 20;
/** Consoles of one person: few enough that none of them is taken for a program gone mad. */
export const EACH = 3;
const LINES_OF_BATCH = 100;

/** A console with its room. */
export interface Watcher {
  client: HubClient;
  room: RoomHandle;
}

/** Many who look at the same room. */
export class Crowd {
  private constructor(readonly watchers: readonly Watcher[]) {}

  /** Logs in at `hub` and connects by `door`. */
  static async at(hub: string, door: string, count: number, say: Say): Promise<Crowd> {
    const sessions = await sessionsOf(hub, Math.ceil(count / EACH));
    const progress = new Progress('consoles', count, say);
    const watchers: Watcher[] = [];
    for (let n = 0; n < count; n++) {
      const client = new HubClient({ url: door, random: chances(1, `console ${n}`) });
      client.useSession(sessions[Math.floor(n / EACH)]!);
      watchers.push({ client, room: client.room(ROOM) });
      if (n % LOGINS_AT_ONCE === 0) await watchers.at(-1)!.room.ready();
      progress.at(n + 1);
    }
    await Promise.all(watchers.map(({ room }) => room.ready()));
    progress.end();
    return new Crowd(watchers);
  }

  close(): void {
    for (const { client } of this.watchers) client.close();
  }
}

/** Of so many agents after the first `agents`, each logged in once. */
export async function sessionsOf(url: string, count: number, agents = 0): Promise<Session[]> {
  const sessions: Session[] = [];
  const random = chances(1, 'logins');
  let next = 1;
  const worker = async (): Promise<void> => {
    for (let n = next++; n <= count; n = next++) {
      const client = new HubClient({ url });
      sessions.push(await untilAnswered(() => client.login(agent(agents + n).username, PASSWORD), random));
      client.close();
    }
  };
  await Promise.all(Array.from({ length: LOGINS_AT_ONCE }, worker));
  return sessions;
}

/** So many requests come in, an event in the room for each. What the hub was too busy for comes again. */
export async function register(url: string, token: string, count: number): Promise<void> {
  for (let done = 0; done < count; done += LINES_OF_BATCH) {
    let lines = Array.from({ length: Math.min(LINES_OF_BATCH, count - done) }, () => JSON.stringify(request()));
    while (lines.length > 0) {
      const response = await fetch(`${url}/api/intake/batch`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${token}` },
        body: lines.join('\n'),
      });
      const text = await response.text();
      if (!response.ok) throw new Fault(`The hub does not take the requests: ${text}`);
      const refused = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { line: number; error?: { code: string } })
        .filter(({ error }) => error);
      const strange = refused.find(({ error }) => error!.code !== 'unavailable');
      if (strange) throw new Fault(`The hub does not take the requests: ${JSON.stringify(strange)}`);
      lines = refused.map(({ line }) => lines[line - 1]!);
    }
  }
}

let requests = 0;

export const request = () => ({
  source: 'app',
  sourceId: `bench-${process.pid}-${(requests += 1)}`,
  channel: '12345',
  title: `路面破损 ${requests}`,
  text: '人行道地砖松动，雨天积水',
  kind: 'resolution' as const,
  grade: 'fast' as const,
});
