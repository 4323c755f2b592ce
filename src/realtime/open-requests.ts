import { Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HubException } from '../commands/hub-exception.js';

/**
 * Its answer streams for as long as lines come, for hours perhaps; its source sends those without an answer again. All
 * others end by themselves.
 */
const ENDLESS = /^\/api\/intake\/batch\b/i;
/** In which a proxy has another node, or this one is back. */
const COME_AGAIN_S = 1;

/** The requests over HTTP that have come and are not answered, so that a hub that ends knows what it has begun. [LD7] */
@Injectable()
export class OpenRequests {
  private readonly open = new Map<ServerResponse, Promise<void>>();
  private closing = false;

  /** Before everything else that a request meets. */
  admit(request: IncomingMessage, response: ServerResponse, next: (refusal?: HubException) => void): void {
    if (this.closing) lastOnItsLine(response);
    if (!ENDLESS.test(request.url ?? '')) this.follow(response);
    next(
      this.closing
        ? new HubException('unavailable', '系统正在重启，请稍后重试', { retryAfterSeconds: COME_AGAIN_S })
        : undefined,
    );
  }

  /** Refuses what comes from now on; resolves when all that came before is answered, or its caller has gone. */
  async finish(): Promise<void> {
    this.closing = true;
    for (const response of this.open.keys()) lastOnItsLine(response);
    while (this.open.size > 0) await Promise.all(this.open.values());
  }

  private follow(response: ServerResponse): void {
    const closed = new Promise<void>((done) => {
      response.once('close', () => {
        this.open.delete(response);
        done();
      });
    });
    this.open.set(response, closed);
  }
}

/** Whoever sent it opens another line for what comes next, and finds nobody here. */
function lastOnItsLine(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
