import { EventLog1771000000001 } from './0001-event-log.js';
import { Identity1771000000002 } from './0002-identity.js';
import { Lists1771000000003 } from './0003-lists.js';
import { Orders1771000000004 } from './0004-orders.js';
import { Queues1771000000005 } from './0005-queues.js';
import { Deadlines1771000000006 } from './0006-deadlines.js';
import { EndedClocks1771000000007 } from './0007-ended-clocks.js';
import { SetAside1771000000008 } from './0008-set-aside.js';
import { Floor1771000000009 } from './0009-floor.js';
import { Routing1771000000010 } from './0010-routing.js';
import { Presence1771000000011 } from './0011-presence.js';
import { Shifts1771000000012 } from './0012-shifts.js';
import { Telephony1771000000013 } from './0013-telephony.js';
import { Knowledge1771000000014 } from './0014-knowledge.js';
import { FloorView1771000000015 } from './0015-floor-view.js';
import { RuleBookClocks1771000000016 } from './0016-rule-book-clocks.js';
import { Calendar1771000000017 } from './0017-calendar.js';
import { Policy1771000000018 } from './0018-policy.js';
import { Notices1771000000019 } from './0019-notices.js';
import { Ringing1771000000020 } from './0020-ringing.js';
import { RosterImport1771000000021 } from './0021-roster-import.js';
import { CommitMark1771000000022 } from './0022-commit-mark.js';
import { PlacesAfterCommit1771000000023 } from './0023-places-after-commit.js';
import { Lease1771000000024 } from './0024-lease.js';
import { NodeActs1771000000025 } from './0025-node-acts.js';
import { AccountLocks1771000000026 } from './0026-account-locks.js';
import { ItemSignals1771000000027 } from './0027-item-signals.js';
import { Whistles1771000000028 } from './0028-whistles.js';

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
  Routing1771000000010,
  Presence1771000000011,
  Shifts1771000000012,
  Telephony1771000000013,
  Knowledge1771000000014,
  FloorView1771000000015,
  RuleBookClocks1771000000016,
  Calendar1771000000017,
  Policy1771000000018,
  Notices1771000000019,
  Ringing1771000000020,
  RosterImport1771000000021,
  CommitMark1771000000022,
  PlacesAfterCommit1771000000023,
  Lease1771000000024,
  NodeActs1771000000025,
  AccountLocks1771000000026,
  ItemSignals1771000000027,
  Whistles1771000000028,
];
