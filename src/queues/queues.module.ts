import { Global, Module } from '@nestjs/common';
import { ClaimItem } from './commands/claim-item.js';
import { EndWrapUp } from './commands/end-wrap-up.js';
import { ExpireOffer } from './commands/expire-offer.js';
import { ForceAssign } from './commands/force-assign.js';
import { LoseSeat } from './commands/lose-seat.js';
import { OfferItems } from './commands/offer-items.js';
import { ReorderQueues } from './commands/reorder-queues.js';
import { ReturnItem } from './commands/return-item.js';
import { ReviewSeats } from './commands/review-seats.js';
import { SetPresence } from './commands/set-presence.js';
import { SetSkills } from './commands/set-skills.js';
import { TakeBack } from './commands/take-back.js';
import { TellSockets } from './commands/tell-sockets.js';
import { FreeSeats } from './free-seats.js';
import { Handover } from './handover.js';
import { HubNode } from './hub-node.js';
import { ItemStore } from './item-store.js';
import { Listening } from './listening.js';
import { Matcher } from './matcher.js';
import { OfferPlan } from './offer-plan.js';
import { QueueLedger } from './queue-ledger.js';
import { QueuePolicy } from './queue-policy.js';
import { ReorderQueuesWhenPatienceChanged } from './reorder-queues-when-patience-changed.reaction.js';
import { ReviewSeatsWhenRightsChanged } from './review-seats-when-rights-changed.reaction.js';
import { SeatChanges } from './seat-changes.js';
import { SeatLedger } from './seat-ledger.js';
import { SeatPolicy } from './seat-policy.js';
import { SeatSockets } from './seat-sockets.js';
import { SeatStore } from './seat-store.js';
import { ServingSince } from './serving-since.js';
import { SocketStore } from './socket-store.js';

@Global()
@Module({
  providers: [
    SetPresence,
    ClaimItem,
    ReturnItem,
    ForceAssign,
    TakeBack,
    SetSkills,
    OfferItems,
    ExpireOffer,
    TellSockets,
    EndWrapUp,
    LoseSeat,
    ReviewSeats,
    ReviewSeatsWhenRightsChanged,
    ReorderQueues,
    ReorderQueuesWhenPatienceChanged,
    Handover,
    ItemStore,
    SeatStore,
    QueuePolicy,
    FreeSeats,
    OfferPlan,
    QueueLedger,
    Matcher,
    SeatLedger,
    SeatChanges,
    Listening,
    HubNode,
    SocketStore,
    SeatPolicy,
    SeatSockets,
    ServingSince,
  ],
  exports: [QueueLedger, SeatLedger, SeatSockets, HubNode],
})
export class QueuesModule {}
