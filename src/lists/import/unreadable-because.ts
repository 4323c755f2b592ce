const BROKEN = '\uFFFD';
// Line breaks and tabs may stand in longer texts.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** Why nobody could read a cell, in Chinese; `undefined`: it can be read. */
export function unreadableBecause(text: string): string | undefined {
  if (text.includes(BROKEN)) return '含有无法识别的字符，文件应为 UTF-8 编码';
  return CONTROL.test(text) ? '含有控制字符' : undefined;
}
