/** A row of the duty list, as it is imported. */
export interface LearntRule {
  /** Says that it was learnt, and from which file: the next lesson takes its place. */
  ruleId: string;
  catalogCode: string;
  areaCode: string;
  unitId: string;
  legalBasis: string;
  /** Share of the earlier rows of this matter and area that named the unit; up to four places. */
  confidence: number;
}

/** What a row teaches. */
export interface Lesson {
  catalogCode: string | undefined;
  areas: readonly string[];
  unitId: string | null;
}

/** Learns from recorded rows which unit deals with a matter in an area. Knows nothing but what it was taught. */
export class DutyLearner {
  /** matter and area → unit → rows. */
  private readonly seen = new Map<string, Map<string, number>>();

  constructor(
    /** Of the mapping. */
    private readonly name: string,
    private readonly demands: { minSupport: number; minShare: number },
  ) {}

  /** True for rules that a learner of this name made, in this run or an earlier one. */
  made({ ruleId }: { ruleId: string }): boolean {
    return ruleId.startsWith(`learnt/${this.name}/`);
  }

  learn({ catalogCode, areas, unitId }: Lesson): void {
    if (catalogCode === undefined || unitId === null) return;
    for (const areaCode of new Set(areas)) {
      const matter = JSON.stringify([catalogCode, areaCode]);
      let units = this.seen.get(matter);
      if (!units) this.seen.set(matter, (units = new Map<string, number>()));
      units.set(unitId, (units.get(unitId) ?? 0) + 1);
    }
  }

  /** Sorted, so that what was learnt twice is the same list. */
  rules(): LearntRule[] {
    const { minSupport, minShare } = this.demands;
    const rules: LearntRule[] = [];
    for (const [matter, units] of [...this.seen].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const total = [...units.values()].reduce((sum, rows) => sum + rows, 0);
      const [best] = [...units].sort(([a, rowsOfA], [b, rowsOfB]) => rowsOfB - rowsOfA || (a < b ? -1 : 1));
      if (!best) continue;
      const [unitId, support] = best;
      if (support < minSupport || support < minShare * total) continue;
      const [catalogCode, areaCode] = JSON.parse(matter) as [string, string];
      rules.push({
        ruleId: `learnt/${this.name}/${catalogCode}/${areaCode}`,
        catalogCode,
        areaCode,
        unitId,
        legalBasis: `据历史记录归纳：同事项同区域${total}件中${support}件由该单位办理`,
        confidence: Math.round((support * 10_000) / total) / 10_000,
      });
    }
    return rules;
  }
}
