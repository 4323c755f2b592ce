const LENGTH = 16;

/** What an IN list is asked for. */
export interface InList {
  /** `?, ?, …` */
  marks: string;
  params: readonly string[];
}

/**
 * Some keys, in as many lists as it takes: one key by itself, more by sixteen, the last of them again and again. So a
 * statement has two forms, each prepared once, and not one for each number.
 */
export function inLists(keys: readonly string[]): InList[] {
  const lists: InList[] = [];
  for (let from = 0; from < keys.length; from += LENGTH) {
    const some = keys.slice(from, from + LENGTH);
    const params = keys.length === 1 ? some : Array.from({ length: LENGTH }, (_, i) => some[i] ?? some.at(-1)!);
    lists.push({ marks: params.map(() => '?').join(', '), params });
  }
  return lists;
}
