import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { DiscoveryService } from '@nestjs/core';
import { Reflector } from '@nestjs/core';
import type { Actor, Role } from '@minqing-hub/client-sdk/protocol';
import { IsInt, IsOptional, IsString, MaxLength } from 'class-validator';
import { openTestStore, type TestStore } from '../../test/support/store.js';
import { FakeClock } from '../../test/support/fake-clock.js';
import { readSettings, type Settings } from '../config/settings.js';
import { ok, refuse, type Result } from '../domain/result.js';
import type { People } from '../identity/people.js';
import { CommandBus } from './command-bus.js';
import { type CommandContext, CommandHandler } from './command-handler.js';
import { Handles } from './handles.js';

class BumpPayload {
  @IsString() @MaxLength(20) room!: string;
  @IsOptional() @IsInt() by?: number;
}

/** Adds to a number; refuses at ten, breaks at a hundred. */
@Handles('bump')
class Bump extends CommandHandler<BumpPayload, { head: number }> {
  readonly payload = BumpPayload;
  readonly who: readonly Role[] = ['agent'];

  async handle({ room, by = 1 }: BumpPayload, { tx }: CommandContext): Promise<Result<{ head: number }>> {
    const head =
      ((await tx.one<{ head: number }>('SELECT head FROM room_head WHERE room = ?', [room]))?.head ?? 0) + by;
    await tx.upsert('room_head', { room, head }, ['room']);
    if (head === 7) return refuse('payload_invalid', '不是七', { field: 'by' });
    if (head >= 100) throw new Error(`secret of ${room}`);
    return head >= 10 ? refuse('loop_guard', '到十为止', { clause: 'IN8' }) : ok({ head });
  }
}

/** Answers something that may not be kept. */
@Handles('peek')
class Peek extends CommandHandler<BumpPayload, { phone: string; repeated: boolean }> {
  readonly payload = BumpPayload;
  readonly who: readonly Role[] = ['agent'];
  override readonly personalAnswer = true;

  async handle(_payload: BumpPayload, { repeated }: CommandContext) {
    return ok({ phone: '13800001111', repeated });
  }
}

