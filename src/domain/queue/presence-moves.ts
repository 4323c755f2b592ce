import type { Presence } from '@minqing-hub/client-sdk/protocol';
import { ok, refuse, type Result } from '../result.js';

/**
 * [PS1] Which presence may follow which. Wrapping up ends a piece of work, so it comes from work (`busy`) or from having
 * just finished it (`ready`); training is begun by who is not on a call.
 */
export const PRESENCE_MOVES: Record<Presence, readonly Presence[]> = {
  offline: ['ready', 'busy', 'break', 'training'],
  ready: ['offline', 'busy', 'wrap_up', 'break', 'training'],
  busy: ['offline', 'ready', 'wrap_up', 'break'],
  wrap_up: ['offline', 'ready', 'busy', 'break', 'training'],
  break: ['offline', 'ready', 'busy', 'training'],
  training: ['offline', 'ready', 'busy', 'break'],
};

export const PRESENCES = Object.keys(PRESENCE_MOVES) as Presence[];

/** The same again is no move and always right: who asks twice gets the same answer. */
export function decidePresence(from: Presence, to: Presence): Result<Presence> {
  if (from === to || PRESENCE_MOVES[from].includes(to)) return ok(to);
  return refuse('presence_order', '座席不能从现在的状态直接转为这个状态', { field: 'presence', clause: 'PS1' });
}
