import type { OrderCard } from '@minqing-hub/client-sdk/protocol';
import { Policy } from '../config/policy.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';

/** [T13] [T12] [EX3] What the rule book does when nobody did it in time. Whether it still has to be done the order says. */
@Reacts('act-when-clock-ran-out')
export class ActWhenClockRanOut extends Reaction {
  readonly on = ['deadline.overdue'] as const;

  constructor(private readonly policy: Policy) {
    super();
  }

  async commandsFor({ data, card }: LoggedEvent): Promise<ReactionCommand[]> {
    const { orderNo, clock, signal } = data;
    if (signal !== 'overdue') return [];
    if (clock === 'ACK' && this.policy.choice('ack.atBreach') === 'acknowledge') {
      return [{ name: 'autoAcknowledge', payload: { orderNo } }];
    }
    if (clock === 'ARBITRATION' && this.policy.choice('arbitration.atBreach') === 'first_receiver') {
      return [{ name: 'leaveToFirstReceiver', payload: { orderNo } }];
    }
    if (clock === 'HANDLING' && asksForTime(card as OrderCard | null)) {
      return [{ name: 'lapseRequest', payload: { orderNo } }];
    }
    return [];
  }
}

/** As the order stood then; what comes later comes too late anyhow. */
const asksForTime = (card: OrderCard | null): boolean => card?.awaits === 'extension' || card?.awaits === 'suspension';
