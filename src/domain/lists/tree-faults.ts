export type TreeFault = 'unknown_parent' | 'circle' | 'too_deep';

export const TREE_FAULT_WORDS: Readonly<Record<TreeFault, string>> = {
  unknown_parent: '清单中没有这个上级',
  circle: '上下级成了一圈',
  too_deep: '层级过深',
};

/**
 * What is wrong with a list whose rows name their parent: a parent that is not there, rows that are their own
 * ancestors, more levels than allowed. `mentioned`: further ids that exist, whatever their own parents are.
 */
export function treeFaults(
  parents: ReadonlyMap<string, string | null>,
  mentioned: ReadonlySet<string>,
  maxDepth: number,
): Map<string, TreeFault> {
  const faults = new Map<string, TreeFault>();
  const depths = new Map<string, number>();
  for (const start of parents.keys()) {
    const path: string[] = [];
    const onPath = new Set<string>();
    let at: string | null = start;
    while (at !== null && parents.has(at) && !depths.has(at) && !onPath.has(at)) {
      path.push(at);
      onPath.add(at);
      at = parents.get(at) ?? null;
    }
    const circle = at !== null && onPath.has(at) ? new Set(path.slice(path.indexOf(at))) : undefined;
    let depth = at === null ? 0 : (depths.get(at) ?? 0);
    for (const id of path.reverse()) {
      const parent = parents.get(id) ?? null;
      depth = circle?.has(id) ? 1 : depth + 1;
      depths.set(id, depth);
      if (circle?.has(id)) faults.set(id, 'circle');
      else if (parent !== null && !parents.has(parent) && !mentioned.has(parent)) faults.set(id, 'unknown_parent');
      else if (depth > maxDepth) faults.set(id, 'too_deep');
    }
  }
  return faults;
}
