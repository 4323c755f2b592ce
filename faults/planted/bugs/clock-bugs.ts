import type { CommandContext } from '../../../src/commands/command-handler.js';
import { DeadlineLedger } from '../../../src/deadlines/deadline-ledger.js';
import { Sweeper } from '../../../src/deadlines/sweeper.js';
import type { ClockChange } from '../../../src/domain/clock/clock-change.js';
import type { Deadline } from '../../../src/domain/clock/deadline.js';
import type { Order } from '../../../src/domain/order/order.js';
import { EventLog, type NewEvent, type Origin } from '../../../src/event-log/event-log.js';
import { OrderDesk } from '../../../src/orders/order-desk.js';
import type { Tx } from '../../../src/storage/unit-of-work.js';
import { oneIn, plantIn } from '../plant.js';

type Changes = ReadonlyMap<string, readonly ClockChange[]>;

const sayOverdue = (changes: Changes): boolean =>
  [...changes.values()].flat().some(({ type }) => type === 'deadline.overdue');

export const CLOCK_BUGS = {
  'signal-marked-before-raised': () => {
    const dies = oneIn(2);
    plantIn<OrderDesk, [CommandContext, readonly Order[], Changes], Promise<void>>(
      OrderDesk,
      'tellClocks',
      (right, _self, context, orders, changes) =>
        sayOverdue(changes) && dies() ? Promise.resolve() : right(context, orders, changes),
    );
  },
  'signal-twice': () => {
    plantIn<EventLog, [Tx, Origin, readonly NewEvent[]], Promise<string[]>>(
      EventLog,
      'append',
      async (right, _self, tx, origin, events) => {
        const ids = await right(tx, origin, events);
        const said = events.filter(({ type }) => type === 'deadline.overdue');
        if (said.length > 0) await right(tx, origin, said);
        return ids;
      },
    );
  },
  'signal-after-stop': () => {
    // The end of a clock is told, and its row runs on as it was.
    plantIn<DeadlineLedger, [Tx, Deadline], Promise<void>>(DeadlineLedger, 'keep', (right, _self, tx, deadline) =>
      right(
        tx,
        deadline.state === 'met' || deadline.state === 'stopped'
          ? { ...deadline, state: 'running', endedAt: null }
          : deadline,
      ),
    );
  },
  'alarms-trusted': () => {
    plantIn<Sweeper, unknown[], Promise<void>>(Sweeper, 'sweep', () => Promise.resolve());
    plantIn<Sweeper, unknown[], Promise<void>>(Sweeper, 'armNear', () => Promise.resolve());
  },
};
