import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { CallbackDetail } from '@minqing-hub/client-sdk/protocol';
import { HubException } from '../commands/hub-exception.js';
import { maskPhone } from '../domain/access/mask.js';
import type { Actor } from '../identity/actor.js';
import { AuthGuard, CurrentActor } from '../identity/http-auth.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { CallbackStore } from './callback-store.js';
import { Callees } from './callees.js';

/** What who calls somebody back has to know. [CB5] */
@ApiTags('telephony')
@ApiBearerAuth()
@UseGuards(AuthGuard)
@Controller('api')
export class CallbacksController {
  constructor(
    private readonly readModel: ReadModel,
    private readonly callees: Callees,
    private readonly store: CallbackStore,
  ) {}

  @Get('callbacks/:callbackId')
  @ApiOperation({ summary: '手中的一项回拨，号码已脱敏' })
  @ApiResponse({ status: 404, description: 'callback_not_found：没有，或不在您手中' })
  async detail(@CurrentActor() actor: Actor, @Param('callbackId') callbackId: string): Promise<CallbackDetail> {
    return this.readModel.run(async (tx) => {
      const found = await this.callees.known({ tx, actor }, callbackId);
      if (!found.ok) throw new HubException(found.error.code, found.error.message, found.error);
      const { cause, orderNo, callId, dueAt, reason } = found.value;
      const phone = await this.callees.phone(tx, found.value);
      const attempts = await this.store.attempts(tx, callbackId);
      return { callbackId, cause, orderNo, callId, phone: phone && maskPhone(phone), dueAt, reason, attempts };
    });
  }
}
