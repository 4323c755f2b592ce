import { CLOCK_BUGS } from './bugs/clock-bugs.js';
import { CLUSTER_BUGS } from './bugs/cluster-bugs.js';
import { COMMAND_BUGS } from './bugs/command-bugs.js';
import { DELIVERY_BUGS } from './bugs/delivery-bugs.js';
import { LOG_BUGS } from './bugs/log-bugs.js';
import { RIGHTS_BUGS } from './bugs/rights-bugs.js';
import { SEAT_BUGS } from './bugs/seat-bugs.js';
import type { BugName } from './names.js';

/** How each bug is planted, in the process that calls it. */
export const PLANTS: Record<BugName, () => void> = {
  ...LOG_BUGS,
  ...DELIVERY_BUGS,
  ...COMMAND_BUGS,
  ...SEAT_BUGS,
  ...RIGHTS_BUGS,
  ...CLOCK_BUGS,
  ...CLUSTER_BUGS,
};
