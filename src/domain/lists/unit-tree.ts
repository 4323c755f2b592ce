import type { UnitRow } from '@minqing-hub/client-sdk/protocol';

/** The units of one list version. Depth, types and levels are data: 3 levels in a district, 5 in a city (IN17, IN18). */
export class UnitTree {
  private readonly byId: Map<string, UnitRow>;
  private readonly byArea: Map<string, UnitRow>;

  constructor(rows: readonly UnitRow[]) {
    this.byId = new Map(rows.map((row) => [row.unitId, row]));
    // Closed units first, so that the one that works today answers for its area.
    const closedFirst = [...rows].sort((a, b) => Number(a.active) - Number(b.active));
    this.byArea = new Map(closedFirst.flatMap((row) => (row.areaCode === null ? [] : [[row.areaCode, row] as const])));
  }

  get(unitId: string): UnitRow | undefined {
    return this.byId.get(unitId);
  }

  /** The unit that answers for an area (street, community). */
  ofArea(areaCode: string): UnitRow | undefined {
    return this.byArea.get(areaCode);
  }

  /** Nearest first, without the unit itself. */
  ancestors(unitId: string): UnitRow[] {
    const found: UnitRow[] = [];
    for (let at = this.parent(unitId); at; at = this.parent(at.unitId)) found.push(at);
    return found;
  }

  /** True for the unit itself and everything below it. */
  isWithin(unitId: string, upperId: string): boolean {
    return unitId === upperId || this.ancestors(unitId).some((unit) => unit.unitId === upperId);
  }

  /** Nearest first: community, street, district … for rules that are written for a wider area. */
  areaAndWider(areaCode: string): string[] {
    const unit = this.ofArea(areaCode);
    if (!unit) return [areaCode];
    return [unit, ...this.ancestors(unit.unitId)].flatMap((u) => (u.areaCode === null ? [] : [u.areaCode]));
  }

  all(): UnitRow[] {
    return [...this.byId.values()];
  }

  private parent(unitId: string): UnitRow | undefined {
    const parentId = this.byId.get(unitId)?.parentId;
    return parentId ? this.byId.get(parentId) : undefined;
  }
}
