import type { Actor } from '@minqing-hub/client-sdk/protocol';
import type { Deadline } from '../clock/deadline.js';
import type { UnitTree } from '../lists/unit-tree.js';
import type { Refusal } from '../result.js';
import type { OrderCommand, OrderCommandName } from './order-command.js';
import type { OrderPolicy } from './order-policy.js';
import type { Order } from './order.js';

/** What a decision rests on besides the order and the command. */
export interface Circumstances {
  actor: Actor;
  /** ms UTC */
  now: number;
  /** Every clock that the order ever had. */
  deadlines: readonly Deadline[];
  units: UnitTree;
  listVersions: Record<string, number>;
  policy: OrderPolicy;
  /** The seat that holds the order's item of the queue it stands in. */
  holderSeatId: string | null;
  /** The seat to which that item is offered at this moment. */
  offeredSeatId: string | null;
}

export interface Situation<N extends OrderCommandName = OrderCommandName> extends Circumstances {
  order: Order;
  command: OrderCommand<N>;
}

/** Says why not, or nothing. */
export type Guard<N extends OrderCommandName = OrderCommandName> = (situation: Situation<N>) => Refusal | undefined;
