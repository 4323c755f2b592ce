import { applyDecorators } from '@nestjs/common';
import { IsString, Length, Matches, MaxLength } from 'class-validator';
import { meantKey } from '../config/policy.js';

/** Why it is set or withdrawn: a few words at least, no novel. */
export const Reason = () =>
  applyDecorators(
    Matches(/\S\s*\S/u, { message: '至少 2 个字' }),
    MaxLength(500, { message: '不能超过 500 个字' }),
    IsString({ message: '应为文字' }),
  );

export const PolicyKeyText = () => applyDecorators(Length(1, 64, { message: '应为政策的名称' }), IsString());

/** [PC2] */
export function unknownKeyText(key: string): string {
  const meant = meantKey(key);
  return `没有这项政策${meant ? `，是否指 ${meant}` : ''}`;
}
