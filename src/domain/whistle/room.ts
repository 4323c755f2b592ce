import type { Actor } from '@minqing-hub/client-sdk/protocol';
import { mayReadWhistle } from '../access/may-read-whistle.js';
import { whistleReaders } from '../access/whistle-audience.js';
import type { UnitTree } from '../lists/unit-tree.js';
import { no } from '../no.js';
import { refuse, type Refusal } from '../result.js';
import { actsAs } from './permission.js';
import { ENDED, type Whistle } from './whistle.js';

/** Offices that write in every room that they read; the others look on. */
const WRITE: readonly Actor['roles'][number][] = ['dispatcher', 'shift_leader', 'arbiter', 'district_leader'];

/** [WR1] Why somebody may not write in a whistle's room, or nothing. To who may not read it there is none. */
export function maySpeak(whistle: Whistle | null, actor: Actor, units: UnitTree): Refusal | undefined {
  const unread = mayNotRead(whistle, actor, units);
  if (unread || !whistle) return unread;
  const takesPart = (['blower', 'lead', 'member'] as const).some((side) => actsAs(side, whistle, actor, units));
  if (!takesPart && !actor.roles.some((role) => WRITE.includes(role))) {
    return no('forbidden', '只有参加的单位和调度人员可以发言', 'WR1');
  }
  return (ENDED as readonly string[]).includes(whistle.stage)
    ? no('transition_not_allowed', '哨单已经结束，不能再发言', 'WR1')
    : undefined;
}

/** [I6] [WR3] */
export function mayNotRead(whistle: Whistle | null, actor: Actor, units: UnitTree): Refusal | undefined {
  if (whistle && mayReadWhistle(actor, whistleReaders(whistle), units)) return undefined;
  const gone = refuse('whistle_not_found', '没有这个哨单，或您无权查看', { field: 'whistleNo' });
  return gone.ok ? undefined : gone.error;
}
