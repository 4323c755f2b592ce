import { HubClient, type RoomHandle } from '@minqing-hub/client-sdk';
import type { HubEvent, QueueItemCard, SeatCard } from '@minqing-hub/client-sdk/protocol';
import { chances } from '../simulation/chance.js';
import { Fault } from '../simulation/fault.js';
import { Progress, type Say } from '../simulation/progress.js';
import { register, ROOM, sessionsOf } from './crowd.js';

export interface ClaimRaceOptions {
  /** Nodes of one hub; seats are spread over them. */
  urls: readonly string[];
  seats: number;
  items: number;
  say: Say;
}

export interface ClaimRaceFigures {
  /** Items that somebody was told to hold, or the log says was claimed, while somebody else held them. */
  heldTwice: number;
  /** Items that came and were not worked off, as those who did it or as the log says, or that wait when all is over. */
  lost: number;
  claimed: number;
  /** Claims that were refused, by code: somebody else was first. */
  refused: Record<string, number>;
  offers: number;
  expired: number;
  seconds: number;
  claimsPerSecond: number;
}

/** So many items come at once, whatever the seats do. */
const AT_ONCE = 500;
/** So many wait before anybody begins, and so many may wait: the queue is seldom empty, and never all there is. */
const MOST_WAITING = 5_000;
/** A seat that has nothing tries one of the first that wait: of at least so many, and of one for each so many seats. */
const LEAST_CONTENDED = 10;
const SEATS_TO_ONE = 4;
const LOOK_AGAIN_MS = 250;
/** So many sign on at once: each of them waits for whoever does so before. */
const SIGN_ON_AT_ONCE = 6;
/** Who came too late looks for something else no sooner than this, at random, and twice as late each time in a row. */
const FIRST_REST_MS = 4_000;
const LONGEST_REST_MS = 64_000;
/** Nothing is worked off for so long: it hangs. */
const STUCK_MS = 120_000;

/** Seats on several nodes at one queue: each takes what it is offered or, having nothing, what others may want, too. */
export async function claimRace(options: ClaimRaceOptions): Promise<ClaimRaceFigures> {
  const race = new ClaimRace(options);
  try {
    return await race.run();
  } finally {
    race.close();
  }
}

class ClaimRace {
  private readonly clients: HubClient[] = [];
  private readonly views: RoomHandle[] = [];
  private readonly held = new Set<string>();
  private readonly done = new Set<string>();
  private readonly refused: Record<string, number> = {};
  private readonly progress: Progress;
  private heldTwice = 0;
  private claimed = 0;
  private offers = 0;
  private expired = 0;
  private come = 0;
  private doneByLog = 0;
  private over = false;

  constructor(private readonly options: ClaimRaceOptions) {
    this.progress = new Progress('items', options.items, options.say);
  }

  async run(): Promise<ClaimRaceFigures> {
    const { urls, seats, items, say } = this.options;
    const sessions = await sessionsOf(urls[0]!, seats);
    for (const [node, url] of urls.entries()) {
      const client = this.client(url, `view ${node}`);
      await client.login('leader01', 'demo');
      this.views.push(await opened(client.room(ROOM)));
    }
    this.views[0]!.onEvent((event) => this.told(event));
    const [bringer] = this.clients;
    const crowd = sessions.map((session, n) => {
      const node = n % urls.length;
      const client = this.client(urls[node]!, `seat ${n}`);
      client.useSession(session);
      return { client, node, seatId: session.actor.seatId!, random: chances(1, `seat ${n}`) };
    });
    await this.signOn(crowd);
    say(`${seats} seats on ${urls.length} nodes`);
    await this.bring(bringer!, Math.min(items, MOST_WAITING));
    say(`${this.come} items wait`);
    const begun = performance.now();
    const working = crowd.map((seat) => this.work(seat));
    const failed = Promise.all(working);
    await Promise.race([Promise.all([this.bring(bringer!, items), this.untilAllIsDone()]), failed]);
    const seconds = (performance.now() - begun) / 1_000;
    this.over = true;
    await failed;
    await this.settle();
    this.progress.end();
    return {
      heldTwice: this.heldTwice,
      lost: items - Math.min(this.done.size, this.doneByLog) + Math.max(...this.views.map(({ cards }) => cards.size)),
      claimed: this.claimed,
      refused: this.refused,
      offers: this.offers,
      expired: this.expired,
      seconds: Math.round(seconds * 10) / 10,
      claimsPerSecond: Math.round(this.claimed / seconds),
    };
  }

  close(): void {
    this.over = true;
    for (const client of this.clients) client.close();
  }

  private client(url: string, name: string): HubClient {
    const client = new HubClient({ url, random: chances(1, name) });
    this.clients.push(client);
    return client;
  }

  /** What the log tells: whoever claims an item that somebody has is one too many. */
  private told({ type, data }: HubEvent): void {
    const { itemId } = data as { itemId?: string };
    if (itemId === undefined) return;
    if (type === 'queue.item_offered') this.offers += 1;
    if (type === 'queue.item_expired') this.expired += 1;
    if (type === 'queue.item_claimed') {
      if (this.held.has(itemId)) this.heldTwice += 1;
      this.held.add(itemId);
    } else if (type === 'queue.item_returned' || type === 'queue.item_done') this.held.delete(itemId);
    if (type === 'queue.item_done') this.doneByLog += 1;
  }

