import { Injectable } from '@nestjs/common';
import { derivedId } from '../commands/derived-id.js';
import { KeyedDigest } from '../commands/keyed-digest.js';
import { isPlainCallId } from '../domain/telephony/call-id.js';

/** By which names the hub knows calls and their events. */
@Injectable()
export class CallIds {
  constructor(private readonly digest: KeyedDigest) {}

  /**
   * The switch's own name of a call, or, where that could hold somebody's number, another that follows from it [DG6].
   * What is no such name already stays as it is, so either is understood wherever a call is named.
   */
  call(written: string): string {
    return isPlainCallId(written) ? written : derivedId('call', this.digest.of('call-id', written));
  }

  /** One for each event of a source. */
  fact(source: string, eventId: string): string {
    return this.digest.of('telephone-event', JSON.stringify([source, eventId]));
  }
}
