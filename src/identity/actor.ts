import type { Actor, Role } from '@minqing-hub/client-sdk/protocol';

export type { Actor, Role };

/** Who acts when an alarm rings or a reaction follows. Not a user; nobody can log in as it. */
export const SYSTEM: Actor = { userId: 'system', name: '系统', roles: ['system'], unitId: null };

export const hasRole = (actor: Actor, roles: readonly Role[]): boolean => actor.roles.some((role) => roles.includes(role));
