import { EventLog1771000000001 } from './0001-event-log.js';
import { Identity1771000000002 } from './0002-identity.js';
import { Lists1771000000003 } from './0003-lists.js';
import { Orders1771000000004 } from './0004-orders.js';
import { Queues1771000000005 } from './0005-queues.js';
import { Deadlines1771000000006 } from './0006-deadlines.js';
import { EndedClocks1771000000007 } from './0007-ended-clocks.js';
import { SetAside1771000000008 } from './0008-set-aside.js';
import { Floor1771000000009 } from './0009-floor.js';
import { FloorView1771000000015 } from './0015-floor-view.js';

/** In order; a landed one is never changed. Table API only, so that every engine can run them. */
export const migrations = [
  EventLog1771000000001,
  Identity1771000000002,
  Lists1771000000003,
  Orders1771000000004,
  Queues1771000000005,
  Deadlines1771000000006,
  EndedClocks1771000000007,
  SetAside1771000000008,
  Floor1771000000009,
  FloorView1771000000015,
];
