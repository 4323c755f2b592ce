/** Where the hub's own choice is held against the record. */
export interface Agreement {
  /** Later rows that name a unit and that the hub dispatched by itself, by rules learnt from earlier rows alone. */
  compared: number;
  agreed: number;
  /** agreed ÷ compared, four places; `null` when nothing could be compared. */
  rate: number | null;
}

export interface AutoDispatch {
  unitId: string;
  /** The duty list's version that decided. */
  dutiesVersion: number | undefined;
}

export interface ComparedRow {
  index: number;
  unitId: string | null;
}

/**
 * Keeps which rows each version of the duty list was learnt from, and compares only where the version knew nothing of the
 * row itself or of later ones.
 */
export class AgreementCount {
  /** Version → rows with a smaller index were learnt from. */
  private readonly learntFrom = new Map<number, number>();

  taught(version: number, rows: number): void {
    this.learntFrom.set(version, Math.max(rows, this.learntFrom.get(version) ?? 0));
  }

  of(dispatched: Iterable<{ row: ComparedRow; auto: AutoDispatch }>): Agreement {
    let compared = 0;
    let agreed = 0;
    for (const { row, auto } of dispatched) {
      const learntFrom = auto.dutiesVersion === undefined ? undefined : this.learntFrom.get(auto.dutiesVersion);
      if (row.unitId === null || learntFrom === undefined || row.index < learntFrom) continue;
      compared += 1;
      if (row.unitId === auto.unitId) agreed += 1;
    }
    return { compared, agreed, rate: compared === 0 ? null : Math.round((agreed * 10_000) / compared) / 10_000 };
  }
}
