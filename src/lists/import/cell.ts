export type Read<V> = { value: V } | { reason: string };

/** What a column of a list may hold, and how its text is read (already trimmed, free of control characters). */
export interface Cell<V> {
  /** Chinese; may stand in a CSV header in place of the name. */
  title: string;
  read(text: string): Read<V>;
}

const EMPTY = { reason: '不能为空' };

const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const NOT_A_CODE = { reason: '应为字母、数字和 . _ - 组成的编码，最长 64 位' };

/** `also`: texts that stand for something else than a code (`*`). */
export const code = (title: string, { also = [] as string[] } = {}): Cell<string> => ({
  title,
  read: (text) => {
    if (text === '') return EMPTY;
    return CODE.test(text) || also.includes(text) ? { value: text } : NOT_A_CODE;
  },
});

/** Several codes in one cell, parted by `;`, `；`, `、`, `,` or `|`. */
export const codes = (title: string): Cell<string[]> => ({
  title,
  read: (text) => {
    const parts = text
      .split(/[;；、,，|]/)
      .map((part) => part.trim())
      .filter((part) => part !== '');
    if (!parts.every((part) => CODE.test(part))) return NOT_A_CODE;
    return new Set(parts).size === parts.length ? { value: parts } : { reason: '编码重复' };
  },
});

export const label = (title: string, maxLength: number): Cell<string> => ({
  title,
  read: (text) => {
    if (text === '') return EMPTY;
    if (text.includes('\n')) return { reason: '不能分行' };
    return text.length <= maxLength ? { value: text } : { reason: `最长 ${maxLength} 字` };
  },
});

export const longText = (title: string, maxLength: number): Cell<string> => ({
  title,
  read: (text) => {
    if (text === '') return EMPTY;
    return text.length <= maxLength ? { value: text } : { reason: `最长 ${maxLength} 字` };
  },
});

export const optional = <V>(cell: Cell<V>): Cell<V | null> => ({
  title: cell.title,
  read: (text) => (text === '' ? { value: null } : cell.read(text)),
});

const YES = ['true', '1', '是', 'yes'];
const NO = ['false', '0', '否', 'no'];

export const flag = (title: string, { ifEmpty }: { ifEmpty: boolean }): Cell<boolean> => ({
  title,
  read: (text) => {
    const word = text.toLowerCase();
    if (word === '') return { value: ifEmpty };
    if (YES.includes(word)) return { value: true };
    return NO.includes(word) ? { value: false } : { reason: '应为 true/false、1/0 或 是/否' };
  },
});

/** `words`: the code and its Chinese word; both are understood. */
export const choice = <C extends string>(title: string, words: Readonly<Record<C, string>>): Cell<C> => ({
  title,
  read: (text) => {
    if (text === '') return EMPTY;
    const found = (Object.keys(words) as C[]).find((option) => option === text || words[option] === text);
    return found ? { value: found } : { reason: `应为 ${Object.keys(words).join('、')} 之一` };
  },
});

/** Plain decimal numbers in (above, atMost] or [atLeast, atMost]. */
export const decimal = (
  title: string,
  { above, atLeast, atMost }: { above?: number; atLeast?: number; atMost: number },
): Cell<number> => ({
  title,
  read: (text) => {
    if (text === '') return EMPTY;
    if (!/^-?\d{1,9}(\.\d{1,20})?$/.test(text)) return { reason: '应为数字' };
    const value = Number(text);
    if (above !== undefined && value <= above) return { reason: `应大于 ${above}` };
    if (atLeast !== undefined && value < atLeast) return { reason: `不能小于 ${atLeast}` };
    return value <= atMost ? { value } : { reason: `不能大于 ${atMost}` };
  },
});
