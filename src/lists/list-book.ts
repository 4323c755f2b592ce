import { Injectable } from '@nestjs/common';
import type { CatalogueRow, DispatchSuggestion, UnitRow } from '@minqing-hub/client-sdk/protocol';
import { Policy } from '../config/policy.js';
import {
  areasToAsk,
  ANY,
  decideDispatch,
  type DispatchConfidence,
  type DutyRule,
} from '../domain/dispatch/decide-dispatch.js';
import { chooseStandard, type HandlingStandard } from '../domain/lists/handling-standard.js';
import { UnitTree } from '../domain/lists/unit-tree.js';
import type { ReadTx } from '../storage/unit-of-work.js';
import {
  type CatalogueDbRow,
  catalogueRowOf,
  type DutyDbRow,
  dutyRuleOf,
  type StandardDbRow,
  standardOf,
  type UnitDbRow,
  unitRowOf,
} from './list-rows.js';
import { LIST_NAMES, type ListName } from './list-name.js';
import { ListVersions } from './list-versions.js';

export { LIST_NAMES, type ListName };

/** What dispatch asks the duty list. */
export interface DutyQuestion {
  catalogCode: string | null;
  areaCode: string | null;
  /** Loop guard (IN8): units that had the order already. */
  visitedUnitIds: readonly string[];
}

/** Trees are kept by content, so that a rolled back import cannot leave a wrong one behind. */
const TREES_KEPT = 4;

/** The lists in force at a time, as other features may read them: inside their own transaction, never by another way. */
@Injectable()
export class ListBook {
  private readonly trees = new Map<string, UnitTree>();

  constructor(
    private readonly listVersions: ListVersions,
    private readonly policy: Policy,
  ) {}

  /** An empty tree before the first import. */
  async units(tx: ReadTx, now: number): Promise<UnitTree> {
    const version = await this.listVersions.inForce(tx, 'units', now);
    if (!version) return new UnitTree([]);
    const kept = this.trees.get(version.hash);
    if (kept) return kept;

    const rows = await tx.all<UnitDbRow>('SELECT * FROM list_unit WHERE version = ? ORDER BY row_no', [
      version.version,
    ]);
    const tree = new UnitTree(rows.map(unitRowOf));
    const oldest = this.trees.size >= TREES_KEPT ? this.trees.keys().next() : undefined;
    if (oldest && !oldest.done) this.trees.delete(oldest.value);
    this.trees.set(version.hash, tree);
    return tree;
  }

  /** Closed items too: `active` tells. */
  async catalogueItem(tx: ReadTx, now: number, code: string): Promise<CatalogueRow | undefined> {
    const version = await this.versionNumber(tx, 'catalogue', now);
    return this.itemOf(tx, version, code);
  }

  /** The top level above the matter, or itself; `null`: it is not in the catalogue. */
  async topMatter(tx: ReadTx, now: number, code: string): Promise<string | null> {
    const version = await this.versionNumber(tx, 'catalogue', now);
    return (await this.matterAndWider(tx, version, code)).at(-1)?.code ?? null;
  }

  /**
   * `undefined`: the duty list has no answer (a gap). A suggestion with source `fallback_unit` names who takes the
   * order when nobody is responsible; its confidence is below every sensible gate, and it too is a gap.
   */
  async suggest(tx: ReadTx, now: number, question: DutyQuestion): Promise<DispatchSuggestion | undefined> {
    const versions = await this.versions(tx, now);
    const units = await this.units(tx, now);
    const matters = await this.matterAndWider(tx, versions.catalogue, question.catalogCode);
    const codes = [...matters.map(({ code }) => code), ANY];
    const areas = areasToAsk(question.areaCode, units);
    const rows = await tx.all<DutyDbRow>(
      `SELECT * FROM list_duty
       WHERE version = ? AND catalog_code IN (${places(codes)}) AND area_code IN (${places(areas)})`,
      [versions.duties, ...codes, ...areas],
    );
    return decideDispatch(
      { matters, areaCode: question.areaCode, visitedUnitIds: question.visitedUnitIds },
      { rules: rows.map(dutyRuleOf), units, versions, confidence: this.confidence() },
    );
  }

