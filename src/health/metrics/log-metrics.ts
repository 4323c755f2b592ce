import { Injectable } from '@nestjs/common';
import { Placing } from '../../event-log/placing.js';
import { SetAside } from '../../event-log/set-aside.js';
import { Tail } from '../../event-log/tail.js';
import { ReadModel } from '../../storage/unit-of-work.js';
import { LogLag } from '../log-lag.js';
import { Meters } from './meters.js';

@Injectable()
export class LogMetrics {
  constructor(meters: Meters, tail: Tail, lag: LogLag, placing: Placing, readModel: ReadModel, setAside: SetAside) {
    const measured = async (figure: 'head' | 'events' | 'seconds') => (await lag.measure())[figure];
    meters.gauge('hub_log_head', 'Place of the last event in the log, whichever node placed it', () =>
      measured('head'),
    );
    meters.gauge('hub_log_position', 'Place of the last event that this node has handed out', () => tail.position);
    meters.gauge('hub_log_lag_events', 'Events of the log that this node has not handed out', () => measured('events'));
    meters.gauge('hub_log_lag_seconds', 'For so long at least the oldest of them has waited, seconds', () =>
      measured('seconds'),
    );
    meters.gauge('hub_log_unplaced_events', 'Committed events without a place in the log; on SQLite always 0', () =>
      readModel.run((tx) => placing.waitingCount(tx)),
    );
    const help = 'Events that a reaction could not follow up and left to a person, by its name';
    meters.gauge('hub_set_aside_events', help, () => setAside.counts(), 'reaction');
  }
}
