import { Global, Module } from '@nestjs/common';
import { ListBook } from './list-book.js';
import { ListVersions } from './list-versions.js';

/** The four lists, their versions, and what they cannot answer. */
@Global()
@Module({ providers: [ListVersions, ListBook], exports: [ListBook] })
export class ListsModule {}
