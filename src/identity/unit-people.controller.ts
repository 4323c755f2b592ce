import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { UnitPerson } from '@minqing-hub/client-sdk/protocol';
import { HubException } from '../commands/hub-exception.js';
import type { Actor } from './actor.js';
import { AuthGuard, CurrentActor } from './http-auth.js';
import { UnitPeople } from './unit-people.js';

@ApiTags('units')
@ApiBearerAuth()
@UseGuards(AuthGuard)
@Controller('api/units')
export class UnitPeopleController {
  constructor(private readonly people: UnitPeople) {}

  @Get(':unitId/people')
  @ApiOperation({ summary: '本单位及下级单位在用的办理人；只对本单位及其上级单位的人员' })
  @ApiResponse({ status: 200, description: '[{userId, name}]' })
  @ApiResponse({ status: 404, description: 'not_found：没有这个单位，或无权查看' })
  async handlers(@CurrentActor() actor: Actor, @Param('unitId') unitId: string): Promise<UnitPerson[]> {
    const found = await this.people.handlers(actor, unitId);
    if (!found) throw new HubException('not_found', '没有这个单位，或您无权查看', { field: 'unitId' });
    return found;
  }
}
