import type { HubClient } from '@minqing-hub/client-sdk';
import type { Frame, HubEvent, SubscribeAnswer } from '@minqing-hub/client-sdk/protocol';
import type { Socket } from 'socket.io-client';
import { LogReader } from '../../src/event-log/log-reader.js';
import type { ConsoleServer } from '../../src/realtime/console-socket.js';
import { Gateway } from '../../src/realtime/gateway.js';
import { unreadBytes } from '../../src/realtime/unread-bytes.js';
import { Caller } from '../support/caller.js';
import { act, expectSameAsFresh, newId, newRequest, openConsole, openRoom, openSocket } from '../support/consoles.js';
import { startHub, type TestHub } from '../support/hub.js';
import { until } from '../support/until.js';

const ROOM = 'queue:register';
const BEHIND = 200;

/** How often the log is read for consoles. */
class CountedReads {
  ofRoom = 0;
  roomHead = 0;
  private reader: LogReader | undefined;

  begin(reader: LogReader): void {
    this.ofRoom = this.roomHead = 0;
    this.reader = reader;
    const { ofRoom, roomHead } = LogReader.prototype;
    reader.ofRoom = (...args) => {
      this.ofRoom += 1;
      return ofRoom.apply(reader, args);
    };
    reader.roomHead = (...args) => {
      this.roomHead += 1;
      return roomHead.apply(reader, args);
    };
  }

  stop(): void {
    if (this.reader)
      Object.assign(this.reader, { ofRoom: LogReader.prototype.ofRoom, roomHead: LogReader.prototype.roomHead });
    this.reader = undefined;
  }
}

