import type { Grade, Kind } from '@minqing-hub/client-sdk/protocol';
import type { AmberRule, QuietHours, Repeats } from './amber.js';
import type { Limit } from './due-after.js';
import type { ContactStart } from './order-clocks.js';

/** What a city may set about clocks. */
export interface ClockPolicy {
  /** Of the policy as a whole: a clock tells under which it started. */
  version: number;
  amber: AmberRule;
  /** [CK10] Workdays after a due, when it is told late again. */
  repeats: Repeats;
  /** [CK11] What is due at once is told overdue so long after, ms. */
  atOnceMs: number;
  /** [C0] */
  accept: { urgent: Limit; other: Limit };
  /** [C1] ms */
  dispatchMs: Record<Grade, number>;
  /** [C2] */
  ack: Record<Grade, Limit>;
  /** [C3] */
  objection: Record<Grade, Limit>;
  /** [C4u] [C4c] */
  contact: { limit: Limit; start: ContactStart; quiet: QuietHours };
  /** [C5] */
  handling: {
    byKind: Record<Kind, Limit>;
    simple: Limit;
    /** [A6] Warns of a simple matter after so much, in whatever its limit is counted. */
    simpleTarget: Limit;
    emergency: Limit;
    expedited: Limit;
    /** [A1] `null`: fast is about dispatch alone. */
    fast: Limit | null;
  };
  /** [C9] */
  arbitration: Record<Grade, Limit>;
  /** [A12] A result counts from its submission if everybody has signed it within so many workdays. */
  signWithin: number;
  /** [C10] */
  evaluation: Limit;
  /** [C11] */
  rework: Limit;
}
