/** A map that forgets: what was set is there until the second `turn` after it, and gone then. */
export class RecentMap<V> {
  private young = new Map<string, V>();
  private old = new Map<string, V>();

  /** Of what was set since the last turn. */
  get size(): number {
    return this.young.size;
  }

  get(key: string): V | undefined {
    return this.young.get(key) ?? this.old.get(key);
  }

  set(key: string, value: V): void {
    this.young.set(key, value);
  }

  /** Whether it was there. */
  delete(key: string): boolean {
    const wasOld = this.old.delete(key);
    return this.young.delete(key) || wasOld;
  }

  entries(): [string, V][] {
    return [...new Map([...this.old, ...this.young])];
  }

  turn(): void {
    this.old = this.young;
    this.young = new Map();
  }
}
