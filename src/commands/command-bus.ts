import { createHmac, createSecretKey, type KeyObject, randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import type { Actor, ErrorCode, HubError } from '@minqing-hub/client-sdk/protocol';
import { isUUID } from 'class-validator';
import { Clock } from '../config/clock.js';
import { Settings } from '../config/settings.js';
import type { Refusal } from '../domain/result.js';
import { hasRole, SYSTEM } from '../identity/actor.js';
import { People } from '../identity/people.js';
import { type ReadTx, StorageUnavailable, type Tx, UnitOfWork } from '../storage/unit-of-work.js';
import { ActsUnderWay } from './acts-under-way.js';
import { OUT_OF_REACH } from './out-of-reach.js';
import { type Answered, CommandLines } from './command-lines.js';
import { canonicalJson } from './canonical-json.js';
import { type CommandContext, CommandHandler } from './command-handler.js';
import { HANDLES } from './handles.js';
import { checkPayload } from './check-payload.js';

export interface Command {
  name: string;
  commandId: string;
  payload: unknown;
}

/** How the hub itself issues one. */
export interface Issued {
  /** The event that it follows from. */
  causationId?: string;
  /** It judges nothing by a later time than this one, whenever its turn comes. */
  asOf?: number;
}

/** `result` is whatever the handler answers; typed twins are in the protocol. */
export type Answer = { ok: true; result: unknown } | { ok: false; error: HubError };

/** Asked before a stored answer is given again: why its actor may not hear it any more, if so. */
export type AskBeforeRepeating = (
  command: { name: string; payload: object },
  context: CommandContext,
) => Promise<HubError | undefined>;

/** Thrown inside the transaction so that nothing of it is kept: an answer that is not stored. */
class NotStored extends Error {
  constructor(readonly error: HubError) {
    super(error.code);
  }
}

/** Thrown inside the handler's savepoint: its writes go, the answer stays. */
class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.code);
  }
}

/** Answers about rights and form are given afresh each time [I7]: what was not allowed a minute ago may be now. */
const UNSTORED: readonly ErrorCode[] = [
  'forbidden',
  'not_found',
  'order_not_found',
  'call_unknown',
  'callback_not_found',
  'not_own_unit',
  'payload_invalid',
  'payload_malformed',
  'unavailable',
];

const forbidden: HubError = { code: 'forbidden', message: '您没有办理这件事的权限' };

/**
 * The one way in for everything that changes something. Every call is answered, whatever happens inside.
 * Order of checks: form → who (rights as they are now) → the same id before [I7] → the use case itself.
 */
