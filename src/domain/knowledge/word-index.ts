import { indexTerms, meansBeginnings, queryTerms } from './search-terms.js';

/** How much a word in a title counts, against one in the text. */
const TITLE_COUNTS = 3;
/** A term that a text has more often than this has no more weight. */
const MOST_COUNTED = 63;
/** Of BM25: how soon a word said often counts no more, and how much of a text's length is held against it. */
const SATURATION = 1.2;
const LENGTH = 0.7;
/** This much of what was asked for must be there, or a text is about something else. */
const ENOUGH = 0.4;
/** What a word counts that only begins like the one that was asked for. */
const BEGINNING_COUNTS = 0.4;

interface Indexed {
  id: string;
  /** In the order of coming; never given twice. */
  number: number;
  title: string;
  text: string;
  length: number;
}

/** Which texts have a term, and how much of it: number and count in one, ascending. */
type Postings = number[];
const PLACES = MOST_COUNTED + 1;

export interface Found {
  id: string;
  score: number;
}

/**
 * Words of many texts and where they are, to be searched [KB3]. What is found, and how well it fits, follows to the last
 * digit from the texts that are held, in whatever order they came, were replaced and went [KB6].
 *
 * Made for Chinese: pairs of characters are very many short terms, each in few texts. With a list of numbers for each an
 * index stands in a tenth of the time, and half the memory, that one takes which is a tree of letters (`docs/knowledge.md`).
 */
export class WordIndex {
  private readonly texts = new Map<string, Indexed>();
  private readonly byNumber = new Map<number, Indexed>();
  private readonly postings = new Map<string, Postings>();
  /** Terms that what is asked for may be the beginning of. */
  private readonly words = new Set<string>();
  private nextNumber = 0;
  private totalLength = 0;

  /** In place of what `id` had. */
  put(id: string, title: string, text: string): void {
    this.drop(id);
    const number = this.nextNumber++;
    let length = 0;
    for (const [term, count] of countsOf(title, text)) {
      this.postingsOf(term).push(number * PLACES + count);
      length += count;
    }
    const indexed = { id, number, title, text, length };
    this.texts.set(id, indexed);
    this.byNumber.set(number, indexed);
    this.totalLength += length;
  }

  drop(id: string): void {
    const indexed = this.texts.get(id);
    if (!indexed) return;
    const { number, title, text, length } = indexed;
    for (const [term] of countsOf(title, text)) this.leave(term, number);
    this.texts.delete(id);
    this.byNumber.delete(number);
    this.totalLength -= length;
  }

  /** All texts that fit, in no order. `weighs`: what a text counts; 0: it is not wanted. */
  search(question: string, weighs: (id: string) => number): Found[] {
    const asked = queryTerms(question);
    const fits = new Map<number, { score: number; terms: number }>();
    for (const term of asked) {
      for (const [number, score] of this.scores(term)) {
        const fit = fits.get(number);
        if (!fit) fits.set(number, { score, terms: 1 });
        else {
          fit.score += score;
          fit.terms += 1;
        }
      }
    }
    const found: Found[] = [];
    for (const [number, { score, terms }] of fits) {
      if (terms < asked.length * ENOUGH) continue;
      const { id } = this.byNumber.get(number)!;
      const weight = weighs(id);
      if (weight > 0) found.push({ id, score: score * weight });
    }
    return found;
  }

  /** How well each text fits one term, or the best of those that begin like it. */
  private scores(term: string): Map<number, number> {
    const scores = new Map<number, number>();
    this.score(term, 1, scores);
    if (!meansBeginnings(term)) return scores;
    for (const word of this.words) {
      if (word !== term && word.startsWith(term)) this.score(word, BEGINNING_COUNTS, scores);
    }
    return scores;
  }

  private score(term: string, weight: number, scores: Map<number, number>): void {
    const postings = this.postings.get(term);
    if (!postings) return;
    const rarity = Math.log(1 + (this.texts.size - postings.length + 0.5) / (postings.length + 0.5));
    const usualLength = this.totalLength / this.texts.size;
    for (const posting of postings) {
      const number = Math.floor(posting / PLACES);
      const count = posting % PLACES;
      const { length } = this.byNumber.get(number)!;
      const held = SATURATION * (1 - LENGTH + (LENGTH * length) / usualLength);
      const score = (weight * rarity * count * (SATURATION + 1)) / (count + held);
      if (score > (scores.get(number) ?? 0)) scores.set(number, score);
    }
  }

  private postingsOf(term: string): Postings {
    let postings = this.postings.get(term);
    if (!postings) {
      this.postings.set(term, (postings = []));
      if (mayBeBegun(term)) this.words.add(term);
    }
    return postings;
  }

  private leave(term: string, number: number): void {
    const postings = this.postings.get(term)!;
    if (postings.length === 1) {
      this.postings.delete(term);
      this.words.delete(term);
    } else postings.splice(firstAtLeast(postings, number * PLACES), 1);
  }
}

function countsOf(title: string, text: string): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (term: string, more: number) => counts.set(term, Math.min(MOST_COUNTED, (counts.get(term) ?? 0) + more));
  for (const term of indexTerms(title)) add(term, TITLE_COUNTS);
  for (const term of indexTerms(text)) add(term, 1);
  return counts;
}

/** Longer than what must be typed of it. */
const mayBeBegun = (term: string): boolean => term.length > 3 && meansBeginnings(term);

function firstAtLeast(ascending: readonly number[], least: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
