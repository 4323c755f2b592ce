/**
 * A number 0 ≤ x < 1 that depends on the seed and the words alone, not on when it is asked: what an actor does with an
 * order is the same in every run, however commands interleave.
 */
export function chance(seed: number, ...words: string[]): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const sign of words.join('\n')) {
    hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** A stream of such numbers, for jitter and the choice of whom to cut. */
export function chances(seed: number, name: string): () => number {
  let drawn = 0;
  return () => chance(seed, name, String((drawn += 1)));
}
