import { Logger } from '@nestjs/common';
import { CitizenGateway, type CitizenMessage, type SendOutcome } from './citizen-gateway.js';

/** Answers that say nothing about the message: too slow, too much at once. */
const AGAIN: readonly number[] = [408, 425, 429];

/**
 * A gateway that takes messages as JSON over HTTP: `POST {noticeId, phone, orderNo, template, facts, text}`, with the
 * notice's id as `Idempotency-Key`. 2xx: taken; 4xx: not this message, ever; everything else: perhaps later. [NT4]
 */
export class HttpCitizenGateway extends CitizenGateway {
  readonly connected = true;

  constructor(
    private readonly at: Readonly<{ url: string; secret: string }>,
    private readonly timeoutMs: () => number,
    private readonly log: Pick<Logger, 'warn'> = new Logger('CitizenGateway'),
  ) {
    super();
  }

  async send(message: CitizenMessage, signal: AbortSignal): Promise<SendOutcome> {
    try {
      const response = await fetch(this.at.url, {
        method: 'POST',
        // Elsewhere nobody has been trusted with a number.
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(this.timeoutMs())]),
        headers: {
          authorization: `Bearer ${this.at.secret}`,
          'content-type': 'application/json',
          'idempotency-key': message.noticeId,
        },
        body: JSON.stringify(message),
      });
      await response.body?.cancel();
      return this.outcomeOf(response.status, message.noticeId);
    } catch (error) {
      // What failed is named, never what was sent.
      this.log.warn(`notice ${message.noticeId}: no answer (${error instanceof Error ? error.name : 'unknown'})`);
      return 'unanswered';
    }
  }

  private outcomeOf(status: number, noticeId: string): SendOutcome {
    if (status >= 200 && status < 300) return 'sent';
    this.log.warn(`notice ${noticeId}: answered ${status}`);
    return status >= 400 && status < 500 && !AGAIN.includes(status) ? 'refused' : 'unanswered';
  }
}
