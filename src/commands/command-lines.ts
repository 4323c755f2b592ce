import { Logger } from '@nestjs/common';
import type { HubError } from '@minqing-hub/client-sdk/protocol';
import { isUUID } from 'class-validator';
import { type Actor, SYSTEM } from '../identity/actor.js';

/** A command and what became of it. Payload and result are personal. */
export interface Answered {
  /** `unknown` where no command has the name: that one is the caller's own words. */
  name: string;
  actor: Actor;
  command: { commandId: string; payload: unknown };
  answer: { ok: true; result: unknown } | { ok: false; error: HubError };
  /** From its arrival to its answer. */
  ms: number;
}

const ORDER_NO = /^GD\d{8}-\d{6,12}$/;

/**
 * One line in the log for each command that was answered, with ids, codes and numbers alone. What was done lies in the
 * log of events and is told here at `debug` only. What was refused lies nowhere else: at `log` when somebody was, at
 * `debug` when the hub itself was, whose clocks often come to find nothing left to do. [SI1]
 */
export class CommandLines {
  private readonly log = new Logger('CommandBus');

  /** `fault`: what was thrown, behind the answer `internal`. */
  tell(answered: Answered, fault?: unknown): void {
    const { answer, actor } = answered;
    if (answer.ok) this.log.debug(() => lineOf('carried out', answered));
    else if (answer.error.code === 'internal') this.log.error(() => lineOf('failed', answered), fault);
    else if (answer.error.code === 'unavailable') this.log.warn(() => lineOf('not possible now', answered));
    else if (actor === SYSTEM) this.log.debug(() => lineOf('refused', answered));
    else this.log.log(() => lineOf('refused', answered));
  }
}

function lineOf(message: string, { name, actor, command, answer, ms }: Answered) {
  const orderNo = orderNoIn(command.payload) ?? (answer.ok ? orderNoIn(answer.result) : undefined);
  return {
    message,
    command: name,
    commandId: isUUID(command.commandId) ? command.commandId : undefined,
    actorId: actor.userId,
    orderNo,
    outcome: answer.ok ? 'ok' : answer.error.code,
    clause: answer.ok ? undefined : answer.error.clause,
    incident: answer.ok ? undefined : answer.error.incident,
    ms: Math.round(ms * 10) / 10,
  };
}

/** What has another form is no order number but what a caller wrote in its place. */
function orderNoIn(value: unknown): string | undefined {
  const orderNo = (value as { orderNo?: unknown } | null | undefined)?.orderNo;
  return typeof orderNo === 'string' && ORDER_NO.test(orderNo) ? orderNo : undefined;
}
