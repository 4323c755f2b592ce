import type { Actor, OrderStage } from '@minqing-hub/client-sdk/protocol';
import { mayReadOrder } from '../access/may-read-order.js';
import { orderReaders } from '../access/order-audience.js';
import { ok, type Refusal, refuse, type Result } from '../result.js';
import { COMMAND_NAMES, type OrderCommand } from './order-command.js';
import { movesVersion, type OrderEvent } from './order-event.js';
import { type Order, suspensionOf } from './order.js';
import { holdsIt, mayAct } from './permission.js';
import type { Circumstances, Situation } from './situation.js';
import { isOneOf, STAGE_NAMES, TERMINAL } from './stages.js';
import { tell, tellRegistration, type Told } from './tell.js';
import { rowsOf, type Transition, TRANSITIONS } from './transitions.js';

/**
 * What a command does to an order: exactly one event, or why not.
 * Right comes before existence, then version, then state, then guards: whoever may not see an order
 * learns neither that it exists nor how it stands.
 */
export function decide(order: Order | null, command: OrderCommand, given: Circumstances): Result<OrderEvent> {
  const { actor } = given;
  const rows = rowsOf(command.name).filter((row) => hasOneOf(actor, row));
  if (rows.length === 0) return refuse('forbidden', '您没有办理这件事的权限');
  if (command.name === 'register') {
    return order ? notNow(order.state, command, actor) : ok(asEvent(tellRegistration(command), null, command, given));
  }

  const within = order ? rows.filter((row) => reaches(row, order, given)) : [];
  if (!order || within.length === 0) return outOfReach(order, given);
  if (command.expectedVersion !== undefined && command.expectedVersion !== order.version) {
    return refuse('version_conflict', '工单在此期间已有变化，请查看后再办', { field: 'expectedVersion' });
  }

  const situation: Situation = { ...given, order, command };
  const row = within.find(({ from, when }) => from.includes(order.state) && (when?.(situation) ?? true));
  if (!row) return notNow(order.state, command, actor);
  for (const guard of row.guards) {
    const refusal = guard(situation);
    if (refusal) return { ok: false, error: refusal };
  }
  return ok(asEvent(tell(row.event, situation), order, command, given));
}

/**
 * Why the actor may hear no more of what they once did to an order, if so: they neither read it, nor have it in hand, nor
 * could still issue that command on it. The refusal is the one that anybody gets who knows a number.
 */
export function beyondHearing(order: Order | null, name: string, given: Circumstances): Refusal | undefined {
  if (order && (mayReadOrder(given.actor, orderReaders(order, given.units)) || holdsIt(given))) return undefined;
  const rows = TRANSITIONS.filter(({ command }) => command === name);
  if (order && rows.some((row) => hasOneOf(given.actor, row) && reaches(row, order, given))) return undefined;
  const refused = outOfReach(null, given);
  return refused.ok ? undefined : refused.error;
}

const hasOneOf = (actor: Actor, { who }: Pick<Transition, 'who'>): boolean =>
  who.some((role) => actor.roles.includes(role));

const reaches = (row: Pick<Transition, 'who' | 'command'>, order: Order, given: Circumstances): boolean =>
  row.who.some((role) => given.actor.roles.includes(role) && mayAct(role, row.command, order, given));

/** Who reads the order anyway is told what they lack; to everybody else it does not exist. */
function outOfReach(order: Order | null, { actor, units }: Circumstances): Result<never> {
  return order && mayReadOrder(actor, orderReaders(order, units))
    ? refuse('not_own_unit', '本单位不是这件工单的主办单位，不能办理')
    : refuse('order_not_found', '没有这个工单，或您无权办理', { field: 'orderNo' });
}

function notNow(state: OrderStage, command: OrderCommand, actor: Actor): Result<never> {
  const possible = TRANSITIONS.filter(
    (row) =>
      row.command !== 'receiveMerge' &&
      row.command !== command.name &&
      row.from.includes(state) &&
      hasOneOf(actor, row),
  );
  const names = [...new Set(possible.map((row) => COMMAND_NAMES[row.command]))];
  const now = `工单现在${STAGE_NAMES[state]}，不能${COMMAND_NAMES[command.name]}`;
  if (isOneOf(state, TERMINAL)) return refuse('transition_not_allowed', `${now}；此后不再变动`);
  return refuse('transition_not_allowed', names.length ? `${now}；现在可以：${names.join('、')}` : now);
}

/** One version further, unless the event only stands beside the order's own course. */
function asEvent(told: Told, order: Order | null, command: OrderCommand, { actor, now }: Circumstances): OrderEvent {
  return {
    ...told,
    orderNo: command.orderNo,
    version: (order?.version ?? 0) + (movesVersion(told.type) ? 1 : 0),
    at: Math.min(now, happenedAt(order, command)),
    actorId: actor.userId,
  };
}

/** A contact when it was made; what was put aside goes on when its time is over, however late that is seen. [T14] [T19] */
function happenedAt(order: Order | null, command: OrderCommand): number {
  if (command.name === 'recordContact') return command.at;
  return (command.name === 'resume' && order && suspensionOf(order)?.until) || Infinity;
}
