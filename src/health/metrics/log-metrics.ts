import { Injectable } from '@nestjs/common';
import { SetAside } from '../../event-log/set-aside.js';
import { Tail } from '../../event-log/tail.js';
import { LogLag } from '../log-lag.js';
import { ReactionLag } from '../reaction-lag.js';
import { UnplacedEvents } from '../unplaced-events.js';
import { Meters } from './meters.js';

@Injectable()
export class LogMetrics {
  constructor(
    meters: Meters,
    tail: Tail,
    lag: LogLag,
    unplaced: UnplacedEvents,
    reactionLag: ReactionLag,
    setAside: SetAside,
  ) {
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
      unplaced.count(),
    );
    meters.gauge('hub_log_unplaced_seconds', 'For so long at least the oldest of them has waited, seconds', () =>
      unplaced.waitedSeconds(),
    );
    const reactions = async (figure: 'events' | 'heldUpSeconds') =>
      [...(await reactionLag.measure())].map(([name, behind]) => [name, behind[figure]] as const);
    const behind = 'Events of the log behind the place that a reaction keeps, by its name';
    meters.gauge('hub_reaction_behind_events', behind, () => reactions('events'), 'reaction');
    const heldUp = 'For so long this node has been at the same events for a reaction, by its name, seconds';
    meters.gauge('hub_reaction_held_up_seconds', heldUp, () => reactions('heldUpSeconds'), 'reaction');
    const help = 'Events that a reaction could not follow up and left to a person, by its name';
    meters.gauge('hub_set_aside_events', help, () => setAside.counts(), 'reaction');
  }
}
