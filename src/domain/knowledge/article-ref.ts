import { PLAIN_CODE } from '../plain-code.js';

/** One letter for each of 16: no digits, which could be taken for a number of somebody [DG6], and no vowels, so no words. */
const LETTERS = 'bcdfghjkmnpqrstv';
const ID_LETTERS = 16;
const ARTICLE_REF = new RegExp(`^(kb-[${LETTERS}]{${ID_LETTERS}})(?:@([1-9]\\d{0,5}))?$`);

/** An article as an answer cites it; without a version the newest is meant. */
export interface ArticleRef {
  articleId: string;
  version: number | undefined;
}

/** What an article is called: follows from `id`, a UUID. */
export function articleIdFrom(id: string): string {
  // The first twelve digits and the last four; between them stand those that every UUID has.
  const digits = id.replaceAll('-', '');
  const letters = [...`${digits.slice(0, 12)}${digits.slice(-4)}`].map((digit) => LETTERS[parseInt(digit, 16)]!);
  return `kb-${letters.join('')}`;
}

/** `undefined`: it has not the form of an article's id, with or without a version. */
export function articleRefOf(text: string): ArticleRef | undefined {
  const [, articleId, version] = ARTICLE_REF.exec(text) ?? [];
  return articleId === undefined ? undefined : { articleId, version: version ? Number(version) : undefined };
}

/** [DG6] What an answer may name as its ground: an article, at a version or not, or a code that the hub does not know. */
export const isKnowledgeRef = (value: unknown): boolean =>
  typeof value === 'string' && (PLAIN_CODE.test(value) || articleRefOf(value) !== undefined);