  private async bring(client: HubClient, items: number): Promise<void> {
    const { urls } = this.options;
    for (let portion = 0; this.come < items && !this.over; portion++) {
      if (this.come - this.done.size > MOST_WAITING) {
        await pause(LOOK_AGAIN_MS);
        continue;
      }
      const count = Math.min(AT_ONCE, items - this.come);
      await register(urls[portion % urls.length]!, client.session!.token, count);
      this.come += count;
    }
  }

  /** Busy: nothing is offered to them before the race begins. */
  private async signOn(crowd: readonly Seat[]): Promise<void> {
    const rest = [...crowd];
    const some = async (): Promise<void> => {
      for (let seat = rest.pop(); seat; seat = rest.pop()) {
        const { client } = seat;
        const signedOn = await answered(() => client.command('setPresence', { presence: 'busy' }));
        if (!signedOn.ok) throw new Fault(`${seat.seatId} cannot sign on: ${JSON.stringify(signedOn.error)}`);
      }
    };
    await Promise.all(Array.from({ length: SIGN_ON_AT_ONCE }, some));
  }

  private async work({ client, node, seatId, random }: Seat): Promise<void> {
    const room = await opened(client.room(`seat:${seatId}`));
    let wake = (): void => undefined;
    let [restMs, restsUntil] = [FIRST_REST_MS, 0];
    room.onChange(() => wake());
    while (!this.over) {
      const seat = room.cards.get(`seat:${seatId}`) as SeatCard | undefined;
      if (seat?.presence !== 'ready') {
        await answered(() => client.command('setPresence', { presence: 'ready' }));
        await changed((awake) => (wake = awake));
        continue;
      }
      const rests = performance.now() < restsUntil;
      const item = offered(room, seatId) ?? (rests ? undefined : this.anyWaiting(node, random));
      if (item && (await this.claim(client, item))) {
        restMs = FIRST_REST_MS;
        continue;
      }
      if (item) {
        restsUntil = performance.now() + restMs * (1 + random());
        restMs = Math.min(LONGEST_REST_MS, restMs * 2);
      }
      await changed((awake) => (wake = awake));
    }
  }

  /** Claims it and works it off; false when somebody else was first. */
  private async claim(client: HubClient, { itemId, orderNo }: QueueItemCard): Promise<boolean> {
    const claim = await client.command('claimItem', { itemId });
    if (!claim.ok) {
      this.refused[claim.error.code] = (this.refused[claim.error.code] ?? 0) + 1;
      return false;
    }
    this.claimed += 1;
    const work = {
      orderNo: orderNo!,
      expectedVersion: 1,
      answer: '已当场解决',
      solvedOnTheSpot: true,
      evidence: '通话录音',
    };
    const answer = await answered(() => client.command('answerDirectly', work));
    // Whoever holds it alone is the only one to change it.
    if (!answer.ok) throw new Fault(`${orderNo} was claimed and cannot be answered: ${JSON.stringify(answer.error)}`);
    if (this.done.has(orderNo!)) this.heldTwice += 1;
    this.done.add(orderNo!);
    this.progress.at(this.done.size);
    return true;
  }

  private anyWaiting(node: number, random: () => number): QueueItemCard | undefined {
    const contended = Math.max(LEAST_CONTENDED, Math.ceil(this.options.seats / SEATS_TO_ONE));
    const waiting: QueueItemCard[] = [];
    for (const card of this.views[node]!.cards.values()) {
      if ('itemId' in card && card.state === 'queued') waiting.push(card as QueueItemCard);
      if (waiting.length === contended) break;
    }
    return waiting[Math.floor(random() * waiting.length)];
  }

  private async untilAllIsDone(): Promise<void> {
    let [before, since] = [0, performance.now()];
    while (this.done.size < this.options.items && !this.over) {
      await pause(LOOK_AGAIN_MS);
      if (this.done.size !== before) [before, since] = [this.done.size, performance.now()];
      // What is missing is told as lost.
      if (performance.now() - since > STUCK_MS) return;
    }
  }

  /** Until the rooms show nothing any more, or what is lost. */
  private async settle(): Promise<void> {
    const end = performance.now() + 10_000;
    while (this.views.some(({ cards }) => cards.size > 0) && performance.now() < end) await pause(LOOK_AGAIN_MS);
  }
}

interface Seat {
  client: HubClient;
  node: number;
  seatId: string;
  random: () => number;
}

async function opened(room: RoomHandle): Promise<RoomHandle> {
  await room.ready();
  return room;
}

/** What the hub was too busy for is asked again. */
async function answered<R extends { ok: boolean; error?: { code: string } }>(ask: () => Promise<R>): Promise<R> {
  for (;;) {
    const answer = await ask();
    if (answer.ok || answer.error?.code !== 'unavailable') return answer;
    await pause(LOOK_AGAIN_MS);
  }
}

const offered = (room: RoomHandle, seatId: string): QueueItemCard | undefined =>
  [...room.cards.values()].find(
    (card): card is QueueItemCard => 'itemId' in card && card.state === 'offered' && card.seatId === seatId,
  );

/** Until the room changes, or for a while. */
function changed(onWake: (wake: () => void) => void): Promise<void> {
  return new Promise((go) => {
    const timer = setTimeout(go, LOOK_AGAIN_MS);
    onWake(() => {
      clearTimeout(timer);
      go();
    });
  });
}

const pause = (ms: number): Promise<void> => new Promise((over) => setTimeout(over, ms));
