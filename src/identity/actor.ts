import type { Actor as WireActor, Role } from '@minqing-hub/client-sdk/protocol';

export type { Role };

/** Who acts, as the server knows them. */
export interface Actor extends WireActor {
  /** Set for the key of a source system: the only source in whose name it may file. */
  source?: string;
}

/** Who acts when an alarm rings or a reaction follows. Not a user; nobody can log in as it. */
export const SYSTEM: Actor = { userId: 'system', name: '系统', roles: ['system'], unitId: null };

/** What a source system is called as an actor; no username has a colon. */
export const keyUserId = (keyId: string): string => `key:${keyId}`;

export const hasRole = (actor: Pick<Actor, 'roles'>, roles: readonly Role[]): boolean =>
  actor.roles.some((role) => roles.includes(role));
