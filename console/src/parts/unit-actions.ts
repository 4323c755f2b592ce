import type { ClockView, OrderCard, OrderDetail, OrderStage, Role, UnitRow } from '@minqing-hub/client-sdk/protocol';

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
  | 'reply'
  | 'approveExtension'
  | 'approveSuspension'
  | 'cancelRequest'
  | 'resume'
  | 'requestExtension'
  | 'requestSuspension'
  | 'promiseDue';

export interface UnitActionRow {
  action: UnitAction;
  label: string;
  /** Seldom wanted: behind one button with the others of its kind. */
  aside: boolean;
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
  approveExtension: ['deputy_leader'],
  approveSuspension: ['deputy_leader'],
  cancelRequest: ['handler', 'unit_clerk'],
  resume: ['unit_clerk', 'handler'],
  requestExtension: ['handler', 'unit_clerk'],
  requestSuspension: ['handler', 'unit_clerk'],
  promiseDue: ['handler', 'unit_clerk'],
};
const labels: Record<UnitAction, string> = {
  acknowledge: '签收',
  object: '提异议',
  confirmObjection: '确认异议',
  declineProposal: '不同意',
  recordContact: '首次联系',
  addProgress: '阶段反馈',
  assignHandler: '指定办理人',
  redispatchDown: '下派',
  escalateLevel: '提级',
  reply: '回复',
  approveExtension: '同意延期',
  approveSuspension: '同意挂账',
  cancelRequest: '撤回申请',
  resume: '恢复办理',
  requestExtension: '申请延期',
  requestSuspension: '申请挂账',
  promiseDue: '承诺提前办结',
};
const declineWords: Readonly<Partial<Record<NonNullable<OrderCard['awaits']>, string>>> = {
  objection: '不同意异议',
  extension: '不同意延期',
  suspension: '不同意挂账',
};
/** About the handling limit. */
const ASIDE: readonly UnitAction[] = ['requestExtension', 'requestSuspension', 'promiseDue'];

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

/** What is known of an order's wishes for time: whether its own leader has agreed stands with its texts. */
type Wishes = Partial<Pick<OrderDetail, 'extension' | 'suspension'>>;

const running = (clocks: readonly ClockView[] | undefined, name: ClockView['clock']): ClockView | undefined =>
  clocks?.find(({ clock, state }) => clock === name && state === 'running');

/** Before it is due, as far as the hub has said so. */
const inTime = ({ clocks }: Pick<OrderCard, 'clocks'>): boolean => {
  const handling = running(clocks, 'HANDLING');
  return handling !== undefined && (handling.signal === null || handling.signal === 'amber');
};

/**
 * What this person could do to this order now. The hub decides; this keeps buttons off the page that it would refuse in
 * any case. The first one is what is most likely next.
 */
export function actionsFor(
  card: OrderCard & Wishes,
  roles: readonly Role[],
  unitId: string | null,
  units: ReadonlyMap<string, UnitRow>,
): UnitActionRow[] {
  if (!isWithin(units, card.leadUnitId, unitId)) return [];
  const waiting = card.state === 'pending_ack';
  const handling = card.state === 'handling';
  const hasBelow = [...units.values()].some((unit) => unit.parentId === unitId && unit.active);
  const hasAbove = upperUnits(units, card.leadUnitId).length > 0;
  const toEndorse = (wish: 'extension' | 'suspension') =>
    handling && card.awaits === wish && card[wish]?.endorsed === false && inTime(card);
  const mayAsk = handling && card.awaits === null && inTime(card);
  const asksForTime = handling && (card.awaits === 'extension' || card.awaits === 'suspension');
  const possible: [UnitAction, boolean][] = [
    ['approveExtension', toEndorse('extension')],
    ['approveSuspension', toEndorse('suspension')],
    ['resume', card.state === 'suspended'],
    ['confirmObjection', waiting && card.awaits === 'objection'],
    ['declineProposal', (waiting && card.awaits === 'objection') || toEndorse('extension') || toEndorse('suspension')],
    ['acknowledge', waiting],
    ['recordContact', waiting || handling || card.state === 'suspended' || card.state === 'under_arbitration'],
    ['addProgress', handling],
    ['reply', handling],
    ['assignHandler', handling],
    ['object', waiting && card.awaits === null && card.route !== 'emergency'],
    ['redispatchDown', (waiting || handling) && !asksForTime && hasBelow],
    ['escalateLevel', HELD.includes(card.state) && card.awaits === null && hasAbove],
    ['cancelRequest', asksForTime],
    ['requestExtension', mayAsk],
    ['requestSuspension', mayAsk && !running(card.clocks, 'CONTACT_UNIT')],
    ['promiseDue', handling && inTime(card)],
  ];
  return possible.flatMap(([action, open]) =>
    open && who[action].some((role) => roles.includes(role))
      ? [{ action, label: labelOf(action, card), aside: ASIDE.includes(action) }]
      : [],
  );
}

function labelOf(action: UnitAction, { contactAttempts, awaits }: OrderCard): string {
  if (action === 'recordContact' && contactAttempts > 0) return '再次联系';
  return action === 'declineProposal' && awaits ? (declineWords[awaits] ?? labels[action]) : labels[action];
}
