import { ExpectedVersion, Maybe, WhistleNo } from '../../commands/payload-fields.js';

/** Payload of a command on one whistle. */
export class OnWhistle {
  @WhistleNo()
  whistleNo!: string;
}

/** Payload of a command that changes how a whistle stands. */
export class ChangesWhistle extends OnWhistle {
  @ExpectedVersion('哨单')
  expectedVersion!: number;
}

/** Payload of a command that adds to a whistle: the version need not be known, but counts when it is given. */
export class AddsToWhistle extends OnWhistle {
  @Maybe()
  @ExpectedVersion('哨单')
  expectedVersion?: number;
}
