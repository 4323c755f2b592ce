import { Injectable } from '@nestjs/common';
import { ListBook } from '../lists/list-book.js';
import type { ReadTx } from '../storage/unit-of-work.js';

/** Which matters lie inside which, as the catalogue in force has it; read anew when another version holds. */
@Injectable()
export class Matters {
  private version = 0;
  private parents = new Map<string, string | null>();

  constructor(private readonly lists: ListBook) {}

  /** Whether an article on these codes is about the matter: the matter itself, one that it lies in, or one inside it. */
  async about(tx: ReadTx, now: number, matter: string): Promise<(codes: readonly string[]) => boolean> {
    const { catalogue } = await this.lists.versions(tx, now);
    if (catalogue !== this.version) {
      const items = await this.lists.allCatalogueItems(tx, now);
      this.parents = new Map(items.map(({ code, parentCode }) => [code, parentCode]));
      this.version = catalogue;
    }
    const { parents } = this;
    const line = lineOf(matter, parents);
    return (codes) => codes.some((code) => line.has(code) || lineOf(code, parents).has(matter));
  }
}

/** The code and all that it lies in. Imports refuse circles, so this ends. */
function lineOf(code: string, parents: ReadonlyMap<string, string | null>): Set<string> {
  const line = new Set<string>();
  for (let at: string | null | undefined = code; typeof at === 'string'; at = parents.get(at)) line.add(at);
  return line;
}
