import { Injectable } from '@nestjs/common';
import type { Actor, ImportReport } from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../../config/clock.js';
import { Policy } from '../../config/policy.js';
import { ClockLedger } from '../../deadlines/clock-ledger.js';
import { EventLog } from '../../event-log/event-log.js';
import { ReadModel, type ReadTx, type Tx, UnitOfWork } from '../../storage/unit-of-work.js';
import { LIST_NAMES, ListBook, type ListName } from '../list-book.js';
import { type ListVersion, ListVersions } from '../list-versions.js';
import { inForceClock } from '../put-list-in-force.js';
import { tellActivated } from '../tell-activated.js';
import { type ImportLease, ImportLeases } from './import-leases.js';
import type { KnownLists } from './list-form.js';
import type { ImportFault } from './list-file.js';
import { LIST_KINDS, type ReadFile } from './list-kinds.js';
import { type ImportSource, SourceReader } from './source-reader.js';
import { VersionWriter } from './version-writer.js';

/** The checked lists changed while the rows were written. */
const OUTDATED = Symbol('outdated');

/**
 * Takes in a whole list: read as it streams in, checked row by row and against the other lists, written piece by piece
 * into a version that nobody sees, and put in force by one small transaction, or not at all [LI5].
 */
@Injectable()
export class ListImport {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
    private readonly policy: Policy,
    private readonly reader: SourceReader,
    private readonly leases: ImportLeases,
    private readonly writer: VersionWriter,
    private readonly listVersions: ListVersions,
    private readonly listBook: ListBook,
    private readonly eventLog: EventLog,
    private readonly clocks: ClockLedger,
  ) {}

  /**
   * Bad rows are the report's matter.
   * @throws {HubException} `list_import_running`, `payload_invalid` (effective date), `payload_malformed`, `payload_too_large`
   */
  async run(actor: Actor, list: ListName, source: ImportSource): Promise<ImportReport> {
    const lease = await this.leases.take(list);
    try {
      await this.writer.discardUnfinished(lease);
      const { columns, read } = LIST_KINDS[list];
      const { file, effectiveFrom } = await this.reader.read(source, columns, (raw) =>
        read(raw, this.policy.number('lists.maxRows'), () => this.leases.keepAlive(lease)),
      );
      return await this.take(actor, list, file, effectiveFrom, lease);
    } finally {
      await this.writer.discardUnfinished(lease).catch(leaveToTheNext);
      await this.leases.release(lease);
    }
  }

  /** The lists as they will hold at `at`. */
  async knownLists(tx: ReadTx, at: number): Promise<KnownLists> {
    const items = await this.listBook.allCatalogueItems(tx, at);
    return {
      units: await this.listBook.units(tx, at),
      catalogue: new Map(items.map((item) => [item.code, item])),
      maxDepth: this.policy.number('lists.maxDepth'),
    };
  }

  private async take(
    actor: Actor,
    list: ListName,
    file: ReadFile,
    effectiveFrom: number | undefined,
    lease: ImportLease,
  ): Promise<ImportReport> {
    const started = this.clock.now();
    const facts = { effectiveFrom: effectiveFrom ?? started, hash: '', by: actor.userId, now: started };
    const report = { list, rows: file.rowCount, errors: [] as ImportFault[] };
    let checked = await this.check(list, file, facts.effectiveFrom);
    if (checked.faults.length) return { ...report, version: null, status: 'refused', errors: checked.faults };

    facts.hash = await file.contentHash();
    if (checked.standing?.hash === facts.hash) {
      return { ...report, version: checked.standing.version, status: 'unchanged' };
    }
    const version = await this.writer.write(lease, list, file, facts);
    while ((await this.activate(actor, lease, { list, version, ...facts }, checked.against)) === OUTDATED) {
      checked = await this.check(list, file, facts.effectiveFrom);
      if (checked.faults.length) return { ...report, version: null, status: 'refused', errors: checked.faults };
    }
    return { ...report, version, status: facts.effectiveFrom > started ? 'scheduled' : 'activated' };
  }

  private async check(list: ListName, file: ReadFile, effectiveFrom: number): Promise<Checked> {
    const at = Math.max(effectiveFrom, this.clock.now());
    const { known, ...checked } = await this.readModel.run(async (tx) => ({
      known: await this.knownLists(tx, at),
      standing: await this.listVersions.inForce(tx, list, at),
      against: await this.listBook.versions(tx, at),
    }));
    const faults = await file.faults(known);
    if (file.rowCount === 0 && faults.length === 0) faults.push({ line: 1, column: '*', reason: '清单没有任何一行' });
    return { ...checked, faults };
  }

  /** Small, whatever the list's length: the rows are there already. */
  private async activate(
    actor: Actor,
    lease: ImportLease,
    { list, version, effectiveFrom, hash }: { list: ListName; version: number; effectiveFrom: number; hash: string },
    against: Checked['against'],
  ): Promise<typeof OUTDATED | 'done'> {
    return this.unitOfWork.run(async (tx: Tx) => {
      await this.leases.keep(tx, lease);
      const now = this.clock.now();
      const inForceFrom = Math.max(effectiveFrom, now);
      const versions = await this.listBook.versions(tx, inForceFrom);
      if (LIST_NAMES.some((name) => versions[name] !== against[name])) return OUTDATED;
      await this.listVersions.activate(tx, list, version, inForceFrom, now);
      const origin = {
        actorId: actor.userId,
        commandId: `import:${list}:${version}`,
        causationId: null,
        recordedAt: now,
      };
      await tellActivated(this.eventLog, tx, origin, { list, version, effectiveFrom, hash });
      if (inForceFrom > now) await this.clocks.start(tx, inForceClock(list, version, inForceFrom), now);
      return 'done';
    });
  }
}

interface Checked {
  faults: ImportFault[];
  /** What holds at that time so far. */
  standing: ListVersion | undefined;
  /** Which versions of the lists the rows were checked against. */
  against: Record<ListName, number>;
}

/** Rows that could not be cleared now (the disk is full, the lease is lost) are cleared by the next import or start. */
const leaveToTheNext = (): void => undefined;
