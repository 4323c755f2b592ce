/**
 * How text becomes what the knowledge base is searched by [KB3]. Chinese has no spaces, and a dictionary would miss the
 * names of a city's own things: a run of Han characters counts as its pairs, everything else as its words.
 */

const RUN = /(?<han>\p{Script=Han}+)|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu;

/** What a question is asked with, and not what it is about. */
const ASKING = /请问|怎么办|怎么样|怎么|怎样|如何|为什么|什么|哪里|哪儿|哪些|多少|是否|能不能|可不可以|[吗呢]/g;

/** The same for one word however it was typed: full or half width, any case. */
export const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

/** Terms that a text is found by: also each Chinese character alone, for who asks for one. */
export function indexTerms(text: string): string[] {
  const terms: string[] = [];
  for (const { word, han } of runs(text)) {
    if (han) terms.push(...word, ...pairs(word));
    else terms.push(word);
  }
  return terms;
}

/** Terms that a search asks for, each once. Of a question only what it asks about, unless nothing else is there. */
export function queryTerms(query: string): string[] {
  const about = termsOf(folded(query).replace(ASKING, ' '));
  return about.length > 0 ? about : termsOf(query);
}

/** Whether terms that only begin like this one are meant too: a word or a number of some length, which is being typed. */
export const meansBeginnings = (term: string): boolean => term.length >= 3 && !isHan(term);

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
