import { HubClient } from '@minqing-hub/client-sdk';
import type { RoomName, Session } from '@minqing-hub/client-sdk/protocol';
import { chances } from '../../simulation/chance.js';
import { untilAnswered } from '../../simulation/until-answered.js';
import { RawConsole } from '../consoles/raw-console.js';
import { ClientClock, RecordedClient } from '../consoles/recorded-client.js';
import type { Recorder } from '../history/recorder.js';

const PASSWORD = 'demo';

/** Everybody's consoles, with the SDK and without it, each behind the line to the nodes. */
export class Staff {
  readonly clients: RecordedClient[] = [];
  readonly raw: RawConsole[] = [];
  readonly clocks: ClientClock[] = [];
  private readonly byUser = new Map<string, Promise<RecordedClient>>();
  private readonly random: () => number;

  constructor(
    private readonly url: string,
    private readonly seed: number,
    readonly recorder: Recorder,
  ) {
    this.random = chances(seed, 'staff');
  }

  /** One console with the SDK for each user. */
  client(user: string): Promise<RecordedClient> {
    let opening = this.byUser.get(user);
    if (!opening) this.byUser.set(user, (opening = this.login(user)));
    return opening;
  }

  async watching(user: string, ...rooms: RoomName[]): Promise<RecordedClient> {
    const client = await this.client(user);
    for (const room of rooms) client.watch(room);
    return client;
  }

  /** One more socket of that user, as a program without the SDK has it. */
  async program(user: string, ...rooms: string[]): Promise<RawConsole> {
    const { token } = (await this.client(user)).session!;
    const name = `raw ${user} ${this.raw.length}`;
    const console = new RawConsole(name, user, this.url, token, this.recorder, chances(this.seed, name));
    for (const room of rooms) console.enter(room);
    this.raw.push(console);
    return console;
  }

  /** A console that sees a room for the first time: nothing of it is written down. */
  async fresh(user: string): Promise<RecordedClient> {
    const { session } = await this.client(user);
    const client = new RecordedClient(user, this.url, this.random, new ClientClock(), this.recorder);
    client.useSession(session as Session);
    return client;
  }

  /** For consoles that are not of this staff. */
  async token(user: string): Promise<string> {
    const client = new HubClient({ url: this.url, random: this.random });
    const { token } = await untilAnswered(() => client.login(user, PASSWORD), this.random);
    client.close();
    return token;
  }

  /** Their line goes dead for good. */
  dismiss(client: RecordedClient): void {
    client.close();
    this.clients.splice(this.clients.indexOf(client), 1);
  }

  close(): void {
    for (const client of this.clients) client.close();
    for (const console of this.raw) console.close();
  }

  private async login(user: string): Promise<RecordedClient> {
    const clock = new ClientClock();
    const client = new RecordedClient(user, this.url, chances(this.seed, user), clock, this.recorder);
    await untilAnswered(() => client.login(user, PASSWORD), this.random);
    this.clients.push(client);
    this.clocks.push(clock);
    return client;
  }
}
