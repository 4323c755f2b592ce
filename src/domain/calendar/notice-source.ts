export const LONGEST_SOURCE = 500;

/** Where a notice is said to come from: one or more web addresses, or the words of its title. `undefined`: neither. [WD8] */
export function noticeSource(text: string): string | undefined {
  const source = text.trim();
  if (source === '' || source.length > LONGEST_SOURCE || /\p{Cc}/u.test(source)) return undefined;
  if (!/^[a-z][a-z0-9+.-]*:/i.test(source)) return source;
  // Somebody may press it: no other kind of address opens there.
  const isAddress = (part: string) => /^https?:\/\//i.test(part) && URL.canParse(part);
  return source.split(/ +/).every(isAddress) ? source : undefined;
}
