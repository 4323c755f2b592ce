import { folded, queryTerms } from './search-terms.js';

const WIDTH = 90;
/** Shown before the first hit, so that it is read in its sentence. */
const BEFORE = 12;

/** The passage of a text that has most of what was asked for; its beginning when nothing of it is there [KB3]. */
export function excerpt(text: string, query: string): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()];
  const hits = hitsIn(characters, queryTerms(query));
  const start = Math.min(Math.max(0, bestStart(hits) - BEFORE), Math.max(0, characters.length - WIDTH));
  const shown = characters.slice(start, start + WIDTH).join('');
  return `${start > 0 ? '…' : ''}${shown}${start + WIDTH < characters.length ? '…' : ''}`;
}

interface Hit {
  at: number;
  term: string;
}

/** Where each term stands, in order, counted in characters as they are shown. */
function hitsIn(characters: readonly string[], terms: readonly string[]): Hit[] {
  // One character may fold to several (㎡ → m2), so each place of the folded text remembers its character.
  const places: number[] = [];
  let plain = '';
  characters.forEach((character, i) => {
    const folding = folded(character);
    plain += folding;
    for (let n = 0; n < folding.length; n++) places.push(i);
  });
  const hits: Hit[] = [];
  for (const term of terms) {
    for (let at = plain.indexOf(term); at >= 0; at = plain.indexOf(term, at + term.length)) {
      hits.push({ at: places[at]!, term });
    }
  }
  return hits.sort((a, b) => a.at - b.at);
}

/** The first hit of the passage with the most different terms; of equal ones the earliest. */
function bestStart(hits: readonly Hit[]): number {
  let best = { start: 0, terms: 0 };
  const inside = new Map<string, number>();
  let end = 0;
  for (const { at: start, term } of hits) {
    for (; end < hits.length && hits[end]!.at < start + WIDTH - BEFORE; end++) {
      const entering = hits[end]!.term;
      inside.set(entering, (inside.get(entering) ?? 0) + 1);
    }
    if (inside.size > best.terms) best = { start, terms: inside.size };
    const left = inside.get(term)! - 1;
    if (left === 0) inside.delete(term);
    else inside.set(term, left);
  }
  return best.start;
}
