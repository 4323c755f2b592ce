import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { HubException } from '../commands/hub-exception.js';
import type { Actor } from './actor.js';
import { Authentication } from './authentication.js';

interface AuthenticatedRequest {
  headers: Record<string, string | string[] | undefined>;
  actor?: Actor;
}

/**
 * Lets in who brings a token (`Authorization: Bearer …`) or the key of a source system (`X-Api-Key`).
 * @throws {HubException} `unauthenticated`
 */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(private readonly authentication: Authentication) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    request.actor = await this.actorOf(request);
    return true;
  }

  private async actorOf({ headers }: AuthenticatedRequest): Promise<Actor> {
    const token = bearerOf(headers.authorization);
    if (token !== undefined) {
      const found = await this.authentication.byToken(token);
      if (!found) throw new HubException('unauthenticated', '登录已失效，请重新登录');
      return found.actor;
    }
    const apiKey = headers['x-api-key'];
    if (typeof apiKey === 'string') {
      const actor = await this.authentication.byApiKey(apiKey);
      if (!actor) throw new HubException('unauthenticated', '接口密钥无效或已停用');
      return actor;
    }
    throw new HubException('unauthenticated', '请先登录');
  }
}

/** The token of an `Authorization` header; `undefined` when there is none of that kind. */
export function bearerOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? /^Bearer +(\S+)$/i.exec(header)?.[1] : undefined;
}

/** Who calls, in a controller behind `AuthGuard`. */
export const CurrentActor = createParamDecorator((_data: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!actor) throw new Error('CurrentActor is used without AuthGuard');
  return actor;
});
