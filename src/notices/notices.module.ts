import { Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { CitizenGateway, NoCitizenGateway } from './citizen-gateway.js';
import { QueueNotice } from './commands/queue-notice.js';
import { RecordNotice } from './commands/record-notice.js';
import { SendNotice } from './commands/send-notice.js';
import { TakeUpNotices } from './commands/take-up-notices.js';
import { HttpCitizenGateway } from './http-citizen-gateway.js';
import { NoticeDesk } from './notice-desk.js';
import { NoticePolicy } from './notice-policy.js';
import { NoticeSender } from './notice-sender.js';
import { NoticeStore } from './notice-store.js';
import { NoticesController } from './notices.controller.js';
import { TellRequesterWhenOrderMoved } from './tell-requester-when-order-moved.reaction.js';

/** Requesters are told what becomes of their request. */
@Module({
  controllers: [NoticesController],
  providers: [
    NoticePolicy,
    {
      provide: CitizenGateway,
      inject: [Settings, NoticePolicy],
      useFactory: ({ citizenGateway }: Settings, policy: NoticePolicy): CitizenGateway =>
        citizenGateway ? new HttpCitizenGateway(citizenGateway, () => policy.timeoutMs) : new NoCitizenGateway(),
    },
    NoticeStore,
    NoticeDesk,
    NoticeSender,
    QueueNotice,
    SendNotice,
    RecordNotice,
    TakeUpNotices,
    TellRequesterWhenOrderMoved,
  ],
})
export class NoticesModule {}
