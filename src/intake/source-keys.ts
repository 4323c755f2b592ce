import { Injectable } from '@nestjs/common';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';

/** What a source calls one of its requests, and a digest of what it said [IN19]. */
export interface SourceKey {
  source: string;
  sourceId: string;
  contentHash: string;
}

export interface KnownKey {
  requestNo: string;
  contentHash: string;
}

/** One request for each (source, source id), however often it is sent. */
@Injectable()
export class SourceKeys {
  /** Claims the key, or answers who has it. Two who claim at once wait for each other: the row's key decides. */
  async claim(tx: Tx, { source, sourceId, contentHash }: SourceKey): Promise<KnownKey | undefined> {
    const row = { source, source_id: sourceId, request_no: '', content_hash: contentHash };
    if (await tx.insertIfAbsent('source_key', row)) return undefined;
    return this.find(tx, source, sourceId);
  }

  async settle(tx: Tx, { source, sourceId }: SourceKey, requestNo: string): Promise<void> {
    await tx.run('UPDATE source_key SET request_no = ? WHERE source = ? AND source_id = ?', [
      requestNo,
      source,
      sourceId,
    ]);
  }

  async find(tx: ReadTx, source: string, sourceId: string): Promise<KnownKey | undefined> {
    const row = await tx.one<{ request_no: string; content_hash: string }>(
      'SELECT request_no, content_hash FROM source_key WHERE source = ? AND source_id = ?',
      [source, sourceId],
    );
    return row && { requestNo: row.request_no, contentHash: row.content_hash };
  }
}
