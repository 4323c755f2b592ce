import { applyDecorators } from '@nestjs/common';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { dayFrom } from '../domain/calendar/day.js';
import { instantOf } from '../domain/calendar/instant.js';
import { PLAIN_CODE } from '../domain/plain-code.js';

/** May be left out; `null` counts as left out. */
export const Maybe = () =>
  applyDecorators(
    IsOptional(),
    Transform(({ value }: { value: unknown }) => value ?? undefined),
  );

const NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/** A number or code that the hub or a list gave to something; whether there is such a thing is seen later. */
export const Ref = (what: string) => Matches(NAME, { message: `应为${what}` });

export const OrderNo = () => Ref('工单编号');
export const UnitId = () => Ref('单位编号');
export const WhistleNo = () => Ref('哨单编号');
export const TaskId = () => Ref('任务编号');
export const UserId = () => Ref('人员编号');

export const UnitIds = () =>
  applyDecorators(
    Matches(NAME, { each: true, message: '应为单位编号' }),
    ArrayMaxSize(20, { message: '不能多于 20 个单位' }),
    IsArray({ message: '应为列表' }),
  );

/** The version of the order, or the whistle, that the caller saw. */
export const ExpectedVersion = (of = '工单') =>
  applyDecorators(Min(1, { message: `应为${of}的版本号` }), IsInt({ message: `应为${of}的版本号` }));

/** A mark from 1 to 5. */
export const Mark = () =>
  applyDecorators(
    Max(5, { message: '应为 1 到 5 的整数' }),
    Min(1, { message: '应为 1 到 5 的整数' }),
    IsInt({ message: '应为 1 到 5 的整数' }),
  );

/** Each checked as `type` says; at most `most`. */
export const ListOf = (type: new () => object, most: number) =>
  applyDecorators(
    IsArray({ message: '应为列表' }),
    ArrayMaxSize(most, { message: `不能多于 ${most} 项` }),
    ValidateNested({ each: true }),
    Type(() => type),
  );

/** A code that nothing in the hub knows: the log keeps it, so it must not hold more than a code. [DG6] */
export const Code = (what: string) =>
  Matches(PLAIN_CODE, { message: `应为${what}：字母、数字和 _ . : -，不能含姓名、电话等个人信息` });

/** A word of some coded list (`out_of_scope`), not a sentence. */
export const ReasonCode = () => applyDecorators(MaxLength(40, { message: '不能超过 40 个字' }), Code('理由代码'));

/** What people write: something, but no novel. */
export const Text = (limit = 4000) =>
  applyDecorators(
    Matches(/\S/u, { message: '不能为空' }),
    MaxLength(limit, { message: `不能超过 ${limit} 个字` }),
    IsString({ message: '应为文字' }),
  );

/** Why something is not done: a few words at least, no novel. */
export const ShortReason = () =>
  applyDecorators(
    Matches(/\S\s*\S/u, { message: '至少 2 个字' }),
    MaxLength(500, { message: '不能超过 500 个字' }),
    IsString({ message: '应为文字' }),
  );

export const OneOf = (values: readonly string[]) => IsIn(values, { message: `应为 ${values.join('、')} 之一` });

/** A number of whole hours or days. */
export const Amount = () =>
  applyDecorators(
    Max(10_000, { message: '应为 1 到 10000 的整数' }),
    Min(1, { message: '应为 1 到 10000 的整数' }),
    IsInt({ message: '应为 1 到 10000 的整数' }),
  );

/** A day in Shanghai, which counts to its 24:00. */
export const LastDay = () =>
  ValidateBy({
    name: 'isDay',
    validator: {
      validate: (value) => typeof value === 'string' && dayFrom(value) !== undefined,
      defaultMessage: () => '应为存在的日期，如 2026-11-21',
    },
  });

export const YesOrNo = () => IsBoolean({ message: '应为 true 或 false' });

export const Instant = () =>
  ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value) => typeof value === 'string' && instantOf(value) !== undefined,
      defaultMessage: () => '时间应写作带时区的 ISO 8601，如 2026-11-21T08:00:00+08:00',
    },
  });
