import type { Result } from '../domain/result.js';
import type { Origin } from '../event-log/event-log.js';
import type { Actor, Role } from '../identity/actor.js';
import type { Tx } from '../storage/unit-of-work.js';

/** What a use case works with. `origin` goes into every event it appends. */
export interface CommandContext {
  tx: Tx;
  actor: Actor;
  /** The hub's time when the command came in, ms UTC. */
  now: number;
  origin: Origin;
  /** True when the same command is answered again and its answer was too personal to be kept: read, write nothing. */
  repeated: boolean;
}

/**
 * One use case. Decorate with `@Handles('name')`, put it among a Nest module's providers, and the bus finds it.
 * Expected failures are Results (kept, and given again to the same command id); what is thrown is a fault.
 */
export abstract class CommandHandler<P extends object = object, R = unknown> {
  /** A class whose class-validator decorators describe the payload; unknown fields are refused. */
  abstract readonly payload: new () => P;
  /** Who may issue it at all; which order or unit it may touch is the handler's own question. */
  abstract readonly who: readonly Role[];
  /** The answer holds personal data: it is not kept, and the handler runs again (`repeated`) for the same id. */
  readonly personalAnswer: boolean = false;
  abstract handle(payload: P, context: CommandContext): Promise<Result<R>>;
}
