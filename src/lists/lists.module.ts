import { Global, Module } from '@nestjs/common';
import { AppliedImport } from './import/applied-import.js';
import { ImportLeases } from './import/import-leases.js';
import { InterruptedImports } from './import/interrupted-imports.js';
import { ListImport } from './import/list-import.js';
import { SourceReader } from './import/source-reader.js';
import { VersionWriter } from './import/version-writer.js';
import { ListBook } from './list-book.js';
import { ListGaps } from './list-gaps.js';
import { ListVersions } from './list-versions.js';
import { ListsAtStart } from './lists-at-start.js';
import { ListsController } from './lists.controller.js';
import { OpenListGap } from './open-list-gap.js';
import { PutListInForce } from './put-list-in-force.js';
import { SettleListGap } from './settle-list-gap.js';

/** The four lists, their versions, and what they cannot answer. */
@Global()
@Module({
  controllers: [ListsController],
  providers: [
    ListVersions,
    ListBook,
    ImportLeases,
    VersionWriter,
    SourceReader,
    ListImport,
    AppliedImport,
    InterruptedImports,
    ListsAtStart,
    ListGaps,
    OpenListGap,
    SettleListGap,
    PutListInForce,
  ],
  exports: [ListBook, ListImport],
})
export class ListsModule {}
