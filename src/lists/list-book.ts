import { Injectable } from '@nestjs/common';
import type { CatalogueRow, DispatchSuggestion } from '@minqing-hub/client-sdk/protocol';
import { UnitTree } from '../domain/lists/unit-tree.js';
import type { ReadTx } from '../storage/unit-of-work.js';

export type ListName = 'units' | 'catalogue' | 'duties' | 'standards';

/** What dispatch asks the duty list. */
export interface DutyQuestion {
  catalogCode: string | null;
  areaCode: string | null;
  /** Loop guard (IN8): units that had the order already. */
  visitedUnitIds: readonly string[];
}

/** The lists in force at a time, as other features may read them: inside their own transaction, never by another way. */
@Injectable()
export class ListBook {
  async units(_tx: ReadTx, _now: number): Promise<UnitTree> {
    throw new Error('not built');
  }

  async catalogueItem(_tx: ReadTx, _now: number, _code: string): Promise<CatalogueRow | undefined> {
    throw new Error('not built');
  }

  /** `undefined`: the duty list has no answer (a gap). */
  async suggest(_tx: ReadTx, _now: number, _question: DutyQuestion): Promise<DispatchSuggestion | undefined> {
    throw new Error('not built');
  }

  async versions(_tx: ReadTx, _now: number): Promise<Record<ListName, number>> {
    throw new Error('not built');
  }
}
