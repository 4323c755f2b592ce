import { HubClient, type RoomHandle } from '@minqing-hub/client-sdk';
import type { RoomName } from '@minqing-hub/client-sdk/protocol';
import { chances } from './chance.js';
import { Fault } from './fault.js';
import { untilAnswered } from './until-answered.js';

/** A hub that is killed and started anew has this long to come back. */
const LIVE_WITHIN_MS = 600_000;

/** Somebody who has logged in, on a socket of their own. */
export interface Console {
  username: string;
  client: HubClient;
  rooms: Map<RoomName, RoomHandle>;
  /** When its connection last changed (`performance.now()`). */
  brokenAt: number;
}

/** Everybody at work, each as a program outside would be: login, socket, rooms. */
export class Consoles {
  private readonly opened = new Map<string, Promise<Console>>();
  private readonly all: Console[] = [];
  private readonly random: () => number;
  cuts = 0;

  constructor(
    readonly url: string,
    private readonly password: string,
    private readonly seed: number,
  ) {
    this.random = chances(seed, 'consoles');
  }

  get list(): readonly Console[] {
    return this.all;
  }

  /** The same console for the same name; rooms are added to what it has open. */
  async open(username: string, ...rooms: RoomName[]): Promise<Console> {
    let opening = this.opened.get(username);
    if (!opening) this.opened.set(username, (opening = this.login(username)));
    const console = await opening;
    for (const name of rooms) if (!console.rooms.has(name)) console.rooms.set(name, console.client.room(name));
    return console;
  }

  /** Logged in, with these rooms caught up. @throws {Fault} when the hub does not show them in time. */
  async openLive(username: string, ...rooms: RoomName[]): Promise<Console> {
    const console = await this.open(username, ...rooms);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const waiting = rooms.filter((room) => console.rooms.get(room)?.state !== 'live');
        reject(
          new Fault(`The hub did not show ${username} ${waiting.join(', ')} in ${LIVE_WITHIN_MS / 60_000} minutes.`),
        );
      }, LIVE_WITHIN_MS);
    });
    try {
      await Promise.race([late, Promise.all(rooms.map((room) => console.rooms.get(room)!.ready()))]);
    } finally {
      clearTimeout(timer);
    }
    return console;
  }

  /** One more window of somebody who may have others open. */
  another(username: string, tab: number, ...rooms: RoomName[]): Promise<Console> {
    const key = `${username} ${tab}`;
    this.opened.set(key, this.login(username));
    return this.openLive(key, ...rooms);
  }

  /** Somebody has gone home. */
  leave(username: string): void {
    this.opened.delete(username);
    const at = this.all.findIndex((console) => console.username === username);
    if (at >= 0) this.all.splice(at, 1)[0]!.client.close();
  }

  /** As if the network under one of them had failed. */
  private cutOne(): void {
    this.all[Math.floor(this.random() * this.all.length)]?.client.cut();
    this.cuts += 1;
  }

  /** Cuts one every so many seconds on the average; `null`: none. Answers how to call it off. */
  cutNowAndThen(everySeconds: number | null): () => void {
    if (everySeconds === null) return () => {};
    const random = chances(this.seed, 'cuts');
    let timer: ReturnType<typeof setTimeout>;
    const next = (): void => {
      timer = setTimeout(
        () => {
          this.cutOne();
          next();
        },
        everySeconds * 2_000 * random(),
      );
    };
    next();
    return () => clearTimeout(timer);
  }

  close(): void {
    for (const { client } of this.all) client.close();
  }

  private async login(username: string): Promise<Console> {
    const client = new HubClient({ url: this.url, random: chances(this.seed, username) });
    await untilAnswered(() => client.login(username, this.password), this.random);
    const console: Console = { username, client, rooms: new Map(), brokenAt: performance.now() };
    client.onConnection(() => (console.brokenAt = performance.now()));
    this.all.push(console);
    return console;
  }
}
