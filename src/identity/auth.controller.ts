import { Body, Controller, Headers, HttpCode, Ip, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Session } from '@minqing-hub/client-sdk/protocol';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { checkPayload } from '../commands/check-payload.js';
import { HubException } from '../commands/hub-exception.js';
import { RateLimits } from '../commands/rate-limits.js';
import { TakesBody } from '../commands/takes-body.js';
import type { Actor } from './actor.js';
import { AuthGuard, bearerOf, CurrentActor } from './http-auth.js';
import { Login } from './login.js';
import { networkOf } from './login-attempts.js';
import { MAX_PASSWORD_LENGTH } from './password-rules.js';

export class LoginBody {
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  username!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_PASSWORD_LENGTH)
  password!: string;
}

export class PasswordBody {
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_PASSWORD_LENGTH)
  oldPassword!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_PASSWORD_LENGTH)
  newPassword!: string;
}

@ApiTags('auth')
@Controller('api/auth')
export class AuthController {
  constructor(
    private readonly logins: Login,
    private readonly limits: RateLimits,
  ) {}

  @Post('login')
  @HttpCode(200)
  @ApiOperation({ summary: '登录，得到短期令牌' })
  @TakesBody(LoginBody)
  @ApiResponse({ status: 200, description: '{token, expiresAt, actor}' })
  @ApiResponse({ status: 401, description: '用户名或密码不对（不区分两者）' })
  @ApiResponse({ status: 429, description: '失败次数过多，或同一地址同时登录的人过多；Retry-After 为需等待的秒数' })
  async login(@Body() body: unknown, @Ip() address: string): Promise<Session> {
    this.limits.admit('login', networkOf(address));
    const { username, password } = formOf(LoginBody, body);
    return this.logins.login(username, password, address);
  }

  @Post('refresh')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({ summary: '以仍有效的令牌换取新令牌' })
  @ApiResponse({ status: 200, description: '{token, expiresAt, actor}' })
  @ApiResponse({ status: 401, description: '令牌已失效' })
  async refresh(@Headers('authorization') authorization?: string): Promise<Session> {
    const token = bearerOf(authorization);
    if (token === undefined) throw new HubException('unauthenticated', '请先登录');
    return this.logins.refresh(token);
  }

  @Post('password')
  @HttpCode(200)
  @UseGuards(AuthGuard)
  @ApiBearerAuth()
  @TakesBody(PasswordBody)
  @ApiOperation({ summary: '修改自己的密码；此前的令牌全部失效，答复中有新令牌' })
  @ApiResponse({ status: 200, description: '{token, expiresAt, actor}' })
  async changePassword(@CurrentActor() actor: Actor, @Body() body: unknown, @Ip() address: string): Promise<Session> {
    const { oldPassword, newPassword } = formOf(PasswordBody, body);
    return this.logins.changeOwnPassword(actor, oldPassword, newPassword, address);
  }
}

function formOf<T extends object>(type: new () => T, body: unknown): T {
  const checked = checkPayload(type, body);
  if (!checked.ok) throw new HubException(checked.error.code, checked.error.message, checked.error);
  return checked.value;
}
