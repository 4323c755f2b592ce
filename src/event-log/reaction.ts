import { applyDecorators, Injectable, SetMetadata } from '@nestjs/common';
import type { EventType } from '@minqing-hub/client-sdk/protocol';
import type { LoggedEvent } from './logged-event.js';

export interface ReactionCommand {
  name: string;
  payload: object;
  /** What tells it from the event's other ones, where a second run may find others of them: its place does not then. */
  key?: string;
}

/**
 * When X then Y. Never writes by itself: it answers with commands, which the hub issues as the system,
 * with ids derived from (event id, reaction), so that a second run has no second effect.
 * A named consumer of the log: it goes on after a restart where it stood.
 */
export abstract class Reaction {
  abstract readonly on: readonly EventType[];
  /** `head`: of what had happened before it first looked it makes nothing. Otherwise it begins where the log does. */
  readonly from?: 'head';
  abstract commandsFor(event: LoggedEvent): Promise<ReactionCommand[]>;
  /** What must come about at least when the event is set aside, because its own commands fail again and again. */
  commandsInstead(_event: LoggedEvent): ReactionCommand[] {
    return [];
  }
}

export const REACTS = Symbol('reacts');

/** Names a `Reaction` for the log's books; the name may not change once it is in use. */
export const Reacts = (name: string) => applyDecorators(Injectable(), SetMetadata(REACTS, name));
