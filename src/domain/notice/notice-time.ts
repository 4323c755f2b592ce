import type { NoticeTemplate } from '@minqing-hub/client-sdk/protocol';
import { callableFrom, type CallingHours } from '../callback/calling-hours.js';

/** What answers the requester's own call is said at once; they have just spoken with somebody. [NT5] */
const AT_ONCE: readonly NoticeTemplate[] = ['accepted', 'dispatched'];

/** [NT5] When a notice that is made now may be sent first, ms UTC. */
export const sendableFrom = (now: number, template: NoticeTemplate, hours: CallingHours): number =>
  AT_ONCE.includes(template) ? now : callableFrom(now, hours);

/** [NT4] How long to wait after so many attempts in vain: twice as long each time, a day at most. */
export const retryAfter = (attempts: number, firstMs: number): number =>
  Math.min(firstMs * 2 ** (attempts - 1), 24 * 3_600_000);
