import type { DispatchSuggestion } from '@minqing-hub/client-sdk/protocol';
import type { UnitTree } from '../lists/unit-tree.js';

/** Written in place of a code: any matter, everywhere. */
export const ANY = '*';

/** One row of the duty list (LI2): who deals with a matter in an area, by which law. */
export interface DutyRule {
  ruleId: string;
  /** `*`: any matter; such a rule names only a fallback unit. */
  catalogCode: string;
  /** `*`: everywhere. */
  areaCode: string;
  unitId: string | null;
  /** Dual dispatch: they get the order together with the unit. */
  assistUnitIds: string[];
  legalBasis: string | null;
  fallbackUnitId: string | null;
  /** 0 … 1, how often the unit proved right; `null`: not recorded. */
  confidence: number | null;
}

/** 0 … 1 each; policy. */
export interface DispatchConfidence {
  /** For each step from the matter itself up to the wider one whose rule is used. */
  widerMatter: number;
  /** When the rule that fits best names a unit that may not have the order. */
  passedOver: number;
  /** For a fallback unit: below every sensible gate, so that a person looks. */
  fallbackUnit: number;
}

export interface DispatchMatter {
  /** The order's matter and the wider ones above it, nearest first; empty when it has none. */
  matters: readonly { code: string; name: string }[];
  /** `null`: no place, or an area that no unit answers for. */
  areaCode: string | null;
  /** Units that had the order already. */
  visitedUnitIds: readonly string[];
}

export interface DutyList {
  /** Every rule for one of the matters (or `*`) in one of the areas (or `*`); more do no harm. */
  rules: readonly DutyRule[];
  units: UnitTree;
  versions: Record<string, number>;
  confidence: DispatchConfidence;
}

/**
 * Who should deal with the order, by the duty list alone (LI2), and why, in one sentence.
 * The matter's own rules come before those of wider matters, a nearer area before a wider one, the unit that
 * proved itself oftener before others [DI7]. A unit that had the order, or is closed, is never named [IN8].
 * `undefined`: the list has no answer.
 */
export function decideDispatch(matter: DispatchMatter, list: DutyList): DispatchSuggestion | undefined {
  const groups = bySpecificity(matter, list);
  let certainty = 1;
  for (const { rules, step } of groups) {
    const named = rules.filter((rule) => rule.unitId !== null && rule.catalogCode !== ANY);
    const best = strongestFirst(named).find((rule) => mayHave(rule.unitId, matter, list.units));
    if (best) return byRule(best, { matter, list, step, certainty: certainty * shareOf(best, named) });
    if (named.length > 0) certainty = list.confidence.passedOver;
  }
  const fallback = groups
    .flatMap(({ rules }) => rules)
    .find((rule) => mayHave(rule.fallbackUnitId, matter, list.units));
  return fallback && byFallback(fallback, matter, list);
}

/** The codes of areas whose rules apply, nearest first; `*` last. */
export function areasToAsk(areaCode: string | null, units: UnitTree): string[] {
  return [...(areaCode === null ? [] : units.areaAndWider(areaCode)), ANY];
}

/** `step`: how many levels above the order's own matter the rules lie. */
interface RuleGroup {
  rules: DutyRule[];
  step: number;
}

function bySpecificity(matter: DispatchMatter, { rules, units }: DutyList): RuleGroup[] {
  const areas = areasToAsk(matter.areaCode, units);
  // The answer may not depend on the order in which rows happen to be read.
  const inOrder = [...rules].sort((a, b) => compareText(a.ruleId, b.ruleId));
  return [...matter.matters.map(({ code }) => code), ANY].flatMap((code, step) =>
    areas
      .map((area) => ({ rules: inOrder.filter((r) => r.catalogCode === code && r.areaCode === area), step }))
      .filter((group) => group.rules.length > 0),
  );
}

function strongestFirst(rules: readonly DutyRule[]): DutyRule[] {
  return [...rules].sort((a, b) => shareOf(b, rules) - shareOf(a, rules));
}

/** Where several units are named for the same thing and nothing is recorded of them, each is as likely. */
const shareOf = (rule: DutyRule, rivals: readonly DutyRule[]): number => rule.confidence ?? 1 / rivals.length;

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function mayHave(unitId: string | null, { visitedUnitIds }: DispatchMatter, units: UnitTree): unitId is string {
  return unitId !== null && units.get(unitId)?.active === true && !visitedUnitIds.includes(unitId);
}

function byRule(
  rule: DutyRule,
  { matter, list, step, certainty }: { matter: DispatchMatter; list: DutyList; step: number; certainty: number },
): DispatchSuggestion {
  const unitId = rule.unitId as string;
  const assistUnitIds = rule.assistUnitIds.filter((id) => id !== unitId && mayHave(id, matter, list.units));
  const what = `“${matter.matters[0]!.name}”`;
  const above = step === 0 ? '' : `无专门规定，按上级事项“${matter.matters[step]!.name}”`;
  const assists = assistUnitIds.length ? `，${assistUnitIds.map((id) => nameOf(id, list.units)).join('、')}协办` : '';
  const basis = rule.legalBasis ? `（依据：${rule.legalBasis}）` : '';
  return {
    unitId,
    assistUnitIds,
    source: 'duty_rule',
    ruleId: rule.ruleId,
    confidence: rounded(certainty * list.confidence.widerMatter ** step),
    listVersions: list.versions,
    legalBasis: rule.legalBasis,
    sentence: `${listName(list)}${what}${above}${inArea(rule, list.units)}由${nameOf(unitId, list.units)}负责${assists}${basis}。`,
  };
}

function byFallback(rule: DutyRule, matter: DispatchMatter, list: DutyList): DispatchSuggestion {
  const unitId = rule.fallbackUnitId as string;
  const what = matter.matters[0] ? `“${matter.matters[0].name}”` : '未归类事项';
  return {
    unitId,
    assistUnitIds: [],
    source: 'fallback_unit',
    ruleId: rule.ruleId,
    confidence: list.confidence.fallbackUnit,
    listVersions: list.versions,
    legalBasis: rule.legalBasis,
    sentence: `${listName(list)}${what}没有可派的责任单位，${inArea(rule, list.units)}由兜底单位${nameOf(unitId, list.units)}承接，请人工确认。`,
  };
}

const listName = ({ versions }: DutyList): string => `按职责清单第${versions.duties ?? 0}版：`;

const inArea = (rule: DutyRule, units: UnitTree): string =>
  rule.areaCode === ANY ? '' : `在${units.ofArea(rule.areaCode)?.name ?? rule.areaCode}`;

const nameOf = (unitId: string, units: UnitTree): string => units.get(unitId)?.name ?? unitId;

/** Two places are what people read; more would be noise of floating point. */
const rounded = (share: number): number => Math.round(share * 100) / 100;
