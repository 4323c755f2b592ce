import type { UnitRow } from '@minqing-hub/client-sdk/protocol';
import { treeFaults, TREE_FAULT_WORDS } from '../../domain/lists/tree-faults.js';
import { code, flag, label, optional } from './cell.js';
import type { ListForm } from './list-form.js';

/** Types, levels and kinds of area are the city's own words: three levels in a district, five in a city [IN17] [IN18]. */
export const unitsForm: ListForm<UnitRow> = {
  columns: {
    unitId: code('单位编码'),
    name: label('单位名称', 100),
    type: label('单位类型', 64),
    level: label('层级', 64),
    parentId: optional(code('上级单位编码')),
    areaCode: optional(code('地区编码')),
    areaType: optional(label('地区类型', 64)),
    active: flag('启用', { ifEmpty: true }),
  },
  keys: [
    { column: 'unitId', of: ({ unitId }) => unitId, reason: '单位编码重复' },
    {
      column: 'areaCode',
      of: ({ areaCode, active }) => (active ? areaCode : null),
      reason: '同一地区只能有一个在用的属地单位',
    },
  ],
  idColumn: 'unitId',
  checks(rows, { maxDepth }, mentioned) {
    const faults = treeFaults(new Map(rows.map(({ unitId, parentId }) => [unitId, parentId])), mentioned, maxDepth);
    return ({ unitId }) => {
      const fault = faults.get(unitId);
      return fault ? [{ column: 'parentId', reason: TREE_FAULT_WORDS[fault] }] : [];
    };
  },
};
