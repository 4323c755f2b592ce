import { LONGEST_LIMIT } from '../../domain/clock/longest-limit.js';
import {
  conflictWithGeneral,
  type HandlingStandard,
  isGeneral,
  type LimitBasis,
} from '../../domain/lists/handling-standard.js';
import { choice, code, decimal, longText, optional } from './cell.js';
import { areaFaults, unitFaults } from './duties-form.js';
import type { ListForm } from './list-form.js';
import type { RowFault } from './raw-row.js';

/** By what it is counted in. */
const LONGEST: Record<LimitBasis, number> = {
  hours: LONGEST_LIMIT.h,
  days: LONGEST_LIMIT.day,
  workdays: LONGEST_LIMIT.workday,
};
const BASIS_WORDS: Record<LimitBasis, string> = { hours: '小时', days: '日', workdays: '工作日' };
const MOST = Math.max(...Object.values(LONGEST));

/** [LI3] How a matter is to be dealt with: procedure, limit in its own basis, standard, what closing requires. */
export const standardsForm: ListForm<HandlingStandard> = {
  columns: {
    catalogCode: code('事项编码'),
    areaCode: optional(code('地区编码')),
    unitId: optional(code('单位编码')),
    procedureType: choice('流程类型', { simple: '简易', standard: '标准', special: '特殊' }),
    limit: decimal('时限', { above: 0, atMost: MOST }),
    limitBasis: choice('时限单位', BASIS_WORDS),
    bandMin: optional(decimal('推荐下限', { above: 0, atMost: MOST })),
    bandMax: optional(decimal('推荐上限', { above: 0, atMost: MOST })),
    bindingness: choice('执行类别', { mandatory: '强制', recommended: '推荐', local: '个性化' }),
    text: optional(longText('处置标准', 4_000)),
    closingRequirements: optional(longText('结案要求', 4_000)),
  },
  keys: [
    {
      column: 'catalogCode',
      of: ({ catalogCode, areaCode, unitId }) => JSON.stringify([catalogCode, areaCode, unitId]),
      reason: '同一事项、地区和单位的标准重复',
    },
  ],
  checks(standards, { units, catalogue }) {
    const general = new Map(standards.filter(isGeneral).map((standard) => [standard.catalogCode, standard]));
    return (standard) => [
      ...(catalogue.has(standard.catalogCode) ? [] : [{ column: 'catalogCode', reason: '目录清单中没有这个事项' }]),
      ...(standard.areaCode === null ? [] : areaFaults(standard.areaCode, units)),
      ...unitFaults('unitId', standard.unitId, units),
      ...lengthFaults(standard),
      ...bandFaults(standard),
      ...ownFaults(standard, general.get(standard.catalogCode)),
    ];
  },
};

/** [LI3] Half an hour there is, half a day there is not. */
function lengthFaults(standard: HandlingStandard): RowFault[] {
  const { limitBasis } = standard;
  const [most, word] = [LONGEST[limitBasis], BASIS_WORDS[limitBasis]];
  return (['limit', 'bandMin', 'bandMax'] as const).flatMap((column) => {
    const value = standard[column] ?? 1;
    if (value > most) return [{ column, reason: `按${word}计不能大于 ${most}` }];
    return limitBasis === 'hours' || Number.isInteger(value) ? [] : [{ column, reason: `按${word}计应为整数` }];
  });
}

function bandFaults({ bindingness, limit, bandMin, bandMax }: HandlingStandard): RowFault[] {
  if (bandMin === null && bandMax === null) return [];
  if (bindingness !== 'recommended') return [{ column: 'bandMin', reason: '只有推荐标准才有区间' }];
  if (bandMin === null) return [{ column: 'bandMin', reason: '上下限须同时填写' }];
  if (bandMax === null) return [{ column: 'bandMax', reason: '上下限须同时填写' }];
  if (bandMin > bandMax) return [{ column: 'bandMax', reason: '上限不能小于下限' }];
  return limit < bandMin || limit > bandMax ? [{ column: 'limit', reason: '时限不在推荐区间内' }] : [];
}

/** [LI4] */
function ownFaults(standard: HandlingStandard, general: HandlingStandard | undefined): RowFault[] {
  if (!general || isGeneral(standard)) return [];
  const reason = conflictWithGeneral(standard, general);
  return reason ? [{ column: 'limit', reason }] : [];
}
