import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { CallerHistory, OrderDetail, OrderPage, TrailEntry } from '@minqing-hub/client-sdk/protocol';
import { checkPayload } from '../../commands/check-payload.js';
import { HubException } from '../../commands/hub-exception.js';
import { TakesBody } from '../../commands/takes-body.js';
import { isPhoneNumber } from '../../domain/intake/phone-number.js';
import type { Result } from '../../domain/result.js';
import { type Actor, hasRole } from '../../identity/actor.js';
import { AuthGuard, CurrentActor } from '../../identity/http-auth.js';
import { CallerOrders, MAY_ASK_FOR_CALLERS } from './caller-orders.js';
import { orderQueryOf } from './order-query.js';
import { OrderReading } from './order-reading.js';
import { OrderSearch } from './order-search.js';

class CallerPayload {
  @IsString({ message: '应为电话号码' })
  @MaxLength(32, { message: '应为电话号码' })
  phone!: string;

  @IsOptional()
  @IsString({ message: '应为区域编码' })
  @MaxLength(64, { message: '应为区域编码' })
  areaCode?: string;
}

/** Orders as their readers see them: what a caller may not see does not exist for them [I6]. */
@ApiTags('orders')
@ApiBearerAuth()
@ApiSecurity('apiKey')
@UseGuards(AuthGuard)
@Controller('api')
export class OrdersController {
  constructor(
    private readonly search: OrderSearch,
    private readonly reading: OrderReading,
    private readonly callers: CallerOrders,
  ) {}

  @Get('orders')
  @ApiOperation({ summary: '工单列表，新的在前；只含本人可见的' })
  @ApiQuery({ name: 'state', required: false, description: '一个或多个状态，以逗号分隔' })
  @ApiQuery({ name: 'unitId', required: false, description: '主办、协办或其上级单位' })
  @ApiQuery({ name: 'channel', required: false })
  @ApiQuery({ name: 'from', required: false, description: '登记时间起（含），日期或 ISO 8601' })
  @ApiQuery({ name: 'to', required: false, description: '登记时间止：日期含当日，时间不含' })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiQuery({ name: 'limit', required: false, description: '1到200，默认50' })
  @ApiResponse({ status: 200, description: '{items, next, total}；超过一万件时以 totalAtLeast 代替 total' })
  list(@CurrentActor() actor: Actor, @Query() query: Record<string, unknown>): Promise<OrderPage> {
    return this.search.page(actor, taken(orderQueryOf(query)));
  }

  @Get('orders/:orderNo')
  @ApiOperation({ summary: '一件工单，个人信息已脱敏' })
  @ApiResponse({ status: 404, description: 'order_not_found：没有，或无权查看' })
  async detail(@CurrentActor() actor: Actor, @Param('orderNo') orderNo: string): Promise<OrderDetail> {
    return found(await this.reading.detail(actor, orderNo));
  }

  @Get('orders/:orderNo/trail')
  @ApiOperation({ summary: '一件工单的全程留痕，旧的在前' })
  @ApiResponse({ status: 404, description: 'order_not_found：没有，或无权查看' })
  async trail(@CurrentActor() actor: Actor, @Param('orderNo') orderNo: string): Promise<TrailEntry[]> {
    return found(await this.reading.trail(actor, orderNo));
  }

  @Post('callers/history')
  @HttpCode(200)
  @ApiOperation({ summary: '来电人此前的工单，与其周边近期的工单' })
  @TakesBody(CallerPayload)
  async history(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<CallerHistory> {
    if (!hasRole(actor, MAY_ASK_FOR_CALLERS)) throw new HubException('forbidden', '您没有查询来电人的权限');
    const { phone, areaCode } = taken(checkPayload(CallerPayload, body));
    if (!isPhoneNumber(phone)) throw new HubException('payload_invalid', '电话号码格式不对', { field: 'phone' });
    return this.callers.of(actor, phone, areaCode);
  }
}

function found<T>(value: T | undefined): T {
  if (value === undefined)
    throw new HubException('order_not_found', '没有这件工单，或您无权查看', { field: 'orderNo' });
  return value;
}

function taken<T>(result: Result<T>): T {
  if (!result.ok) throw new HubException(result.error.code, result.error.message, result.error);
  return result.value;
}
