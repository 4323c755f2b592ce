import type { Person } from '../domain/order/says-again.js';
import type { ReadTx } from '../storage/unit-of-work.js';

/** What was asked and by whom, as far as that can be told apart: the person only as digests. */
export interface AskedBy extends Person {
  text: string;
}

/** @throws when there is no such request */
export async function requestOf(tx: ReadTx, requestNo: string): Promise<AskedBy> {
  const row = await tx.one<{ body: string; phone_digest: string | null; id_digest: string | null }>(
    `SELECT r.body, p.phone_digest, p.id_digest FROM citizen_request r
     LEFT JOIN requester p ON p.request_no = r.request_no WHERE r.request_no = ?`,
    [requestNo],
  );
  if (!row) throw new Error(`no request ${requestNo}`);
  return { text: row.body, phoneDigest: row.phone_digest, idDigest: row.id_digest };
}
