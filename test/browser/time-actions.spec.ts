import type { ClockSignal, ClockView, OrderCard, OrderDetail, Role } from '@minqing-hub/client-sdk/protocol';
import { actionsFor, type UnitAction } from '../../console/src/parts/unit-actions.js';
import { suspensionReasons } from '../../console/src/words.js';
import { clocksShown } from '../../src/domain/clock/clock-view.js';
import { SUSPENSION_REASONS } from '../../src/domain/order/suspension-reasons.js';
import { rowsOf } from '../../src/domain/order/transitions.js';
import { orderCard } from '../../src/domain/access/order-audience.js';
import { Case, clerk, deputy, dispatcher, handler } from '../support/rule-book.js';

const units = new Map([
  [
    'north',
    {
      unitId: 'north',
      name: '北社区',
      type: 'community',
      level: 'community',
      parentId: null,
      areaCode: null,
      areaType: null,
      active: true,
    },
  ],
]);

type Shown = OrderCard & Partial<Pick<OrderDetail, 'extension' | 'suspension'>>;

function offered(shown: Shown, role: Role): UnitAction[] {
  return actionsFor(shown, [role], 'north', units).map(({ action }) => action);
}

/** As its console has it: the card, and of the texts whether its own leader has agreed. */
function shown(told: Case, signal?: ClockSignal): Shown {
  const clocks: ClockView[] = clocksShown(told.deadlines, ['north']).map((one) =>
    one.clock === 'HANDLING' && signal ? { ...one, signal } : one,
  );
  const wish = told.stands.proposal;
  const endorsed = wish !== null && 'endorsedBy' in wish && wish.endorsedBy !== null;
  const asked = { unitId: 'north', reason: '', at: 0, endorsed };
  return {
    ...orderCard(told.stands, told.deadlines),
    clocks,
    extension: wish?.awaits === 'extension' ? { ...asked, extra: 1, basis: 'workday' } : null,
    suspension: wish?.awaits === 'suspension' ? { ...asked, reasonCode: 'third_party', until: 0, since: null } : null,
  };
}

const contacted = () => {
  const told = Case.dispatched('north');
  const call = { name: 'recordContact', channel: 'phone', at: told.now, outcome: 'reached', summary: '摘要' } as const;
  return told.does(handler('north'), call);
};
const UNTIL = Date.parse('2026-03-21T00:00:00+08:00');
const asks = {
  extension: { name: 'requestExtension', extra: 1, reason: '理由' },
  suspension: { name: 'requestSuspension', reasonCode: 'third_party', until: UNTIL, reason: '理由' },
} as const;
const agrees = { extension: { name: 'approveExtension' }, suspension: { name: 'approveSuspension' } } as const;

describe('what a unit’s console offers about time', () => {
  const TIME: UnitAction[] = ['requestExtension', 'requestSuspension', 'promiseDue'];

  it('[T17] [T18] [EX4] is behind one button, for clerk and handler, while the handling runs in time', () => {
    for (const role of ['unit_clerk', 'handler'] as const) {
      for (const signal of [undefined, 'amber'] as const) {
        expect(offered(shown(contacted(), signal), role)).toEqual(expect.arrayContaining(TIME));
      }
      for (const signal of ['overdue', 'overdue_1wd', 'overdue_3wd'] as const) {
        expect(offered(shown(contacted(), signal), role).filter((action) => TIME.includes(action))).toEqual([]);
      }
    }
    const rows = actionsFor(shown(contacted()), ['unit_clerk'], 'north', units);
    expect(rows.filter(({ aside }) => aside).map(({ action }) => action)).toEqual(TIME);
    expect(offered(shown(contacted()), 'deputy_leader')).toEqual([]);
  });

  it('[T18] is no suspension before the first contact', () => {
    expect(offered(shown(Case.handled('north')), 'unit_clerk')).not.toContain('requestSuspension');
    expect(offered(shown(Case.handled('north')), 'unit_clerk')).toContain('requestExtension');
  });

  it.each(['extension', 'suspension'] as const)('[EX5] is the deputy leader’s word on a %s, once', (wish) => {
    const told = contacted().does(handler('north'), asks[wish]);
    const agree = agrees[wish].name;
    expect(offered(shown(told), 'deputy_leader')).toEqual([agree, 'declineProposal']);
    expect(actionsFor(shown(told), ['deputy_leader'], 'north', units)[1]!.label).toMatch(/^不同意(延期|挂账)$/);
    expect(offered(shown(told), 'unit_clerk')).not.toContain(asks[wish].name);
    expect(offered(shown(told, 'overdue'), 'deputy_leader')).toEqual([]);
    expect(offered(shown(told.does(deputy('north'), agrees[wish])), 'deputy_leader')).toEqual([]);
  });

  it.each(['extension', 'suspension'] as const)('[EX6] is to take back the %s that it asked for', (wish) => {
    const told = contacted();
    for (const waits of [false, true]) {
      for (const role of ['unit_clerk', 'handler'] as const) {
        expect(offered(shown(told), role).includes('cancelRequest')).toBe(waits);
      }
      if (!waits) told.does(handler('north'), asks[wish]);
    }
    expect(offered(shown(told, 'overdue'), 'handler')).toContain('cancelRequest');
    expect(offered(shown(told), 'deputy_leader')).not.toContain('cancelRequest');
    told.does(deputy('north'), agrees[wish]);
    expect(offered(shown(told), 'handler')).toContain('cancelRequest');
    expect(offered(shown(told.does(dispatcher, agrees[wish])), 'unit_clerk')).not.toContain('cancelRequest');
  });

  it('[T19] is to go on with what was put aside, first of all', () => {
    const told = contacted()
      .does(clerk('north'), asks.suspension)
      .does(deputy('north'), agrees.suspension)
      .does(dispatcher, agrees.suspension);
    for (const role of ['unit_clerk', 'handler'] as const) expect(offered(shown(told), role)[0]).toBe('resume');
  });

  it('[T17] [T18] is nothing that the rule book forbids to the role', () => {
    const all = [...TIME, 'approveExtension', 'approveSuspension', 'cancelRequest', 'resume'] as const;
    for (const action of all) {
      for (const role of ['unit_clerk', 'handler', 'deputy_leader'] as const) {
        const cases = [contacted(), contacted().does(handler('north'), asks.extension)];
        const isOffered = cases.some((told) => offered(shown(told), role).includes(action));
        if (isOffered) expect(rowsOf(action).some(({ who }) => who.includes(role))).toBe(true);
      }
    }
  });

  it('[T18] has a word for every reason of the list', () => {
    expect(Object.keys(suspensionReasons).sort()).toEqual([...SUSPENSION_REASONS].sort());
  });
});
