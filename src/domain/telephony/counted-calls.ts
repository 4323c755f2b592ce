import type { CallStats } from '@minqing-hub/client-sdk/protocol';
import { callStats, cameAt, type CountedCall, type CountedContact, DAY_MS } from './call-stats.js';

/** What of an event of the log is counted. */
export interface CountedEvent {
  type: string;
  at: number;
  data: Record<string, unknown>;
}

/**
 * [CT6] [I8] The calls of the last 24 hours as the log tells of them, one event after the other: each event of a call
 * says how it stands from then on, so the last one counts.
 */
export class CountedCalls {
  private readonly calls = new Map<string, CountedCall>();
  private readonly contacts = new Map<string, CountedContact>();

  /** Answers whether the event is one that is counted. */
  take({ type, at, data }: CountedEvent): boolean {
    switch (type) {
      case 'call.offered':
      case 'call.answered':
      case 'call.abandoned':
      case 'call.hung_up': {
        const { callId, offeredAt, answeredAt, abandonedAt } = data as unknown as CountedCall & { callId: string };
        this.calls.set(callId, { offeredAt, answeredAt, abandonedAt });
        return true;
      }
      case 'call.transferred':
      case 'call.wrong_number': {
        const kind = type === 'call.transferred' ? 'transfer' : 'wrong_number';
        this.contacts.set(data.contactId as string, { at, kind });
        return true;
      }
      default:
        return false;
    }
  }

  /** What rows say, before the first event is taken. */
  begin(rows: {
    calls: readonly (CountedCall & { callId: string })[];
    contacts: readonly (CountedContact & { contactId: string })[];
  }): void {
    this.calls.clear();
    this.contacts.clear();
    for (const { callId, ...call } of rows.calls) this.calls.set(callId, call);
    for (const { contactId, ...contact } of rows.contacts) this.contacts.set(contactId, contact);
  }

  /** Forgets what has left the 24 hours; answers whether anything has. */
  forget(now: number): boolean {
    const before = this.calls.size + this.contacts.size;
    for (const [callId, call] of this.calls) if ((cameAt(call) ?? now) <= now - DAY_MS) this.calls.delete(callId);
    for (const [contactId, { at }] of this.contacts) if (at <= now - DAY_MS) this.contacts.delete(contactId);
    return this.calls.size + this.contacts.size < before;
  }

  stats(now: number, withinMs: number): CallStats {
    return callStats(this.calls.values(), this.contacts.values(), now, withinMs);
  }
}
