/** Why a cell (or, with column `*`, a whole row) cannot be taken. `reason` is Chinese and never repeats the input. */
export interface RowFault {
  column: string;
  reason: string;
}

/** One row of a file, before anybody has looked at what it says. */
export interface RawRow {
  /** 1-based, in the file; where the row begins. */
  line: number;
  /** By column name; `null`: the row could not be taken apart. */
  cells: Readonly<Record<string, string>> | null;
  faults: RowFault[];
}
