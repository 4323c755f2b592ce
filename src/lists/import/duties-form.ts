import { ANY, type DutyRule } from '../../domain/dispatch/decide-dispatch.js';
import type { UnitTree } from '../../domain/lists/unit-tree.js';
import { type Cell, code, codes, decimal, longText, optional } from './cell.js';
import type { ListForm } from './list-form.js';
import type { RowFault } from './raw-row.js';

const RULE_ID = /^[A-Za-z0-9*][A-Za-z0-9._/*-]{0,199}$/;

/** Empty: named after what the rule is for. */
const ruleId: Cell<string> = {
  title: '规则编号',
  read: (text) =>
    text === '' || RULE_ID.test(text)
      ? { value: text }
      : { reason: '应为字母、数字和 . _ - / 组成的编号，最长 200 位' },
};

/** [LI2] Who deals with which matter in which area, by which law. The only list that dispatch reads. */
export const dutiesForm: ListForm<DutyRule> = {
  columns: {
    ruleId,
    catalogCode: code('事项编码', { also: [ANY] }),
    areaCode: code('地区编码', { also: [ANY] }),
    unitId: optional(code('责任单位编码')),
    assistUnitIds: codes('协办单位编码'),
    legalBasis: optional(longText('法律政策依据', 1_000)),
    fallbackUnitId: optional(code('兜底单位编码')),
    confidence: optional(decimal('把握', { above: 0, atMost: 1 })),
  },
  keys: [
    { column: 'ruleId', of: (rule) => rule.ruleId, reason: '规则编号重复' },
    {
      column: 'unitId',
      of: (rule) => JSON.stringify([rule.catalogCode, rule.areaCode, rule.unitId]),
      reason: '同一事项、地区和单位的规则重复',
    },
  ],
  complete: (rule) => ({ ...rule, ruleId: rule.ruleId || derivedRuleId(rule) }),
  checks(_rules, { units, catalogue }) {
    return (rule) => [
      ...matterFaults(rule, catalogue),
      ...(rule.areaCode === ANY ? [] : areaFaults(rule.areaCode, units)),
      ...unitFaults('unitId', rule.unitId, units),
      ...rule.assistUnitIds.flatMap((id) => unitFaults('assistUnitIds', id, units)),
      ...unitFaults('fallbackUnitId', rule.fallbackUnitId, units),
      ...(rule.unitId !== null && rule.assistUnitIds.includes(rule.unitId)
        ? [{ column: 'assistUnitIds', reason: '责任单位不能同时是协办单位' }]
        : []),
    ];
  },
};

function derivedRuleId({ catalogCode, areaCode, unitId }: DutyRule): string {
  return [catalogCode, areaCode, unitId ?? 'fallback'].join('/');
}

function matterFaults(rule: DutyRule, catalogue: ReadonlyMap<string, unknown>): RowFault[] {
  const faults: RowFault[] = [];
  if (rule.catalogCode !== ANY && !catalogue.has(rule.catalogCode)) {
    faults.push({ column: 'catalogCode', reason: '目录清单中没有这个事项' });
  }
  if (rule.catalogCode === ANY && rule.unitId !== null) {
    faults.push({ column: 'unitId', reason: '不限事项的规则只能指定兜底单位' });
  }
  if (rule.unitId === null && rule.fallbackUnitId === null) {
    faults.push({ column: 'unitId', reason: '责任单位和兜底单位至少填一个' });
  }
  return faults;
}

export function areaFaults(areaCode: string, units: UnitTree): RowFault[] {
  const unit = units.ofArea(areaCode);
  if (!unit) return [{ column: 'areaCode', reason: '单位清单中没有这个地区' }];
  return unit.active ? [] : [{ column: 'areaCode', reason: '这个地区的属地单位已撤销' }];
}

export function unitFaults(column: string, unitId: string | null, units: UnitTree): RowFault[] {
  if (unitId === null) return [];
  const unit = units.get(unitId);
  if (!unit) return [{ column, reason: '单位清单中没有这个单位' }];
  return unit.active ? [] : [{ column, reason: '这个单位已撤销' }];
}