@Injectable()
export class CommandBus implements OnModuleInit {
  private readonly handlers = new Map<string, CommandHandler>();
  private readonly listeners: ((answered: Answered) => void)[] = [];
  private readonly askers: AskBeforeRepeating[] = [];
  private readonly lines = new CommandLines();
  private readonly digestKey: KeyObject;
  readonly underWay = new ActsUnderWay();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly people: People,
    settings: Settings,
  ) {
    this.digestKey = createSecretKey(settings.secrets.digestKey, 'utf8');
  }

  onModuleInit(): void {
    const providers = this.discovery.getProviders().map(({ instance }) => instance as unknown);
    const handlers = providers.filter((provider): provider is CommandHandler => provider instanceof CommandHandler);
    for (const handler of handlers) {
      const name = this.reflector.get<string>(HANDLES, handler.constructor);
      if (this.handlers.has(name)) throw new Error(`two handlers for the command ${name}`);
      this.handlers.set(name, handler);
    }
  }

  get names(): string[] {
    return [...this.handlers.keys()];
  }

  /** Every command with the class of its payload and the roles that may issue it at all. */
  get described(): (Pick<CommandHandler, 'payload' | 'who'> & { name: string })[] {
    return [...this.handlers].map(([name, { payload, who }]) => ({ name, payload, who }));
  }

  /** Called after each answer. */
  onAnswered(listener: (answered: Answered) => void): void {
    this.listeners.push(listener);
  }

  /** For features that know what an answer is about: roles are looked at anyway. */
  askBeforeRepeating(asker: AskBeforeRepeating): void {
    this.askers.push(asker);
  }

  /** What the hub's clock said when this command was answered for good; `undefined` if it was not, or is forgotten. */
  async answeredAt(tx: ReadTx, actor: Actor, commandId: string): Promise<number | undefined> {
    const stored = await tx.one<{ at: number }>('SELECT at FROM command WHERE actor_id = ? AND command_id = ?', [
      actor.userId,
      commandId,
    ]);
    return stored?.at;
  }

  async execute(actor: Actor, command: Command, more: Issued = {}): Promise<Answer> {
    const begun = performance.now();
    let fault: unknown;
    const answer = await this.answer(actor, command, more).catch((error: unknown) => {
      fault = error;
      return failure(incident());
    });
    const answered: Answered = {
      name: this.handlers.has(command.name) ? command.name : 'unknown',
      actor,
      command,
      answer,
      ms: performance.now() - begun,
    };
    this.lines.tell(answered, fault);
    for (const listener of this.listeners) listener(answered);
    return answer;
  }

  private async answer(actor: Actor, command: Command, more: Issued): Promise<Answer> {
    try {
      const handler = this.handlers.get(command.name);
      if (!handler) return failure({ code: 'unknown_command', message: '没有这个指令', field: 'name' });
      if (!isUUID(command.commandId)) {
        return failure({ code: 'payload_invalid', message: '指令编号应为 UUID', field: 'commandId' });
      }
      const checked = checkPayload(handler.payload, command.payload);
      if (!checked.ok) return failure(checked.error);
      // When it came, not when its turn came: an act in time that stood in line behind others is in time. [CK14]
      const cameAt = this.clock.now();
      const answered = actor === SYSTEM ? () => undefined : this.underWay.begin(checked.value, cameAt);
      const answer = this.unitOfWork.run(
        (tx) =>
          this.carryOut(
            tx,
            // The hub itself acts when its turn comes: nobody has set the time back under it since. [CK2]
            actor === SYSTEM ? Math.min(this.clock.now(), more.asOf ?? Infinity) : cameAt,
            actor,
            handler,
            // The same UUID in capitals is the same UUID.
            { ...command, commandId: command.commandId.toLowerCase(), payload: checked.value },
            more.causationId ?? null,
          ),
        more.causationId === undefined ? 'first' : 'after',
        // Its id tells a second run what the first one did. [I7]
        'repeatable',
      );
      return await answer.finally(answered);
    } catch (error) {
      if (error instanceof NotStored) return failure(error.error);
      if (error instanceof StorageUnavailable) return failure(OUT_OF_REACH);
      throw error;
    }
  }

  private async carryOut(
    tx: Tx,
    now: number,
    caller: Actor,
    handler: CommandHandler,
    command: Command & { payload: object },
    causationId: string | null,
  ): Promise<Answer> {
    const actor = await this.actorNow(tx, caller);
    if (!actor || !hasRole(actor, handler.who)) throw new NotStored(forbidden);

    const payloadHash = this.digest({ name: command.name, payload: command.payload });
    const fresh = await tx.insertIfAbsent('command', {
      actor_id: actor.userId,
      command_id: command.commandId,
      name: command.name,
      payload_hash: payloadHash,
      answer: null,
      at: now,
    });
    const origin = { actorId: actor.userId, commandId: command.commandId, causationId, recordedAt: now };
    const context = { tx, actor, now, origin };
    const act = (repeated: boolean) => handler.handle(command.payload, { ...context, repeated });

    if (!fresh) {
      const stored = (await tx.one<{ payload_hash: string; answer: string }>(
        'SELECT payload_hash, answer FROM command WHERE actor_id = ? AND command_id = ?',
        [actor.userId, command.commandId],
      ))!;
      if (stored.payload_hash !== payloadHash) {
        throw new NotStored({ code: 'command_id_reused', message: '这个指令编号已用于另一项内容', field: 'commandId' });
      }
      const answer = JSON.parse(stored.answer) as Answer;
      // A personal one is made anew, and its use case looks at rights by itself.
      const made = !answer.ok || !handler.personalAnswer;
      if (made) {
        await this.mayHear(command, { ...context, repeated: true });
        return answer;
      }
      const again = await act(true);
      return again.ok ? { ok: true, result: again.value } : failure(again.error);
    }

    const answer = await this.attempt(tx, () => act(false));
    const kept = answer.ok && handler.personalAnswer ? { ok: true, result: null } : answer;
    await tx.run('UPDATE command SET answer = ? WHERE actor_id = ? AND command_id = ?', [
      JSON.stringify(kept),
      actor.userId,
      command.commandId,
    ]);
    return answer;
  }

  /** @throws {NotStored} when the actor has lost the right to it since [I6] [I7] */
  private async mayHear(command: { name: string; payload: object }, context: CommandContext): Promise<void> {
    if (context.actor === SYSTEM) return;
    for (const asker of this.askers) {
      const barred = await asker(command, context);
      if (barred) throw new NotStored(barred);
    }
  }

  private async attempt(tx: Tx, act: () => ReturnType<CommandHandler['handle']>): Promise<Answer> {
    try {
      return await tx.nested(async () => {
        const result = await act();
        if (!result.ok) throw new Refused(result.error);
        return { ok: true as const, result: result.value ?? {} };
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (UNSTORED.includes(error.refusal.code)) throw new NotStored(error.refusal);
      return failure(error.refusal);
    }
  }

  /** Rights count as they are in this transaction, not as they were when the caller logged in [I6]. */
  private async actorNow(tx: Tx, caller: Actor): Promise<Actor | undefined> {
    return caller === SYSTEM ? SYSTEM : this.people.actor(tx, caller.userId);
  }

  /** Keyed: payloads hold phone numbers, whose plain hash could be guessed. */
  private digest(value: unknown): string {
    return createHmac('sha256', this.digestKey).update(canonicalJson(value)).digest('hex');
  }
}

function incident(): HubError {
  const number = randomUUID();
  return { code: 'internal', message: `系统内部出错，请稍后重试；如再次出现，请报告编号 ${number}`, incident: number };
}

const failure = (error: HubError): Answer => ({ ok: false, error });