  /**
   * [LI3] [LI4] How this unit must deal with the matter here; `undefined`: no standard, the class limit holds.
   * `under`: the lists' versions that the matter is kept under [LI5]; absent: those in force.
   */
  async standardFor(
    tx: ReadTx,
    now: number,
    catalogCode: string,
    areaCode: string | null,
    unitId: string | null,
    under?: Record<ListName, number>,
  ): Promise<HandlingStandard | undefined> {
    const versions = under ?? (await this.versions(tx, now));
    const units = await this.units(tx, now);
    const matterCodes = (await this.matterAndWider(tx, versions.catalogue, catalogCode)).map(({ code }) => code);
    if (matterCodes.length === 0) return undefined;
    const rows = await tx.all<StandardDbRow>(
      `SELECT * FROM list_standard WHERE version = ? AND catalog_code IN (${places(matterCodes)}) ORDER BY row_no`,
      [versions.standards, ...matterCodes],
    );
    return chooseStandard(
      {
        matterCodes,
        areaCodes: areaCode === null ? [] : units.areaAndWider(areaCode),
        unitIds: unitId === null ? [] : [unitId, ...units.ancestors(unitId).map((unit) => unit.unitId)],
      },
      rows.map(standardOf),
    );
  }

  /** The version of each list that holds at `now`; 0 before the first import. */
  async versions(tx: ReadTx, now: number): Promise<Record<ListName, number>> {
    await this.listVersions.readAll(tx, LIST_NAMES, now);
    return {
      units: await this.versionNumber(tx, 'units', now),
      catalogue: await this.versionNumber(tx, 'catalogue', now),
      duties: await this.versionNumber(tx, 'duties', now),
      standards: await this.versionNumber(tx, 'standards', now),
    };
  }

  async allUnits(tx: ReadTx, now: number): Promise<UnitRow[]> {
    return (await this.units(tx, now)).all();
  }

  async allCatalogueItems(tx: ReadTx, now: number): Promise<CatalogueRow[]> {
    const version = await this.versionNumber(tx, 'catalogue', now);
    const rows = await tx.all<CatalogueDbRow>('SELECT * FROM list_catalogue_item WHERE version = ? ORDER BY row_no', [
      version,
    ]);
    return rows.map(catalogueRowOf);
  }

  async allDuties(tx: ReadTx, now: number): Promise<DutyRule[]> {
    const version = await this.versionNumber(tx, 'duties', now);
    const rows = await tx.all<DutyDbRow>('SELECT * FROM list_duty WHERE version = ? ORDER BY row_no', [version]);
    return rows.map(dutyRuleOf);
  }

  private confidence(): DispatchConfidence {
    return {
      widerMatter: this.policy.number('dispatch.confidence.widerMatter'),
      passedOver: this.policy.number('dispatch.confidence.passedOver'),
      fallbackUnit: this.policy.number('dispatch.confidence.fallbackUnit'),
    };
  }

  private async versionNumber(tx: ReadTx, list: ListName, now: number): Promise<number> {
    return (await this.listVersions.inForce(tx, list, now))?.version ?? 0;
  }

  private async itemOf(tx: ReadTx, version: number, code: string): Promise<CatalogueRow | undefined> {
    const row = await tx.one<CatalogueDbRow>('SELECT * FROM list_catalogue_item WHERE version = ? AND code = ?', [
      version,
      code,
    ]);
    return row && catalogueRowOf(row);
  }

  /** Imports refuse circles, so this ends. */
  private async matterAndWider(tx: ReadTx, version: number, code: string | null): Promise<CatalogueRow[]> {
    const found: CatalogueRow[] = [];
    for (let next = code; next !== null;) {
      const item = await this.itemOf(tx, version, next);
      if (!item) break;
      found.push(item);
      next = item.parentCode;
    }
    return found;
  }
}

const places = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
