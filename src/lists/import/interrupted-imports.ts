import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { LIST_NAMES } from '../list-book.js';
import { ImportLeases, unlessRunning } from './import-leases.js';
import { VersionWriter } from './version-writer.js';

/**
 * An import that died with its process left rows that nobody will ever see: they go before the hub serves. One that another
 * node runs, or whose lease has not ended yet, is left to the next import or start.
 */
@Injectable()
export class InterruptedImports {
  constructor(
    private readonly leases: ImportLeases,
    private readonly writer: VersionWriter,
    private readonly settings: Settings,
  ) {}

  async clear(): Promise<void> {
    if (this.settings.profile === 'embedded') await this.leases.freeAll();
    for (const list of LIST_NAMES) {
      const lease = await unlessRunning(this.leases.take(list));
      if (!lease) continue;
      await this.writer.discardUnfinished(lease);
      await this.leases.release(lease);
    }
  }
}
