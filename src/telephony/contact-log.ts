import { Injectable } from '@nestjs/common';
import type { CommandContext } from '../commands/command-handler.js';
import { derivedId } from '../commands/derived-id.js';
import { EventLog, type Subject } from '../event-log/event-log.js';

export const EMERGENCY_LINES = ['110', '119', '120', '122'] as const;
export type EmergencyLine = (typeof EMERGENCY_LINES)[number];

export type Contact = { callId: string | null; orderNo: string | null; note: string | null } & (
  { kind: 'transfer'; to: EmergencyLine } | { kind: 'wrong_number' }
);

/** [CT8] Calls that end with nothing to do for the centre: written down and counted, never an order. */
@Injectable()
export class ContactLog {
  constructor(private readonly log: EventLog) {}

  async note({ tx, actor, now, origin }: CommandContext, contact: Contact): Promise<string> {
    const { kind, callId, orderNo, note } = contact;
    const contactId = derivedId('contact', actor.userId, origin.commandId);
    const seatId = actor.seatId ?? null;
    const to = kind === 'transfer' ? contact.to : null;
    await tx.insert('contact_log', {
      contact_id: contactId,
      kind,
      call_id: callId,
      order_no: orderNo,
      seat_id: seatId,
      actor_id: actor.userId,
      transferred_to: to,
      note,
      at: now,
    });
    const subject: Subject =
      orderNo !== null ? `order:${orderNo}` : callId !== null ? `call:${callId}` : `user:${actor.userId}`;
    await this.log.append(tx, origin, [
      {
        subject,
        type: kind === 'transfer' ? 'call.transferred' : 'call.wrong_number',
        at: now,
        version: null,
        data: { contactId, callId, orderNo, seatId, ...(to === null ? {} : { to }) },
        card: null,
        rooms: {
          floor: 'full',
          ...(seatId === null ? {} : { [`seat:${seatId}`]: 'full' }),
          ...(orderNo === null ? {} : { [`order:${orderNo}`]: 'full' }),
        },
      },
    ]);
    return contactId;
  }
}
