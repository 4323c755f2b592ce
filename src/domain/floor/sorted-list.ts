/** Values kept in order: finding, counting and the first few cost log n; values that compare as 0 are the same. */
export class SortedList<T> {
  private readonly values: T[] = [];

  constructor(private readonly compare: (a: T, b: T) => number) {}

  get size(): number {
    return this.values.length;
  }

  get least(): T | undefined {
    return this.values[0];
  }

  add(value: T): void {
    this.values.splice(this.placeAfter(value), 0, value);
  }

  /** Takes out one value that compares as 0; nothing when there is none. */
  remove(value: T): void {
    const at = this.placeAfter(value) - 1;
    if (at >= 0 && this.compare(this.values[at]!, value) === 0) this.values.splice(at, 1);
  }

  first(count: number): T[] {
    return this.values.slice(0, count);
  }

  /** How many values come before `value` or are the same. */
  upTo(value: T): number {
    return this.placeAfter(value);
  }

  private placeAfter(value: T): number {
    let low = 0;
    let high = this.values.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(this.values[middle]!, value) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
