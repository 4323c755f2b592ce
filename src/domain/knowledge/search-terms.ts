/**
 * How text becomes what the knowledge base is searched by [KB3]. Chinese has no spaces, and a dictionary would miss the
 * names of a city's own things: a run of Han characters counts as its pairs, everything else as its words.
 */

const RUN = /(?<han>\p{Script=Han}+)|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu;

/** What a question is asked with, and not what it is about. */
const ASKING = /请问|怎么办|怎么样|怎么|怎样|如何|为什么|什么|哪里|哪儿|哪些|多少|是否|能不能|可不可以|[吗呢]/g;

/** The same for one word however it was typed: full or half width, any case. */
export const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

/**
 * Terms that a text is found by. The last character of a run stands alone too: a search for one character goes by the
 * beginnings of terms, and every other character begins a pair.
 */
export function indexTerms(text: string): string[] {
  const terms: string[] = [];
  for (const { word, han } of runs(text)) {
    if (han) terms.push(...pairs(word), [...word].at(-1)!);
    else terms.push(word);
  }
  return terms;
}

/** Terms that a search asks for, each once. Of a question only what it asks about, unless nothing else is there. */
export function queryTerms(query: string): string[] {
  const about = termsOf(folded(query).replace(ASKING, ' '));
  return about.length > 0 ? about : termsOf(query);
}

/** Whether terms that only begin like this one are meant too: one Han character, or a word of some length being typed. */
export const meansBeginnings = (term: string): boolean => (isHan(term) ? [...term].length === 1 : term.length >= 3);

const termsOf = (text: string): string[] => {
  const terms = runs(text).flatMap(({ word, han }) => (han && [...word].length > 1 ? pairs(word) : [word]));
  return [...new Set(terms)];
};

function runs(text: string): { word: string; han: boolean }[] {
  return Array.from(folded(text).matchAll(RUN), (match) => ({ word: match[0], han: match.groups!.han !== undefined }));
}

/** 路灯不亮 → 路灯, 灯不, 不亮. */
function pairs(run: string): string[] {
  const characters = [...run];
  return characters.slice(1).map((character, i) => `${characters[i]!}${character}`);
}

const isHan = (term: string): boolean => /^\p{Script=Han}/u.test(term);
