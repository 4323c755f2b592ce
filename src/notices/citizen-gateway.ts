import type { NoticeTemplate } from '@minqing-hub/client-sdk/protocol';
import type { NoticeFacts } from '../domain/notice/notice-text.js';

/** One message to one person. The only place where a notice and a phone number meet. [NT2] */
export interface CitizenMessage {
  /** The same for every attempt: who has it already does not send it twice. */
  noticeId: string;
  phone: string;
  orderNo: string;
  template: NoticeTemplate;
  facts: NoticeFacts;
  text: string;
}

/** `refused`: it will not be taken, however often it is tried; `unanswered`: perhaps later. */
export type SendOutcome = 'sent' | 'refused' | 'unanswered';

/** The way to requesters, by short message, mini-program or whatever else: outside of the hub. */
export abstract class CitizenGateway {
  /** Whether there is one. Without it notices stay queued, and are shown. [NT3] */
  abstract readonly connected: boolean;
  /** Never rejects. `signal`: the hub ends. */
  abstract send(message: CitizenMessage, signal: AbortSignal): Promise<SendOutcome>;
}

/** [NT3] None was set. */
export class NoCitizenGateway extends CitizenGateway {
  readonly connected = false;

  send(): Promise<SendOutcome> {
    return Promise.resolve('unanswered');
  }
}
