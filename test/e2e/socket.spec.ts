import type { Frame, Session, SubscribeAnswer } from '@minqing-hub/client-sdk/protocol';
import type { HubClient } from '@minqing-hub/client-sdk';
import { io, type Socket } from 'socket.io-client';
import { Authentication } from '../../src/identity/authentication.js';
import type { ConsoleServer } from '../../src/realtime/console-socket.js';
import { Gateway } from '../../src/realtime/gateway.js';
import { Push } from '../../src/realtime/push.js';
import { unreadBytes } from '../../src/realtime/unread-bytes.js';
import { behindItsBack } from '../support/behind-its-back.js';
import { act, newId, newRequest, openConsole, openSocket, PASSWORD } from '../support/consoles.js';
import { startHub, type TestHub } from '../support/hub.js';
import { placeOf } from '../support/profile.js';
import { until } from '../support/until.js';

/** The wire as programs outside the project use it: plain Socket.IO, no SDK. */
describe('the socket', () => {
  let hub: TestHub;
  let agent: HubClient;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    hub = await startHub();
    agent = await openConsole(hub.url, 'agent001');
  });
  afterAll(async () => {
    // Whatever of it there is, where the beginning has failed.
    (agent as HubClient | undefined)?.close();
    await (hub as TestHub | undefined)?.stop();
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.disconnect();
  });

  async function login(username: string): Promise<Session> {
    const response = await fetch(`${hub.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: PASSWORD }),
    });
    return (await response.json()) as Session;
  }

  async function connect(username: string): Promise<Socket> {
    const socket = await openSocket(hub.url, (await login(username)).token);
    sockets.push(socket);
    return socket;
  }

  /** A room as a strict stranger follows it: every frame must join on to the one before. */
  async function follow(socket: Socket, room: string, from?: { epoch: string; offset: number }) {
    const frames: Frame[] = [];
    socket.on('frame', (frame: Frame) => frame.room === room && frames.push(frame));
    const answer = (await socket.emitWithAck('subscribe', { room, ...from })) as SubscribeAnswer;
    if (!answer.ok) throw new Error(answer.error.code);
    const events = () => frames.flatMap((frame) => frame.events.map((event, i) => ({ offset: frame.from + i, event })));
    return { answer, events };
  }

  it('turns away who brings no valid token', async () => {
    await expect(openSocket(hub.url, 'not a token')).rejects.toMatchObject({ data: { code: 'unauthenticated' } });
  });

  it.each([
    ['an unknown call', 'noSuchCall', [{}], 'unknown_call'],
    ['a call without a payload', 'command', [], 'payload_malformed'],
    ['text instead of an object', 'subscribe', ['queue:register'], 'payload_malformed'],
    ['an array', 'command', [[1, 2]], 'payload_malformed'],
    ['a command without an id', 'command', [{ name: 'accept' }], 'payload_malformed'],
    ['an unknown command', 'command', [{ name: 'noSuch', commandId: newId(), payload: {} }], 'unknown_command'],
    ['a room name of wrong form', 'subscribe', [{ room: '../etc' }], 'unknown_room'],
    [
      'an offset that is no number',
      'subscribe',
      [{ room: 'queue:register', epoch: 'x', offset: 'y' }],
      'payload_malformed',
    ],
    ['a room of others', 'subscribe', [{ room: 'queue:arbitration' }], 'forbidden'],
    ['an order that does not exist', 'subscribe', [{ room: 'order:GD20000101-000001' }], 'forbidden'],
    ['a token of nobody', 'renew', [{ token: 'x' }], 'unauthenticated'],
    ['an event of the name that emitters treat apart', 'error', [null], 'payload_malformed'],
    [
      'more than 64 KiB of Chinese',
      'command',
      [{ name: 'register', commandId: newId(), payload: { text: '诉'.repeat(30_000) } }],
      'payload_too_large',
    ],
    [
      'more than 64 KiB',
      'command',
      [{ name: 'register', commandId: newId(), payload: { text: 'x'.repeat(70_000) } }],
      'payload_too_large',
    ],
  ])('acknowledges %s with a code and a Chinese sentence', async (_case, call, args, code) => {
    const socket = await connect('agent002');
    const answer = (await socket.timeout(5_000).emitWithAck(call, ...args)) as {
      ok: false;
      error: { code: string; message: string };
    };
    expect(answer).toMatchObject({ ok: false, error: { code } });
    expect(answer.error.message).toMatch(/[\u4e00-\u9fff]/);
    expect(await socket.timeout(5_000).emitWithAck('unsubscribe', { room: 'queue:register' })).toEqual({ ok: true });
  });

  it('acknowledges a call nested deeper than any stack as malformed', async () => {
    const socket = await connect('agent002');
    const engine = socket.io.engine as unknown as {
      write(text: string): void;
      on(name: 'packet', listener: (packet: { data?: string }) => void): void;
    };
    const answers: string[] = [];
    engine.on('packet', ({ data }) => data?.startsWith('3') && answers.push(data));
    engine.write(`277["command",{"name":"urge","payload":${'['.repeat(150_000)}${']'.repeat(150_000)}}]`);
    await until('the answer', () => answers.length);
    expect(answers[0]).toMatch(/^377\[\{"ok":false,"error":\{"code":"payload_malformed"/);
  });

  it('lives on when a transport sends garbage or megabytes', async () => {
    const socket = await connect('agent002');
    const ended = new Promise((resolve) => socket.once('disconnect', resolve));
    socket.emit('command', { payload: 'x'.repeat(3_000_000) });
    await ended;
    const garbled = await connect('agent002');
    const cut = new Promise((resolve) => garbled.once('disconnect', resolve));
    (garbled.io.engine as unknown as { write(text: string): void }).write('2["command",{{{');
    await cut;
    expect((await fetch(`${hub.url}/api/health/ready`)).status).toBe(200);
  });

  it('[I2] after a snapshot at offset N the next event has offset N + 1, and what one does the other sees', async () => {
    const [one, two] = await Promise.all([connect('agent003'), connect('agent003')]);
    const room = 'queue:register';
    const before = await follow(one, room);
    const offset = before.answer.ok ? before.answer.offset : -1;
    for (let i = 0; i < 5; i++) await act(agent, 'register', { ...newRequest(i), source: 'app', sourceId: newId() });
    await hub.settled();
    const after = await follow(two, room);
    if (!after.answer.ok || after.answer.mode !== 'snapshot') throw new Error('a snapshot was expected');
    const events = after.answer.offset - offset;
    expect(events).toBeGreaterThanOrEqual(5);
    await until('the first console to be as far', () => before.events().length >= events);
    expect(before.events().map((e) => e.offset)).toEqual(Array.from({ length: events }, (_, i) => offset + 1 + i));
    expect(Object.keys(after.answer.snapshot.cards).length).toBeGreaterThanOrEqual(5);
  });

  it('[I3] resumes from an offset with exactly the missed events, and snapshots when it cannot', async () => {
    const room = 'queue:register';
    const first = await follow(await connect('agent003'), room);
    if (!first.answer.ok) throw new Error('refused');
    const { epoch, offset } = first.answer;
    for (let i = 0; i < 3; i++) await act(agent, 'register', { ...newRequest(i), source: 'app', sourceId: newId() });
    await hub.settled();

    const resumed = await follow(await connect('agent003'), room, { epoch, offset });
    expect(resumed.answer).toMatchObject({ ok: true, mode: 'resumed', epoch, offset });
    await until('the missed events at both', () =>
      [first, resumed].every(({ events }) => events().length >= 3 && events().length === first.events().length),
    );
    expect(resumed.events()).toEqual(first.events());

    for (const from of [
      { epoch: 'another', offset },
      { epoch, offset: 1_000_000 },
    ]) {
      const again = await follow(await connect('agent003'), room, from);
      expect(again.answer).toMatchObject({ ok: true, mode: 'snapshot', epoch });
    }
  });

  it('[I2] misses nothing and repeats nothing while the room is busy at the moment of subscribing', async () => {
    const room = 'queue:register';
    let busy = true;
    const noise = (async () => {
      for (let i = 0; busy; i++) {
        const calls = Array.from({ length: 5 }, (_, k) =>
          act(agent, 'register', { ...newRequest(i * 5 + k), source: 'app', sourceId: newId() }),
        );
        await Promise.all(calls);
      }
    })();
    try {
      for (let round = 0; round < 12; round++) {
        const follower = await follow(await connect('agent003'), room);
        const start = follower.answer.ok ? follower.answer.offset : -1;
        await until('some events', () => follower.events().length >= 10);
        const seen = follower.events().map((e) => e.offset);
        expect(seen).toEqual(seen.map((_, i) => start + 1 + i));
      }
    } finally {
      // Or it would go on through all tests after this one.
      busy = false;
      await noise;
    }
  });

  it('[I6] takes a right away in its place: the room is revoked and nothing later arrives', async () => {
    const admin = await openConsole(hub.url, 'admin');
    const socket = await connect('agent004');
    const follower = await follow(socket, 'queue:register');
    const revoked: { room: string; code: string }[] = [];
    socket.on('revoked', (call: { room: string; code: string }) => revoked.push(call));

    await act(admin, 'changeRights', { userId: 'agent004', roles: ['auditor'], unitId: null });
    await until('the room to be revoked', () => revoked.length, 1_000);
    expect(revoked).toEqual([{ room: 'queue:register', code: 'rights_changed' }]);
    const seen = follower.events().length;
    const witness = await follow(await connect('agent003'), 'queue:register');
    await act(agent, 'register', { ...newRequest(1), source: 'app', sourceId: newId() });
    await until('another console to see the next event', () => witness.events().length);
    expect(follower.events().length).toBe(seen);
    expect(await socket.emitWithAck('subscribe', { room: 'queue:register' })).toMatchObject({
      error: { code: 'forbidden' },
    });
    admin.close();
  });

  it('[I6] lets in by a right that is there already, and of which the log has not yet told', async () => {
    const socket = await connect('agent020');
    const room = 'queue:arbitration';
    expect(await socket.emitWithAck('subscribe', { room })).toMatchObject({ error: { code: 'forbidden' } });
    const rights = `UPDATE user_account SET roles = '["arbiter"]' WHERE user_id = 'agent020'`;
    await behindItsBack(placeOf(hub.dataDir), rights);
    expect(await socket.emitWithAck('subscribe', { room })).toMatchObject({ ok: true, mode: 'snapshot' });
  });

  it('[I6] does not let in by rights that were lost between the look at them and the coming in', async () => {
    const admin = await openConsole(hub.url, 'admin');
    const { token } = await login('agent021');
    const authentication = hub.app.get(Authentication);
    const right = authentication.byClaims.bind(authentication);
    let looked = false;
    let letOn: () => void = () => undefined;
    const held = new Promise<void>((go) => (letOn = go));
    authentication.byClaims = async (all) => {
      const found = await right(all);
      if (all.some(({ userId }) => userId === 'agent021')) {
        looked = true;
        await held;
      }
      return found;
    };
    const socket = io(hub.url, { transports: ['websocket'], auth: { token }, forceNew: true, reconnection: false });
    sockets.push(socket);
    try {
      await until('it is looked up', () => looked);
      await act(admin, 'changeRights', { userId: 'agent021', roles: ['auditor'], unitId: null });
      await hub.settled();
    } finally {
      authentication.byClaims = right;
      letOn();
    }
    await until('it is sent away', () => socket.disconnected && !socket.active);
    const again = await openSocket(hub.url, token);
    sockets.push(again);
    expect(await again.emitWithAck('subscribe', { room: 'queue:register' })).toMatchObject({
      error: { code: 'forbidden' },
    });
    admin.close();
  });

  it('[I6] ends the connection of a person who is not active any more', async () => {
    const admin = await openConsole(hub.url, 'admin');
    const socket = await connect('agent005');
    const ended = new Promise<string>((resolve) => socket.once('disconnect', resolve));
    await act(admin, 'changeRights', { userId: 'agent005', roles: ['agent'], unitId: null, active: false });
    expect(await ended).toBe('io server disconnect');
    admin.close();
  });

  it('[ID4] ends the connections that were opened under an earlier password', async () => {
    const session = await login('agent008');
    const socket = await openSocket(hub.url, session.token);
    const ended = new Promise<string>((resolve) => socket.once('disconnect', resolve));
    const changed = await fetch(`${hub.url}/api/auth/password`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${session.token}` },
      body: JSON.stringify({ oldPassword: PASSWORD, newPassword: 'another-pass-phrase' }),
    });
    expect(changed.ok).toBe(true);
    expect(await ended).toBe('io server disconnect');
  });

  it('[ID4] ends them too when a user list brings the new password', async () => {
    const socket = await connect('agent009');
    const ended = new Promise<string>((resolve) => socket.once('disconnect', resolve));
    const admin = await login('admin');
    const imported = await fetch(`${hub.url}/api/lists/users/import`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', authorization: `Bearer ${admin.token}` },
      body: 'username,password\nagent009,another-pass-phrase\n',
    });
    expect(await imported.json()).toMatchObject({ status: 'activated' });
    expect(await ended).toBe('io server disconnect');
  });

  let deskFilled: Promise<unknown> | undefined;
  const fillDesk = (orders: number) =>
    Promise.all(
      Array.from({ length: orders }, async (_, i) => {
        const { orderNo, version } = await registerNth(i);
        await act(agent, 'accept', { orderNo, expectedVersion: version, noPlace: true });
      }),
    );
  const registerNth = (i: number) => act(agent, 'register', { ...newRequest(i), source: 'app', sourceId: newId() });

  /** A console that follows much and, from now on, reads nothing; the hub holds as much for it as it will. */
  async function deafConsole(username: string) {
    const socket = await connect(username);
    await (deskFilled ??= fillDesk(60));
    const engine = socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } };
    engine.ws._socket.pause();
    const { server } = hub.app.get<unknown, { server: ConsoleServer }>(Gateway);
    const atHub = server.sockets.sockets.get(socket.id!)!;
    const deaf = { socket, line: engine.ws._socket, atHub, unread: () => unreadBytes(atHub), served: 0 };
    for (let i = 0; i < 900; i++) socket.emit('subscribe', { room: 'desk:city' }, () => (deaf.served += 1));
    await until('the hub to hold so much that it answers no more', () => deaf.unread() > 128 * 1024);
    return deaf;
  }

  it('[LD5] serves a console that does not read no more than it has read', async () => {
    const deaf = await deafConsole('dispatcher02');
    await Promise.all(Array.from({ length: 40 }, (_, i) => registerNth(i)));
    expect(deaf.unread()).toBeLessThanOrEqual(256 * 1024);
    const unread = () => hub.app.get(Push).standing.unread;
    await until('it to count among those that are told nothing', () => unread().length === 1);
    expect(unread()[0]).toBeLessThanOrEqual(256 * 1024);
    deaf.line.resume();
    const before = deaf.served;
    await until('the console to be served on once it reads', () => deaf.served > before + 100);
    deaf.socket.disconnect();
    await until('nobody to count among them', () => unread().length === 0);
  });

  it('hangs up on a console that asks on and on without reading, instead of keeping its answers', async () => {
    const deaf = await deafConsole('dispatcher03');
    let most = 0;
    await until('the hub to hang up', () => {
      for (let i = 0; i < 200; i++) deaf.socket.emit('nope', {}, () => undefined);
      most = Math.max(most, deaf.unread());
      return !deaf.atHub.connected;
    });
    expect(most).toBeLessThanOrEqual(256 * 1024);
  });

  it('[LD6] lets nobody in who asked by the hundred and has gone', async () => {
    const { figures } = hub.app.get(Push);
    const entries = () => Object.values(figures.entered).reduce((all, some) => all + some, 0);
    const before = entries();
    const socket = await connect('agent014');
    for (let i = 0; i < 900; i++) socket.emit('subscribe', { room: 'queue:register' }, () => undefined);
    await until('it is let in once', () => entries() > before);
    socket.disconnect();
    await until('the hub has noticed', () => hub.app.get(Push).standing.consoles === 1);
    const then = entries();

    const other = await connect('agent015');
    for (let i = 0; i < 5; i++) expect((await follow(other, 'queue:register')).answer.ok).toBe(true);
    // One of them may have been on its way in.
    expect(entries()).toBeLessThanOrEqual(then + 6);
  });

  it('[I7] answers the same command id again on another connection with the same answer', async () => {
    const call = { name: 'register', commandId: newId(), payload: newRequest(7) };
    const first: unknown = await (await connect('agent006')).emitWithAck('command', call);
    const second: unknown = await (await connect('agent006')).emitWithAck('command', call);
    expect(first).toMatchObject({ ok: true, result: { duplicate: false } });
    expect(second).toEqual(first);
  });

  it('tells the time of the hub every five seconds', async () => {
    const socket = await connect('agent002');
    const pulse = await new Promise<{ now: number; tailLagMs: number }>((resolve) => socket.once('pulse', resolve));
    expect(pulse).toMatchObject({ now: expect.any(Number) as number, tailLagMs: expect.any(Number) as number });
  });
});