describe('command bus', () => {
  // The faults are wanted here; their incidents would only frighten.
  beforeAll(() => Logger.overrideLogger(false));
  let store: TestStore;
  let bus: CommandBus;
  let clock: FakeClock;
  const rights = new Map<string, Actor>();
  const agent: Actor = { userId: 'agent001', name: '坐席001', roles: ['agent'], unitId: null };

  beforeEach(async () => {
    store = await openTestStore();
    rights.clear();
    rights.set('agent001', agent);
    const discovery = { getProviders: () => [{ instance: new Bump() }, { instance: new Peek() }] };
    const people = { actor: async (_tx: unknown, userId: string) => rights.get(userId) };
    const settings: Settings = readSettings({ HUB_DATA_DIR: store.folder });
    bus = new CommandBus(
      discovery as unknown as DiscoveryService,
      new Reflector(),
      store.unitOfWork,
      (clock = new FakeClock()),
      people as unknown as People,
      settings,
    );
    bus.onModuleInit();
  });
  afterEach(() => store.close());

  const head = (room: string) =>
    store.readModel.run(
      async (tx) => (await tx.one<{ head: number }>('SELECT head FROM room_head WHERE room = ?', [room]))?.head,
    );
  const bump = (payload: object, commandId: string = randomUUID()) =>
    bus.execute(agent, { name: 'bump', commandId, payload });

  it('[I7] answers the same id again with the same answer and has no second effect', async () => {
    const id = randomUUID();
    const first = await bump({ room: 'a' }, id);
    expect(first).toEqual({ ok: true, result: { head: 1 } });
    expect(await bump({ room: 'a' }, id)).toEqual(first);
    expect(await head('a')).toBe(1);
  });

  it('[I7] has one effect when the same id comes many times at once', async () => {
    const id = randomUUID();
    const answers = await Promise.all(Array.from({ length: 80 }, () => bump({ room: 'a' }, id)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await head('a')).toBe(1);
  });

  it('[CK14] takes the time of a command when it comes in, however long it stands in line', async () => {
    const id = randomUUID();
    const cameAt = clock.now();
    let open!: () => void;
    const gate = new Promise<void>((free) => (open = free));
    const held = store.unitOfWork.run(() => gate);
    const answer = bump({ room: 'a' }, id);
    clock.advance(60_000);
    open();
    await Promise.all([held, answer]);
    const kept = await store.readModel.run((tx) =>
      tx.one<{ at: number }>('SELECT at FROM command WHERE command_id = ?', [id]),
    );
    expect(kept!.at).toBe(cameAt);
  });

  it('[I7] refuses the same id with another payload', async () => {
    const id = randomUUID();
    await bump({ room: 'a' }, id);
    expect(await bump({ room: 'b' }, id)).toMatchObject({ ok: false, error: { code: 'command_id_reused' } });
    expect(await head('b')).toBeUndefined();
  });

  it('[I7] keeps the id of one actor apart from the same id of another', async () => {
    const id = randomUUID();
    rights.set('agent002', { ...agent, userId: 'agent002' });
    await bump({ room: 'a' }, id);
    const other = await bus.execute(rights.get('agent002')!, { name: 'bump', commandId: id, payload: { room: 'b' } });
    expect(other).toEqual({ ok: true, result: { head: 1 } });
  });

  it('[I7] stores a refusal, keeps nothing of what the use case wrote, and answers it again', async () => {
    const id = randomUUID();
    const refusal = await bump({ room: 'a', by: 10 }, id);
    expect(refusal).toMatchObject({ ok: false, error: { code: 'loop_guard', clause: 'IN8' } });
    expect(await head('a')).toBeUndefined();
    expect(await bump({ room: 'a', by: 10 }, id)).toEqual(refusal);
  });

  it('[I7] stores neither faults of form nor of rights: the same id may succeed later', async () => {
    const id = randomUUID();
    expect(await bump({ room: 'a', by: 'x' }, id)).toMatchObject({ error: { code: 'payload_invalid', field: 'by' } });
    rights.set('agent001', { ...agent, roles: ['auditor'] });
    expect(await bump({ room: 'a' }, id)).toMatchObject({ error: { code: 'forbidden' } });
    rights.set('agent001', agent);
    expect(await bump({ room: 'a' }, id)).toEqual({ ok: true, result: { head: 1 } });
  });

  it('[I7] does not store what a use case itself finds wrong with the form', async () => {
    const id = randomUUID();
    expect(await bump({ room: 'a', by: 7 }, id)).toMatchObject({ error: { code: 'payload_invalid', field: 'by' } });
    expect(await bump({ room: 'a', by: 2 }, id)).toEqual({ ok: true, result: { head: 2 } });
  });

  it('[I6] counts rights as they are now, also before a stored answer is given', async () => {
    const id = randomUUID();
    await bump({ room: 'a' }, id);
    rights.delete('agent001');
    expect(await bump({ room: 'a' }, id)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });

  it('answers a fault inside with an incident number and nothing of the fault', async () => {
    const answer = await bump({ room: 'a', by: 100 });
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(answer)).not.toMatch(/secret|Error|\.ts/);
    expect(await head('a')).toBeUndefined();
  });

  it('does not keep a personal answer, and reads it again for the same id', async () => {
    const call = { name: 'peek', commandId: randomUUID(), payload: { room: 'a' } };
    expect(await bus.execute(agent, call)).toEqual({ ok: true, result: { phone: '13800001111', repeated: false } });
    expect(await bus.execute(agent, call)).toEqual({ ok: true, result: { phone: '13800001111', repeated: true } });
    const rows = await store.readModel.run((tx) => tx.all('SELECT * FROM command'));
    expect(JSON.stringify(rows)).not.toContain('13800001111');
  });

  it('[I7] takes a UUID in capitals for the same UUID', async () => {
    const id = randomUUID();
    const first = await bump({ room: 'a' }, id);
    expect(await bump({ room: 'a' }, id.toUpperCase())).toEqual(first);
    expect(await head('a')).toBe(1);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'refuses the field %s, which every object seems to have',
    async (name) => {
      const payload = JSON.parse(`{"room":"a","${name}":{"by":5}}`) as object;
      expect(await bump(payload)).toMatchObject({ ok: false, error: { code: 'payload_invalid', field: name } });
    },
  );

  it.each([
    ['an unknown command', 'nothing', randomUUID(), {}, 'unknown_command', 'name'],
    ['an id that is no UUID', 'bump', '1', { room: 'a' }, 'payload_invalid', 'commandId'],
    ['no object', 'bump', randomUUID(), ['a'], 'payload_malformed', 'payload'],
    ['binary data', 'bump', randomUUID(), Buffer.alloc(0), 'payload_malformed', 'payload'],
    ['binary data inside', 'bump', randomUUID(), { room: Buffer.from('a') }, 'payload_malformed', 'room'],
    ['an unknown field', 'bump', randomUUID(), { room: 'a', more: 1 }, 'payload_invalid', 'more'],
    ['a wrong type', 'bump', randomUUID(), { room: 1 }, 'payload_invalid', 'room'],
    ['half a surrogate pair', 'bump', randomUUID(), { room: 'a\ud800' }, 'payload_malformed', 'room'],
    ['text broken by a wrong encoding', 'bump', randomUUID(), { room: '\ufffd\ufffd' }, 'payload_malformed', 'room'],
    ['a NUL', 'bump', randomUUID(), { room: 'a\0' }, 'payload_malformed', 'room'],
    ['text too long', 'bump', randomUUID(), { room: 'x'.repeat(21) }, 'payload_invalid', 'room'],
  ])(
    'refuses %s, naming the field in Chinese and repeating nothing',
    async (_case, name, commandId, payload, code, field) => {
      const answer = await bus.execute(agent, { name, commandId, payload });
      expect(answer).toMatchObject({ ok: false, error: { code, field } });
      expect((answer as { error: { message: string } }).error.message).toMatch(/[\u4e00-\u9fff]/);
    },
  );
});
