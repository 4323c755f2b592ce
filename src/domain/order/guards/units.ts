import type { Refusal } from '../../result.js';
import type { UnitTree } from '../../lists/unit-tree.js';
import { answerable, leadOf } from '../order.js';
import type { Guard } from '../situation.js';
import { no } from '../../no.js';

/** Why a unit cannot be given work, if so. */
function cannotTake(unitId: string, units: UnitTree, clause: string, field: string): Refusal | undefined {
  const unit = units.get(unitId);
  if (!unit) return no('unit_unknown', '没有这个单位', clause, field);
  return unit.active ? undefined : no('unit_closed', '这个单位已停用', clause, field);
}

/** [T6] */
export const targetTakesWork: Guard<'dispatch'> = ({ command, units }) =>
  cannotTake(command.unitId, units, 'T6', 'unitId');

/** [T6] Dual dispatch: every assist is a live unit, named once, and not the lead. */
export const assistsTakeWork: Guard<'dispatch'> = ({ command, units }) => {
  const assists = command.assistUnitIds ?? [];
  for (const [index, unitId] of assists.entries()) {
    const field = `assistUnitIds.${index}`;
    const unable = cannotTake(unitId, units, 'T6', field);
    if (unable) return unable;
    if (unitId === command.unitId || assists.indexOf(unitId) !== index) {
      return no('same_unit', '同一单位不能重复列为主办或协办', 'T6', field);
    }
  }
  return undefined;
};

/** [IN8] Nothing goes round in circles: a unit that had the order gets it again only by an arbiter's word. */
export const notVisited: Guard<'dispatch' | 'redispatchDown'> = ({ order, command, actor }) => {
  const ruled = actor.roles.includes('arbiter') || order.suggestedUnitId === command.unitId;
  return order.visitedUnitIds.includes(command.unitId) && !ruled
    ? no('loop_guard', '这个单位已办过本单，再次派往须经裁决', 'IN8', 'unitId')
    : undefined;
};

/** [DI1] The hub itself dispatches only what the duty list says with enough confidence. */
export const confidentWhenAutomatic: Guard<'dispatch'> = ({ command, actor, policy }) =>
  actor.roles.includes('system') && (command.suggestion?.confidence ?? 0) < policy.confidenceGate
    ? no('no_duty_rule', '职责清单没有把握足够的依据，须人工分拨', 'DI1')
    : undefined;

/** [T35] Only to a unit below the one that is answerable, and below the actor's own. */
export const ownSubUnit: Guard<'redispatchDown'> = ({ order, command, actor, units }) => {
  const unable = cannotTake(command.unitId, units, 'T35', 'unitId');
  if (unable) return unable;
  if (leadOf(order)?.unitId === command.unitId) return no('same_unit', '工单已在这个单位', 'T35', 'unitId');
  const below = [answerable(order)?.unitId, actor.unitId].every(
    (upper) => upper && upper !== command.unitId && units.isWithin(command.unitId, upper),
  );
  return below ? undefined : no('not_own_sub_unit', '只能下派给本单位的下级单位', 'T35', 'unitId');
};

/** [T33] Up means to a unit above the one that has it. */
export const upperUnit: Guard<'escalateLevel'> = ({ order, command, units }) => {
  const unable = cannotTake(command.toUnitId, units, 'T33', 'toUnitId');
  if (unable) return unable;
  const lead = leadOf(order)?.unitId;
  const above = lead !== undefined && lead !== command.toUnitId && units.isWithin(lead, command.toUnitId);
  return above ? undefined : no('not_upper_unit', '只能提级到主办单位的上级单位', 'T33', 'toUnitId');
};

/** [T33] It may have been closed since it was proposed. */
export const upperUnitStillTakesWork: Guard<'confirmEscalation'> = ({ order: { proposal }, units }) =>
  proposal?.awaits === 'escalation' ? cannotTake(proposal.toUnitId, units, 'T33', 'toUnitId') : undefined;

/** [T9] An objection says whose it is instead. */
export const proposedUnitTakesWork: Guard<'object'> = ({ order, command, units }) =>
  cannotTake(command.proposedUnitId, units, 'T9', 'proposedUnitId') ??
  (leadOf(order)?.unitId === command.proposedUnitId
    ? no('same_unit', '建议单位不能是本单位', 'T9', 'proposedUnitId')
    : undefined);

/** [T10] The arbiter may name the next unit; it is not the one whose objection was right. */
export const nextUnitTakesWork: Guard<'upholdObjection'> = ({ order, command, units }) => {
  if (command.nextUnitId === undefined) return undefined;
  return (
    cannotTake(command.nextUnitId, units, 'T10', 'nextUnitId') ??
    (leadOf(order)?.unitId === command.nextUnitId
      ? no('same_unit', '异议已获支持，不能再派给原单位', 'T10', 'nextUnitId')
      : undefined)
  );
};

/** [T12] There is a first receiver or a fallback unit to lead, and it is open. */
export const someoneToLead: Guard<'assignFirstReceiver'> = ({ order, command, units }) => {
  const unitId = command.basis === 'fallback' ? command.fallbackUnitId : order.firstReceiverUnitId;
  return unitId === null
    ? no('no_duty_rule', '没有可指定的兜底单位', 'T12', 'basis')
    : cannotTake(unitId, units, 'T12', 'basis');
};
