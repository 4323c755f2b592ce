import {
  IsBoolean,
  IsIn,
  IsLatitude,
  IsLongitude,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  NotEquals,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import type {
  CommandPayload,
  Grade,
  Kind,
  Place,
  RequestLabels,
  Requester,
  ResponseLevel,
  Route,
  Visibility,
} from '@minqing-hub/client-sdk/protocol';
import { instantOf } from '../domain/calendar/instant.js';
import {
  COORDINATE_SYSTEMS,
  GRADES,
  KINDS,
  RESPONSE_LEVELS,
  ROUTES,
  STABILITIES,
  VISIBILITIES,
} from '../domain/intake/codes.js';
import { isIdNumber } from '../domain/intake/id-number.js';
import { isPhoneNumber } from '../domain/intake/phone-number.js';

export const TITLE_LENGTH = 200;
export const TEXT_LENGTH = 10_000;

/** The source of what a seat types, which no other may call itself; its id is then the actor's and the command's. */
export const SEAT = 'seat';

/** A text field that a check of the rule book judges. */
const Judged = (name: string, judge: (text: string) => boolean, message: string) =>
  ValidateBy({
    name,
    validator: { validate: (value) => typeof value === 'string' && judge(value), defaultMessage: () => message },
  });

const IsPhone = () => Judged('isPhone', isPhoneNumber, '电话号码格式不对：应为手机号、带区号的固定电话或服务热线');
const IsPersonId = () => Judged('isPersonId', isIdNumber, '身份证号码不对：应为18位，且校验码正确');
const IsInstant = () =>
  Judged(
    'isInstant',
    (text) => instantOf(text) !== undefined,
    '时间应写作带时区的 ISO 8601，如 2026-11-21T08:00:00+08:00',
  );
const HasWords = () => Judged('hasWords', (text) => text.trim() !== '', '不能为空');
const MaxChars = (limit: number) => MaxLength(limit, { message: `不能超过 ${limit} 个字` });
const OneOf = (values: readonly string[]) => IsIn(values, { message: `应为 ${values.join('、')} 之一` });

class LabelsPayload implements Partial<RequestLabels> {
  @IsOptional()
  @IsBoolean({ message: '应为 true 或 false' })
  complex?: boolean;

  @IsOptional()
  @IsBoolean({ message: '应为 true 或 false' })
  crossArea?: boolean;

  @IsOptional()
  @IsBoolean({ message: '应为 true 或 false' })
  pressing?: boolean;

  @IsOptional()
  @OneOf(STABILITIES)
  stability?: RequestLabels['stability'];
}

class RequesterPayload implements Requester {
  @IsOptional()
  @IsString()
  @MaxChars(60)
  @HasWords()
  name?: string;

  @IsOptional()
  @IsPhone()
  phone?: string;

  @IsOptional()
  @IsPersonId()
  idNumber?: string;
}

class PlacePayload implements Place {
  @IsOptional()
  @IsString()
  @MaxChars(64)
  @HasWords()
  areaCode?: string;

  @IsOptional()
  @IsString()
  @MaxChars(300)
  @HasWords()
  address?: string;

  @ValidateIf((place: PlacePayload) => isGiven(place.lat) || isGiven(place.lng))
  @IsLatitude({ message: '纬度应在 -90 到 90 之间，并与经度同时提供' })
  @IsNumeric()
  lat?: number;

  @ValidateIf((place: PlacePayload) => isGiven(place.lat) || isGiven(place.lng))
  @IsLongitude({ message: '经度应在 -180 到 180 之间，并与纬度同时提供' })
  @IsNumeric()
  lng?: number;

  @IsOptional()
  @OneOf(COORDINATE_SYSTEMS)
  crs?: Place['crs'];
}

function IsNumeric() {
  return ValidateBy({
    name: 'isNumeric',
    validator: { validate: (value) => typeof value === 'number', defaultMessage: () => '应为数字' },
  });
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** A request as it comes in: the body of `POST /api/intake/requests`, a line of a batch, and what a seat types. */
export class RegisterPayload implements CommandPayload<'register'> {
  @ValidateIf((payload: RegisterPayload) => isGiven(payload.source) || isGiven(payload.sourceId))
  @NotEquals(SEAT, { message: '这个来源系统编号为坐席所用' })
  @Matches(/^[A-Za-z0-9][\w.:-]{0,63}$/, { message: '来源系统编号应为1到64个字母、数字或 _ . : -' })
  @IsString({ message: '应为文字，并与 sourceId 同时提供' })
  source?: string;

  @ValidateIf((payload: RegisterPayload) => isGiven(payload.source) || isGiven(payload.sourceId))
  @IsString({ message: '应为文字，并与 source 同时提供' })
  @Matches(/^[^\s\p{C}](?:[^\p{C}]{0,126}[^\s\p{C}])?$/u, { message: '来源编号应为1到128个字，首尾不能是空白' })
  sourceId?: string;

  /** The telephone call in which it is said; its seat alone may name it. [CT5] */
  @IsOptional()
  @IsString({ message: '应为通话编号' })
  @MaxChars(128)
  @HasWords()
  callId?: string;

  @ValidateIf((payload: RegisterPayload) => isGiven(payload.channel) || !isGiven(payload.callId))
  @IsString({ message: '应为渠道编号' })
  @MaxChars(32)
  @IsNotEmpty({ message: '不能为空' })
  channel?: string;

  @IsString({ message: '应为文字' })
  @MaxChars(TITLE_LENGTH)
  @HasWords()
  title!: string;

  @IsString({ message: '应为文字' })
  @MaxChars(TEXT_LENGTH)
  @HasWords()
  text!: string;

  @IsOptional()
  @OneOf(KINDS)
  kind?: Kind;

  @IsOptional()
  @OneOf(GRADES)
  grade?: Grade;

  @IsOptional()
  @OneOf(RESPONSE_LEVELS)
  responseLevel?: ResponseLevel;

  @IsOptional()
  @OneOf(ROUTES)
  route?: Route;

  @IsOptional()
  @IsObject({ message: '应为一个对象' })
  @ValidateNested()
  @Type(() => LabelsPayload)
  labels?: LabelsPayload;

  @IsOptional()
  @IsString({ message: '应为文字' })
  @MaxChars(64)
  @HasWords()
  catalogCode?: string;

  @IsOptional()
  @IsInstant()
  occurredAt?: string;

  @IsOptional()
  @IsInstant()
  collectedAt?: string;

  @IsOptional()
  @IsString({ message: '应为文字' })
  @MaxChars(60)
  @HasWords()
  filedBy?: string;

  @IsOptional()
  @IsObject({ message: '应为一个对象' })
  @ValidateNested()
  @Type(() => RequesterPayload)
  requester?: RequesterPayload;

  @IsOptional()
  @IsObject({ message: '应为一个对象' })
  @ValidateNested()
  @Type(() => PlacePayload)
  place?: PlacePayload;

  @IsOptional()
  @OneOf(VISIBILITIES)
  visibility?: Visibility;

  /** A code of the plan of skills. */
  @IsOptional()
  @IsString({ message: '应为文字' })
  @MaxChars(32)
  dialect?: string;
}
