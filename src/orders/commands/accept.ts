import { IsObject, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import type {
  CommandPayload,
  Grade,
  Kind,
  OrderResult,
  RequestLabels,
  ResponseLevel,
  Route,
  Visibility,
} from '@minqing-hub/client-sdk/protocol';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { GRADES, KINDS, RESPONSE_LEVELS, ROUTES, STABILITIES, VISIBILITIES } from '../../domain/intake/codes.js';
import { rolesFor } from '../../domain/order/transitions.js';
import type { Result } from '../../domain/result.js';
import { ListBook } from '../../lists/list-book.js';
import { OrderDesk } from '../order-desk.js';
import { Maybe, OneOf, Text, YesOrNo } from '../../commands/payload-fields.js';
import { ChangesOrder } from './on-order.js';

class LabelsPayload implements Partial<RequestLabels> {
  @Maybe()
  @YesOrNo()
  complex?: boolean;

  @Maybe()
  @YesOrNo()
  crossArea?: boolean;

  @Maybe()
  @YesOrNo()
  pressing?: boolean;

  @Maybe()
  @OneOf(STABILITIES)
  stability?: RequestLabels['stability'];
}

export class AcceptPayload extends ChangesOrder implements CommandPayload<'accept'> {
  @Maybe()
  @OneOf(KINDS)
  kind?: Kind;

  @Maybe()
  @OneOf(GRADES)
  grade?: Grade;

  @Maybe()
  @OneOf(RESPONSE_LEVELS)
  responseLevel?: ResponseLevel;

  @Maybe()
  @OneOf(ROUTES)
  route?: Route;

  @Maybe()
  @IsObject({ message: '应为一个对象' })
  @ValidateNested()
  @Type(() => LabelsPayload)
  labels?: LabelsPayload;

  @Maybe()
  @Text(64)
  catalogCode?: string;

  @Maybe()
  @Text(64)
  areaCode?: string;

  @Maybe()
  @YesOrNo()
  noPlace?: boolean;

  @Maybe()
  @OneOf(VISIBILITIES)
  visibility?: Visibility;
}

/** [T4] The centre takes the request on, classed as whoever accepts it says; the dispatch clock starts. */
@Handles('accept')
export class Accept extends CommandHandler<AcceptPayload, OrderResult> {
  readonly payload = AcceptPayload;
  readonly who = rolesFor('accept');

  constructor(
    private readonly desk: OrderDesk,
    private readonly lists: ListBook,
  ) {
    super();
  }

  async handle(payload: AcceptPayload, context: CommandContext): Promise<Result<OrderResult>> {
    const catalogueKnows = await this.catalogueKnows(payload.catalogCode, context);
    return this.desk.carryOut(context, { name: 'accept', ...payload, catalogueKnows });
  }

  private async catalogueKnows(code: string | undefined, { tx, now }: CommandContext): Promise<boolean> {
    return code === undefined || (await this.lists.catalogueItem(tx, now, code))?.active === true;
  }
}
