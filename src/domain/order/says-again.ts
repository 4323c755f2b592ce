import type { Order } from './order.js';

/** Digests of whatever names a requester for sure; `null`: not known. */
export interface Person {
  phoneDigest: string | null;
  idDigest: string | null;
}

/** [DU1] Two who gave their ids are who these say; otherwise whoever calls from the same number. */
export function isSamePerson(a: Person, b: Person): boolean {
  if (a.idDigest !== null && b.idDigest !== null) return a.idDigest === b.idDigest;
  return a.phoneDigest !== null && a.phoneDigest === b.phoneDigest;
}

/**
 * [DU1] Whether a merge brings the primary more words of the person who asked it. Those of a confidential order stay
 * there, unless the primary is confidential too [DG4].
 */
export function saysAgain(
  order: Pick<Order, 'visibility'>,
  { samePerson, primary }: { samePerson?: boolean; primary: Pick<Order, 'visibility'> | null },
): boolean {
  const kept = order.visibility === 'confidential' && primary?.visibility !== 'confidential';
  return samePerson === true && !kept;
}
