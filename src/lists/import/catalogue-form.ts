import type { CatalogueRow } from '@minqing-hub/client-sdk/protocol';
import { treeFaults, TREE_FAULT_WORDS } from '../../domain/lists/tree-faults.js';
import { code, flag, label, optional } from './cell.js';
import type { ListForm } from './list-form.js';

/** [LI1] The coded matters; three levels as a rule, as many as the city needs. */
export const catalogueForm: ListForm<CatalogueRow> = {
  columns: {
    code: code('事项编码'),
    name: label('事项名称', 100),
    parentCode: optional(code('上级事项编码')),
    publishable: flag('可公开', { ifEmpty: true }),
    active: flag('启用', { ifEmpty: true }),
  },
  keys: [{ column: 'code', of: (row) => row.code, reason: '事项编码重复' }],
  idColumn: 'code',
  checks(rows, { maxDepth }, mentioned) {
    const faults = treeFaults(new Map(rows.map((row) => [row.code, row.parentCode])), mentioned, maxDepth);
    return (row) => {
      const fault = faults.get(row.code);
      return fault ? [{ column: 'parentCode', reason: TREE_FAULT_WORDS[fault] }] : [];
    };
  },
};
