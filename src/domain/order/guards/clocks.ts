import type { ClockName } from '@minqing-hub/client-sdk/protocol';
import { isBroken, openClock } from '../../clock/deadline.js';
import type { Guard } from '../situation.js';
import { no } from '../../no.js';

/** [T12] [T13] The hub itself acts only when the time of everybody else has run out. */
export const ranOut =
  (clock: ClockName, clause: string): Guard =>
  (situation) => {
    const open = openClock(situation, clock);
    return open && isBroken(open) ? undefined : no('transition_not_allowed', '时限尚未超过，系统不代为处理', clause);
  };

/** [C3] [T9] An objection comes while its window is open. */
export const windowOpen: Guard = (situation) => {
  const window = openClock(situation, 'OBJECTION');
  return window && situation.now >= window.dueAt ? no('clock_expired', '提出派单异议的时限已过', 'C3') : undefined;
};
