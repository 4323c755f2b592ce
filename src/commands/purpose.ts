import { applyDecorators } from '@nestjs/common';
import { IsString, Matches, MaxLength } from 'class-validator';

/** [DG1] What somebody wants to see personal data for: a field of a command's payload. */
export const Purpose = () =>
  applyDecorators(
    IsString({ message: '请说明查看的用途' }),
    Matches(/^\s*\S[^]{3,198}\S\s*$/u, { message: '用途应为5到200个字' }),
    MaxLength(200, { message: '用途应为5到200个字' }),
  );
