const planted: (() => void)[] = [];

/**
 * Puts a wrong method in the place of a right one, in this process alone. The hub's own code knows nothing of it: bugs
 * are planted from outside, into what `main.ts` here is about to start. `A`: the method's arguments, `R`: its result.
 */
export function plantIn<T extends object, A extends unknown[], R>(
  type: { prototype: T; name: string },
  method: string,
  wrong: (right: (...args: A) => R, self: T, ...args: A) => R,
): void {
  const methods = type.prototype as unknown as Record<string, ((...args: A) => R) | undefined>;
  const right = methods[method];
  // A bug that is planted nowhere would be caught by nobody, and for no fault of the tester's.
  if (typeof right !== 'function') throw new Error(`${type.name} has no method ${method} any more`);
  methods[method] = function (this: T, ...args: A): R {
    return wrong((...given) => right.apply(this, given), this, ...args);
  };
  planted.push(() => (methods[method] = right));
}

/** Takes all that was planted out again; answers how much that was. */
export function uproot(): number {
  const undo = planted.splice(0).reverse();
  for (const restore of undo) restore();
  return undo.length;
}

/** True for one in so many calls. */
export function oneIn(many: number): () => boolean {
  let calls = 0;
  return () => (calls += 1) % many === 0;
}

export const soon = (ms: number): Promise<void> => new Promise((over) => setTimeout(over, ms));

/** What a bug needs of an object's insides. */
export const inside = <I>(self: object): I => self as unknown as I;
