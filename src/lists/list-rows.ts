import type { CatalogueRow, UnitRow } from '@minqing-hub/client-sdk/protocol';
import type { DutyRule } from '../domain/dispatch/decide-dispatch.js';
import type { Bindingness, HandlingStandard, LimitBasis, ProcedureType } from '../domain/lists/handling-standard.js';
import type { SqlValue } from '../storage/unit-of-work.js';

/** Rows of the lists as their tables hold them (`migrations/0003-lists.ts`), there and back. */

export interface UnitDbRow {
  unit_id: string;
  name: string;
  unit_type: string;
  unit_level: string;
  parent_id: string | null;
  area_code: string | null;
  area_type: string | null;
  active: number;
}

export const unitRowOf = (row: UnitDbRow): UnitRow => ({
  unitId: row.unit_id,
  name: row.name,
  type: row.unit_type,
  level: row.unit_level,
  parentId: row.parent_id,
  areaCode: row.area_code,
  areaType: row.area_type,
  active: row.active === 1,
});

export const unitDbRow = (row: UnitRow): DbRow<UnitDbRow> => ({
  unit_id: row.unitId,
  name: row.name,
  unit_type: row.type,
  unit_level: row.level,
  parent_id: row.parentId,
  area_code: row.areaCode,
  area_type: row.areaType,
  active: Number(row.active),
});

export interface CatalogueDbRow {
  code: string;
  name: string;
  parent_code: string | null;
  publishable: number;
  active: number;
}

export const catalogueRowOf = (row: CatalogueDbRow): CatalogueRow => ({
  code: row.code,
  name: row.name,
  parentCode: row.parent_code,
  publishable: row.publishable === 1,
  active: row.active === 1,
});

export const catalogueDbRow = (row: CatalogueRow): DbRow<CatalogueDbRow> => ({
  code: row.code,
  name: row.name,
  parent_code: row.parentCode,
  publishable: Number(row.publishable),
  active: Number(row.active),
});

export interface DutyDbRow {
  rule_id: string;
  catalog_code: string;
  area_code: string;
  unit_id: string | null;
  assist_unit_ids: string;
  legal_basis: string | null;
  fallback_unit_id: string | null;
  confidence: number | null;
}

export const dutyRuleOf = (row: DutyDbRow): DutyRule => ({
  ruleId: row.rule_id,
  catalogCode: row.catalog_code,
  areaCode: row.area_code,
  unitId: row.unit_id,
  assistUnitIds: JSON.parse(row.assist_unit_ids) as string[],
  legalBasis: row.legal_basis,
  fallbackUnitId: row.fallback_unit_id,
  confidence: row.confidence,
});

export const dutyDbRow = (rule: DutyRule): DbRow<DutyDbRow> => ({
  rule_id: rule.ruleId,
  catalog_code: rule.catalogCode,
  area_code: rule.areaCode,
  unit_id: rule.unitId,
  assist_unit_ids: JSON.stringify(rule.assistUnitIds),
  legal_basis: rule.legalBasis,
  fallback_unit_id: rule.fallbackUnitId,
  confidence: rule.confidence,
});

export interface StandardDbRow {
  catalog_code: string;
  area_code: string | null;
  unit_id: string | null;
  procedure_type: string;
  limit_value: number;
  limit_basis: string;
  band_min: number | null;
  band_max: number | null;
  bindingness: string;
  standard_text: string | null;
  closing_requirements: string | null;
}

export const standardOf = (row: StandardDbRow): HandlingStandard => ({
  catalogCode: row.catalog_code,
  areaCode: row.area_code,
  unitId: row.unit_id,
  procedureType: row.procedure_type as ProcedureType,
  limit: row.limit_value,
  limitBasis: row.limit_basis as LimitBasis,
  bandMin: row.band_min,
  bandMax: row.band_max,
  bindingness: row.bindingness as Bindingness,
  text: row.standard_text,
  closingRequirements: row.closing_requirements,
});

export const standardDbRow = (standard: HandlingStandard): DbRow<StandardDbRow> => ({
  catalog_code: standard.catalogCode,
  area_code: standard.areaCode,
  unit_id: standard.unitId,
  procedure_type: standard.procedureType,
  limit_value: standard.limit,
  limit_basis: standard.limitBasis,
  band_min: standard.bandMin,
  band_max: standard.bandMax,
  bindingness: standard.bindingness,
  standard_text: standard.text,
  closing_requirements: standard.closingRequirements,
});

type DbRow<T> = { [K in keyof T]: SqlValue };
