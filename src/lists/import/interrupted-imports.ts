import { Injectable } from '@nestjs/common';
import { LIST_NAMES } from '../list-book.js';
import { ImportLeases } from './import-leases.js';
import { VersionWriter } from './version-writer.js';

/** An import that died with the process left rows that nobody will ever see: they go before the hub serves. */
@Injectable()
export class InterruptedImports {
  constructor(
    private readonly leases: ImportLeases,
    private readonly writer: VersionWriter,
  ) {}

  async clear(): Promise<void> {
    await this.leases.freeAll();
    for (const list of LIST_NAMES) {
      const lease = await this.leases.take(list);
      await this.writer.discardUnfinished(lease);
      await this.leases.release(lease);
    }
  }
}
