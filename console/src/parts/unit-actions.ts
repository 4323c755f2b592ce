import type { OrderCard, OrderStage, Role, UnitRow } from '@minqing-hub/client-sdk/protocol';

export type UnitAction =
  | 'acknowledge'
  | 'object'
  | 'confirmObjection'
  | 'declineProposal'
  | 'recordContact'
  | 'addProgress'
  | 'assignHandler'
  | 'redispatchDown'
  | 'escalateLevel'
  | 'reply';

export interface UnitActionRow {
  action: UnitAction;
  label: string;
}

const who: Record<UnitAction, readonly Role[]> = {
  acknowledge: ['unit_clerk'],
  object: ['unit_clerk', 'deputy_leader'],
  confirmObjection: ['deputy_leader'],
  declineProposal: ['deputy_leader'],
  recordContact: ['handler', 'unit_clerk'],
  addProgress: ['handler', 'unit_clerk'],
  assignHandler: ['unit_clerk'],
  redispatchDown: ['unit_clerk'],
  escalateLevel: ['unit_clerk'],
  reply: ['handler', 'unit_clerk'],
};
const labels: Record<UnitAction, string> = {
  acknowledge: '签收',
  object: '提异议',
  confirmObjection: '确认异议',
  declineProposal: '不同意异议',
  recordContact: '首次联系',
  addProgress: '阶段反馈',
  assignHandler: '指定办理人',
  redispatchDown: '下派',
  escalateLevel: '提级',
  reply: '回复',
};

/** States in which a unit has the order and nobody rules on it. */
const HELD: OrderStage[] = ['pending_ack', 'handling', 'suspended', 'pending_review', 'pending_evaluation'];

/** True for the unit itself and for whatever lies below it. */
export function isWithin(units: ReadonlyMap<string, UnitRow>, unitId: string | null, upperId: string | null): boolean {
  const seen = new Set<string>();
  for (let at = unitId; at !== null && !seen.has(at); at = units.get(at)?.parentId ?? null) {
    if (at === upperId) return true;
    seen.add(at);
  }
  return false;
}

/** The units above one, nearest first, that take work. */
export function upperUnits(units: ReadonlyMap<string, UnitRow>, unitId: string | null): UnitRow[] {
  const found: UnitRow[] = [];
  const parentOf = (id: string | null) => units.get((id && units.get(id)?.parentId) ?? '');
  for (let at = parentOf(unitId); at && !found.includes(at); at = parentOf(at.unitId)) found.push(at);
  return found.filter(({ active }) => active);
}

/**
 * What this person could do to this order now. The hub decides; this keeps buttons off the page that it would refuse in
 * any case. The first one is what is most likely next.
 */
export function actionsFor(
  card: OrderCard,
  roles: readonly Role[],
  unitId: string | null,
  units: ReadonlyMap<string, UnitRow>,
): UnitActionRow[] {
  if (!isWithin(units, card.leadUnitId, unitId)) return [];
  const waiting = card.state === 'pending_ack';
  const handling = card.state === 'handling';
  const hasBelow = [...units.values()].some((unit) => unit.parentId === unitId && unit.active);
  const hasAbove = upperUnits(units, card.leadUnitId).length > 0;
  const possible: [UnitAction, boolean][] = [
    ['confirmObjection', waiting && card.awaits === 'objection'],
    ['declineProposal', waiting && card.awaits === 'objection'],
    ['acknowledge', waiting],
    ['recordContact', waiting || handling || card.state === 'suspended' || card.state === 'under_arbitration'],
    ['addProgress', handling],
    ['reply', handling],
    ['assignHandler', handling],
    ['object', waiting && card.awaits === null && card.route !== 'emergency'],
    ['redispatchDown', (waiting || handling) && hasBelow],
    ['escalateLevel', HELD.includes(card.state) && card.awaits === null && hasAbove],
  ];
  return possible.flatMap(([action, open]) =>
    open && who[action].some((role) => roles.includes(role))
      ? [{ action, label: action === 'recordContact' && card.contactAttempts > 0 ? '再次联系' : labels[action] }]
      : [],
  );
}
