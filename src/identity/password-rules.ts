import { DEFAULT_DEMO_PASSWORD } from '../config/variables.js';
import type { Refusal } from '../domain/result.js';

export const MAX_PASSWORD_LENGTH = 128;

export interface PasswordRules {
  minLength: number;
  demoPassword: string;
}

/** What a new password may not be. `undefined`: it is good enough. [ID4] */
export function weaknessOf(password: string, userId: string, rules: PasswordRules): Refusal | undefined {
  const message = weakness(password, userId, rules);
  return message === undefined ? undefined : { code: 'password_too_weak', message, clause: 'ID4' };
}

function weakness(password: string, userId: string, { minLength, demoPassword }: PasswordRules): string | undefined {
  if (password === demoPassword || password === DEFAULT_DEMO_PASSWORD) return '不能使用演示密码';
  if (password.length < minLength) return `密码至少 ${minLength} 个字符`;
  if (password.length > MAX_PASSWORD_LENGTH) return `密码最多 ${MAX_PASSWORD_LENGTH} 个字符`;
  if (password.toLowerCase().includes(userId.toLowerCase())) return '密码不能包含用户名';
  if (new Set(password).size < 4) return '密码不能只由少数几个字符重复而成';
  return undefined;
}
