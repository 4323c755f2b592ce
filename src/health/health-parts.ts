import { Checks } from './checks.js';
import { LogLag } from './log-lag.js';
import { ClockMetrics } from './metrics/clock-metrics.js';
import { CommandMetrics } from './metrics/command-metrics.js';
import { DeliveryMetrics } from './metrics/delivery-metrics.js';
import { FloorMetrics } from './metrics/floor-metrics.js';
import { LogMetrics } from './metrics/log-metrics.js';
import { Meters } from './metrics/meters.js';
import { StorageMetrics } from './metrics/storage-metrics.js';
import { TroubleMetrics } from './metrics/trouble-metrics.js';
import { ReactionLag } from './reaction-lag.js';
import { TimeApart } from './time-apart.js';
import { Troubles } from './troubles.js';
import { UnplacedEvents } from './unplaced-events.js';

/** What looks at all the others, and is asked by nobody but its controllers: it belongs to the composition root. */
export const HEALTH_PARTS = [
  LogLag,
  UnplacedEvents,
  ReactionLag,
  TimeApart,
  Checks,
  Troubles,
  Meters,
  CommandMetrics,
  LogMetrics,
  DeliveryMetrics,
  ClockMetrics,
  FloorMetrics,
  StorageMetrics,
  TroubleMetrics,
];
