import { Global, Module } from '@nestjs/common';
import { ClaimItem } from './commands/claim-item.js';
import { EndGrace } from './commands/end-grace.js';
import { ExpireOffer } from './commands/expire-offer.js';
import { LoseSeat } from './commands/lose-seat.js';
import { OfferItems } from './commands/offer-items.js';
import { ReturnItem } from './commands/return-item.js';
import { ReviewSeats } from './commands/review-seats.js';
import { SetPresence } from './commands/set-presence.js';
import { StartGrace } from './commands/start-grace.js';
import { Handover } from './handover.js';
import { ItemStore } from './item-store.js';
import { Matcher } from './matcher.js';
import { QueueLedger } from './queue-ledger.js';
import { QueuePolicy } from './queue-policy.js';
import { ReviewSeatsWhenRightsChanged } from './review-seats-when-rights-changed.reaction.js';
import { SeatSockets } from './seat-sockets.js';
import { SeatStore } from './seat-store.js';
import { ServingSince } from './serving-since.js';

@Global()
@Module({
  providers: [
    SetPresence,
    ClaimItem,
    ReturnItem,
    OfferItems,
    ExpireOffer,
    StartGrace,
    EndGrace,
    LoseSeat,
    ReviewSeats,
    ReviewSeatsWhenRightsChanged,
    Handover,
    ItemStore,
    SeatStore,
    QueuePolicy,
    QueueLedger,
    Matcher,
    SeatSockets,
    ServingSince,
  ],
  exports: [QueueLedger, SeatSockets],
})
export class QueuesModule {}
