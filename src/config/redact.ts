/**
 * What may stand in no log, wherever it comes from: an error's words may repeat what a driver, a parser or a caller was
 * given. [SI1]
 */
const NEVER_TOLD: readonly (readonly [RegExp, string])[] = [
  // The password of an address: `mysql://hub:secret@db`.
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s/]*@/gi, '$1***@'],
  [/\b(Bearer|ApiKey)\s+[\w.~+/=-]+/gi, '$1 ***'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '***'],
  // Databases repeat the value of a key that stands already, parsers the text that they could not read.
  [/(Duplicate entry ')[^]*?(' for key)/g, '$1***$2'],
  [/(?:\.{3})?"[^]*"(?:\.{3})?( is not valid JSON)/g, '***$1'],
  // Id numbers and phones.
  [/(?<![\w-])\d{17}[\dXx](?![\w-])/g, '***'],
  [/(?<![\w-])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\w-])/g, '***'],
  [/(?<![\w-])0\d{2,3}-?\d{7,8}(?![\w-])/g, '***'],
];

export type Redact = (text: string) => string;

/** `secrets`: values that are taken out wherever they stand; short ones are left, for they are words. */
export function redactor(secrets: readonly string[] = []): Redact {
  const known = secrets.filter((secret) => secret.length >= 8);
  return (text) => {
    const without = known.reduce((left, secret) => left.replaceAll(secret, '***'), text);
    return NEVER_TOLD.reduce((left, [pattern, instead]) => left.replace(pattern, instead), without);
  };
}
