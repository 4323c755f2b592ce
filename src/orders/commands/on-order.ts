import { ExpectedVersion, Maybe, OrderNo } from '../../commands/payload-fields.js';

/** Payload of a command on one order. */
export class OnOrder {
  @OrderNo()
  orderNo!: string;
}

/** Payload of a command that changes an order's state. */
export class ChangesOrder extends OnOrder {
  @ExpectedVersion()
  expectedVersion!: number;
}

/** Payload of a command that adds to an order: the version need not be known, but counts when it is given. */
export class AddsToOrder extends OnOrder {
  @Maybe()
  @ExpectedVersion()
  expectedVersion?: number;
}
