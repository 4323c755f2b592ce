import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { ErrorCode, Problem } from '@minqing-hub/client-sdk/protocol';
import { StorageUnavailable } from '../storage/unit-of-work.js';
import { HTTP_STATUS } from './http-status.js';
import { HubException } from './hub-exception.js';
import { OUT_OF_REACH } from './out-of-reach.js';

interface HttpResponse {
  headersSent: boolean;
  status(code: number): HttpResponse;
  type(name: string): HttpResponse;
  setHeader(name: string, value: string): void;
  json(body: unknown): void;
  destroy(): void;
}

/** What the framework and the body parser throw, in our own words. */
const FRAMEWORK: Record<number, [ErrorCode, string]> = {
  400: ['payload_malformed', '内容格式不对'],
  401: ['unauthenticated', '请先登录'],
  403: ['forbidden', '您没有办理这件事的权限'],
  404: ['not_found', '没有这个地址'],
  405: ['not_found', '没有这个地址'],
  413: ['payload_too_large', '内容超过允许的大小'],
  415: ['payload_malformed', '不支持这种内容类型'],
  429: ['too_many_requests', '请求过于频繁，请稍后再试'],
};

/** Every HTTP error leaves as RFC 9457 `application/problem+json`: a stable code, a Chinese sentence, never a stack, never the input. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<HttpResponse>();
    const problem = this.problemOf(error);
    // A stream that had begun cannot turn into an error any more; cutting it tells the reader that it is not whole.
    if (response.headersSent) return response.destroy();
    if (error instanceof HubException && error.retryAfterSeconds !== undefined) {
      response.setHeader('Retry-After', String(error.retryAfterSeconds));
    }
    response.status(problem.status).type('application/problem+json').json(problem);
  }

  private problemOf(error: unknown): Problem {
    if (error instanceof HubException) return problem(HTTP_STATUS[error.error.code], error.error);
    if (error instanceof StorageUnavailable) return problem(HTTP_STATUS.unavailable, OUT_OF_REACH);
    const status = error instanceof HttpException ? error.getStatus() : ((error as { status?: unknown }).status ?? 500);
    const known = typeof status === 'number' ? FRAMEWORK[status] : undefined;
    if (known && typeof status === 'number') return problem(status, { code: known[0], message: known[1] });

    const incident = randomUUID();
    this.log.error({ message: 'a request failed', incident }, error);
    return problem(500, {
      code: 'internal',
      message: `系统内部出错，请稍后重试；如再次出现，请报告编号 ${incident}`,
      incident,
    });
  }
}

const problem = (status: number, error: Omit<Problem, 'type' | 'title' | 'status'>): Problem => ({
  type: 'about:blank',
  title: error.message,
  status,
  ...error,
});