describe('under load', () => {
  let hub: TestHub;
  let agent: HubClient;
  const sockets: Socket[] = [];
  const reads = new CountedReads();

  beforeAll(async () => {
    hub = await startHub();
    agent = await openConsole(hub.url, 'agent001');
    await registered(BEHIND);
  });
  afterAll(async () => {
    // Whatever of it there is, where the beginning has failed.
    (agent as HubClient | undefined)?.close();
    await (hub as TestHub | undefined)?.stop();
  });
  afterEach(() => {
    reads.stop();
    for (const socket of sockets.splice(0)) socket.disconnect();
  });

  /** So many events more in the room. */
  async function registered(count: number): Promise<void> {
    const lines = Array.from({ length: count }, (_, n) =>
      JSON.stringify({ ...newRequest(n), source: 'app', sourceId: newId() }),
    );
    const batch = Caller.withToken(hub.url, agent.session!.token);
    const { status } = await batch.send('POST', '/api/intake/batch', lines.join('\n'), 'application/x-ndjson');
    if (status !== 200) throw new Error(`the batch was refused: ${status}`);
  }

  async function connect(client: HubClient = agent): Promise<Socket> {
    const socket = await openSocket(hub.url, client.session!.token);
    sockets.push(socket);
    return socket;
  }

  const atHub = (socket: Socket) => {
    const { server } = hub.app.get<unknown, { server: ConsoleServer }>(Gateway);
    return server.sockets.sockets.get(socket.id!)!;
  };

  it('[LD1] [LD2] 150 consoles that come back 200 events behind cost one reading of the log, and live ones go on', async () => {
    const before = await openRoom(agent, ROOM);
    const { epoch, offset } = before;
    before.close();

    const crowd = await Promise.all(Array.from({ length: 5 }, (_, n) => openConsole(hub.url, `agent03${n}`)));
    const behind = await Promise.all(Array.from({ length: 150 }, (_, n) => connect(crowd[n % 5])));
    reads.begin(hub.app.get(LogReader));
    const live = act(agent, 'register', { ...newRequest(1), source: 'app', sourceId: newId() });
    const caughtUp = await Promise.all(
      behind.map(async (socket) => {
        const events: HubEvent[] = [];
        socket.on('frame', (frame: Frame) => {
          // Each frame joins on to the one before, without an event twice.
          expect(frame.from).toBe(offset - BEHIND + events.length + 1);
          events.push(...frame.events);
        });
        const from = { room: ROOM, epoch, offset: offset - BEHIND };
        expect((await socket.emitWithAck('subscribe', from)) as SubscribeAnswer).toMatchObject({ mode: 'resumed' });
        await until(
          'the console to have all that it missed, and what happened meanwhile',
          () => events.length > BEHIND,
        );
        return events.map(({ id }) => id);
      }),
    );
    await live;
    for (const client of crowd) client.close();
    for (const ids of caughtUp) expect(ids.slice(0, BEHIND + 1)).toEqual(caughtUp[0]!.slice(0, BEHIND + 1));
    expect(new Set(caughtUp[0]).size).toBe(caughtUp[0]!.length);
    expect(reads.ofRoom).toBeLessThanOrEqual(3);
    expect(reads.roomHead).toBeLessThan(20);
  });

  it('[LD1] reads nothing for who missed what was told here', async () => {
    const another = await openConsole(hub.url, 'agent040');
    const room = await openRoom(agent, ROOM);
    const { epoch, offset } = room;
    await registered(20);
    await until('the events to be told', () => room.offset >= offset + 20);
    reads.begin(hub.app.get(LogReader));
    for (let behind = 1; behind <= 20; behind++) {
      const socket = await connect(another);
      const frames: Frame[] = [];
      socket.on('frame', (frame: Frame) => frames.push(frame));
      await socket.emitWithAck('subscribe', { room: ROOM, epoch, offset: offset + 20 - behind });
      await until('the missed events', () => frames.flatMap(({ events }) => events).length >= behind);
      expect(frames[0]!.from).toBe(offset + 21 - behind);
    }
    expect([reads.ofRoom, reads.roomHead]).toEqual([0, 0]);
    room.close();
    another.close();
  });

  it('[LD1] has nobody who needs no look at the log stand behind those who wait for one', async () => {
    const leader = await openConsole(hub.url, 'leader01');
    const another = await openConsole(hub.url, 'agent041');
    const room = await openRoom(agent, ROOM);
    const { epoch, offset } = room;
    await registered(3);
    await until('the events to be told', () => room.offset >= offset + 3);
    const reader = hub.app.get(LogReader);
    let waiting = 0;
    let goOn!: () => void;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    reader.roomState = async (name) => {
      waiting += 1;
      await held;
      return LogReader.prototype.roomState.call(reader, name);
    };
    try {
      const rooms = ['queue:dispatch', 'queue:arbitration', 'queue:callback', 'floor', 'desk:city', 'knowledge'];
      // Each from a connection of its own: one console's calls are answered one after the other.
      const others = await Promise.all(rooms.map(() => connect(leader)));
      const answers = others.map((one, n) => one.emitWithAck('subscribe', { room: rooms[n] }));
      await until('as many reads as are made at once', () => waiting === 4);
      const back = await connect(another);
      const frames: Frame[] = [];
      back.on('frame', (frame: Frame) => frames.push(frame));
      expect(await back.emitWithAck('subscribe', { room: ROOM, epoch, offset })).toMatchObject({ mode: 'resumed' });
      await until('the missed events', () => frames.flatMap(({ events }) => events).length >= 3);
      expect(waiting).toBe(4);
      goOn();
      for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ mode: 'snapshot' });
    } finally {
      goOn();
      reader.roomState = LogReader.prototype.roomState;
    }
    room.close();
    for (const client of [leader, another]) client.close();
  });

  it('[LD5] keeps no more than 256 KiB for a console that stops reading, which ends complete', async () => {
    const leader = await openConsole(hub.url, 'leader01');
    const room = await openRoom(leader, 'desk:city');
    const { socket } = (leader as unknown as { socket: { socket: Socket } }).socket;
    const line = lineOf(socket);
    const seen = atHub(socket);
    let most = 0;
    line.pause();
    // What the machine itself holds for it must be full first.
    await until('the hub to hold much for it', () => {
      socket.emit('subscribe', { room: ROOM }, () => undefined);
      return unreadBytes(seen) > 100 * 1024;
    });
    const { adapter } = seen.nsp;
    const setAside = until(
      'the hub to tell it nothing more',
      () => {
        most = Math.max(most, unreadBytes(seen));
        return !adapter.rooms.get('desk:city')?.has(seen.id);
      },
      40_000,
    );
    const toAccept = await Promise.all(
      Array.from({ length: 150 }, (_, n) =>
        act(agent, 'register', { ...newRequest(n), source: 'app', sourceId: newId() }),
      ),
    );
    await Promise.all(
      toAccept.map(({ orderNo, version }) =>
        act(agent, 'accept', { orderNo, expectedVersion: version, noPlace: true }),
      ),
    );
    await setAside;
    most = Math.max(most, unreadBytes(seen));
    expect(most).toBeLessThanOrEqual(256 * 1024);
    line.resume();
    const witness = await openConsole(hub.url, 'leader03');
    const { offset } = await openRoom(witness, 'desk:city');
    expect(offset).toBeGreaterThanOrEqual(150);
    await until('the slow console to have everything', () => room.state === 'live' && room.offset >= offset);
    witness.close();
    await expectSameAsFresh(hub.url, 'leader01', room, 'desk:city');
    leader.close();
  });

  describe('[LD6] one bad socket', () => {
    /** A console at work while the bad one is: each of its commands is answered, and in time. */
    async function workGoesOn(): Promise<void> {
      for (let n = 0; n < 10; n++) {
        const asked = performance.now();
        await act(agent, 'register', { ...newRequest(n), source: 'app', sourceId: newId() });
        expect(performance.now() - asked).toBeLessThan(5_000);
      }
    }

    it('that floods is read more slowly, and the others are served meanwhile', async () => {
      const socket = await connect(await openConsole(hub.url, 'agent020'));
      let answered = 0;
      for (let n = 0; n < 20_000; n++) socket.emit('nope', {}, () => (answered += 1));
      await until('the flood to have begun', () => answered > 0);
      await workGoesOn();
      // All of it is still to be refused; it waits at its own end.
      expect(answered).toBeLessThan(15_000);
    });

    it('that subscribes to whatever there is gets 500 rooms', async () => {
      const supervisor = await openConsole(hub.url, 'leader02');
      const socket = await connect(supervisor);
      const orders = await orderNos(520);
      const answers = await Promise.all(
        orders.map(
          (orderNo) => socket.emitWithAck('subscribe', { room: `order:${orderNo}` }) as Promise<SubscribeAnswer>,
        ),
      );
      const refused = answers.filter((answer) => !answer.ok);
      expect(answers.length - refused.length).toBe(500);
      expect(refused[0]).toMatchObject({ error: { code: 'too_many_rooms', clause: 'LD6', field: 'room' } });
      expect(await socket.emitWithAck('unsubscribe', { room: `order:${orders[0]}` })).toEqual({ ok: true });
      const again = (await socket.emitWithAck('subscribe', { room: `order:${orders[519]}` })) as SubscribeAnswer;
      expect(again.ok).toBe(true);
      await workGoesOn();
      supervisor.close();
    });

    it('that stops reading and writing, or sends what nobody understands, holds up nobody', async () => {
      const halfOpen = await connect(await openConsole(hub.url, 'agent021'));
      await halfOpen.emitWithAck('subscribe', { room: ROOM });
      lineOf(halfOpen).pause();
      const garbled = await connect(await openConsole(hub.url, 'agent022'));
      for (let n = 0; n < 500; n++)
        garbled.emit('command', n % 2 ? 'x'.repeat(10_000) : { payload: { deep: [[[[n]]]] } });
      await workGoesOn();
      const room = await openRoom(agent, ROOM);
      expect(room.state).toBe('live');
      room.close();
    });
  });

  async function orderNos(count: number): Promise<string[]> {
    const found: string[] = [];
    const leader = await Caller.login(hub.url, 'leader02');
    while (found.length < count) {
      found.length = 0;
      let cursor: string | null = null;
      do {
        const page: { items: { orderNo: string }[]; next: string | null } = (
          await leader.get(`/api/orders?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`)
        ).body;
        found.push(...page.items.map(({ orderNo }) => orderNo));
        cursor = page.next;
      } while (cursor);
      if (found.length < count) await registered(count - found.length);
    }
    return found.slice(0, count);
  }
});

interface Line {
  pause(): void;
  resume(): void;
}

const lineOf = (socket: Socket): Line =>
  (socket.io.engine.transport as unknown as { ws: { _socket: Line } }).ws._socket;
