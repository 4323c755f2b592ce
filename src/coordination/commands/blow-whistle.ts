import type { CommandPayload, WhistleResult, WhistleType } from '@minqing-hub/client-sdk/protocol';
import { ArrayMaxSize, IsArray, Matches } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { Maybe, OneOf, ReasonCode, Ref, Text, UnitId, UnitIds } from '../../commands/payload-fields.js';
import { seriesOf } from '../../domain/intake/numbering.js';
import type { Result } from '../../domain/result.js';
import { rolesFor } from '../../domain/whistle/transitions.js';
import { NumberSeries } from '../../intake/number-series.js';
import { OrderBook } from '../../orders/order-book.js';
import { WhistleDesk } from '../whistle-desk.js';

const MOST_ORDERS = 100;

export class BlowWhistlePayload implements CommandPayload<'blowWhistle'> {
  @OneOf(['key_problem', 'joint_enforcement', 'emergency'] satisfies WhistleType[])
  type!: WhistleType;

  @ReasonCode()
  basisCode!: string;

  @Text()
  basis!: string;

  @Maybe()
  @Matches(/^GD\d{8}-\d{6,12}$/, { each: true, message: '应为工单编号' })
  @ArrayMaxSize(MOST_ORDERS, { message: `不能多于 ${MOST_ORDERS} 件工单` })
  @IsArray({ message: '应为列表' })
  orderNos?: string[];

  @Maybe()
  @Text()
  finding?: string;

  @Maybe()
  @Ref('区域编码')
  areaCode?: string;

  @UnitIds()
  unitIds!: string[];

  @Maybe()
  @UnitId()
  leadUnitId?: string;
}

/** [W1] What is beyond the blower's own powers: departments are called. */
@Handles('blowWhistle')
export class BlowWhistle extends CommandHandler<BlowWhistlePayload, WhistleResult> {
  readonly payload = BlowWhistlePayload;
  readonly who = rolesFor('blowWhistle');

  constructor(
    private readonly desk: WhistleDesk,
    private readonly orders: OrderBook,
    private readonly numbers: NumberSeries,
  ) {
    super();
  }

  async handle(payload: BlowWhistlePayload, context: CommandContext): Promise<Result<WhistleResult>> {
    const { tx, now } = context;
    const { orderNos = [], areaCode = null, basis, finding, ...rest } = payload;
    const leadUnitId = payload.leadUnitId ?? (await this.leadOf(payload, context));
    const [whistleNo] = await this.numbers.next(tx, seriesOf('WS', now));
    const command = { ...rest, whistleNo: whistleNo!, orderNos: [...new Set(orderNos)], areaCode, basis, leadUnitId };
    return this.desk.carryOut(context, { name: 'blowWhistle', ...command, ...(finding !== undefined && { finding }) }, [
      { type: 'basis', text: basis },
      ...(finding === undefined ? [] : [{ type: 'finding' as const, text: finding }]),
    ]);
  }

  /** [A7] Who leads the first order, if it is among those that are called. */
  private async leadOf({ orderNos = [], unitIds }: BlowWhistlePayload, { tx }: CommandContext): Promise<string | null> {
    const lead = orderNos[0] === undefined ? null : await this.orders.leadUnitId(tx, orderNos[0]);
    return lead !== null && unitIds.includes(lead) ? lead : null;
  }
}
