import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { CitizenNotice } from '@minqing-hub/client-sdk/protocol';
import { HubException } from '../commands/hub-exception.js';
import type { Actor } from '../identity/actor.js';
import { AuthGuard, CurrentActor } from '../identity/http-auth.js';
import { OrderBook } from '../orders/order-book.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { NoticeStore } from './notice-store.js';

/** What the requester of an order was told, for who reads the order. [NT6] */
@ApiTags('orders')
@ApiBearerAuth()
@ApiSecurity('apiKey')
@UseGuards(AuthGuard)
@Controller('api')
export class NoticesController {
  constructor(
    private readonly readModel: ReadModel,
    private readonly orders: OrderBook,
    private readonly store: NoticeStore,
  ) {}

  @Get('orders/:orderNo/notices')
  @ApiOperation({ summary: '一件工单告知诉求人的消息及其发送情况，旧的在前' })
  @ApiResponse({ status: 404, description: 'order_not_found：没有，或无权查看' })
  of(@CurrentActor() actor: Actor, @Param('orderNo') orderNo: string): Promise<CitizenNotice[]> {
    return this.readModel.run(async (tx) => {
      if (!(await this.orders.mayRead(tx, actor, orderNo))) {
        throw new HubException('order_not_found', '没有这件工单，或您无权查看', { field: 'orderNo' });
      }
      const notices = await this.store.ofOrder(tx, orderNo);
      return notices.map(({ noticeId, template, text, createdAt, state, attempts, sentAt, failure }) => ({
        ...{ noticeId, template, text, createdAt, state, attempts, sentAt, failure },
      }));
    });
  }
}
