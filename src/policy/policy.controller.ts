import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Actor, PolicyDetail, PolicyHistoryEntry } from '@minqing-hub/client-sdk/protocol';
import { HubException } from '../commands/hub-exception.js';
import { isPolicyKey } from '../config/policy.js';
import { POLICY_HISTORY_READERS } from '../domain/policy/policy-rights.js';
import { hasRole } from '../identity/actor.js';
import { AuthGuard, CurrentActor } from '../identity/http-auth.js';
import { unknownKeyText } from './policy-fields.js';
import { PolicyReading } from './policy-reading.js';

/** What the city has decided, for everybody; who decided it and why, for who watches over it. [PC5] */
@ApiTags('policy')
@ApiBearerAuth()
@UseGuards(AuthGuard)
@Controller('api/policy')
export class PolicyController {
  constructor(private readonly reading: PolicyReading) {}

  @Get()
  @ApiOperation({ summary: '各项政策的现行值、含义、取值范围和计划中的变更' })
  all(): Promise<PolicyDetail[]> {
    return this.reading.all();
  }

  @Get(':key/history')
  @ApiOperation({ summary: '一项政策的历次变更：何人、何时、为何、改前、改后' })
  @ApiResponse({ status: 404, description: 'policy_key_unknown：没有这项政策' })
  history(@CurrentActor() actor: Actor, @Param('key') key: string): Promise<PolicyHistoryEntry[]> {
    if (!hasRole(actor, POLICY_HISTORY_READERS)) throw new HubException('forbidden', '您没有查看政策变更记录的权限');
    if (!isPolicyKey(key)) throw new HubException('policy_key_unknown', unknownKeyText(key), { field: 'key' });
    return this.reading.history(key);
  }
}
