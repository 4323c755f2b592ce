const MOBILE = /^(?:\+?86)?1[3-9]\d{9}$/;
/** Area code, seven or eight digits, perhaps an extension. */
const LANDLINE = /^(?:\+?86)?(?:010|02\d|0[3-9]\d{2})[2-9]\d{6,7}(?:-\d{1,6})?$/;
/** 12345, 95588, 400 and 800 numbers. Those of three digits (110, 120) are nobody's own: nobody can be called back there. */
const HOTLINE = /^(?:1\d{4}|9[56]\d{3,4}|[48]00\d{7})$/;

/** Digits only, without country code and the marks people write between; an extension keeps its dash. */
export function plainPhoneNumber(written: string): string {
  const [, main = '', extension] = /^(.*?)(?:(?:-|转|ext\.?)(\d{1,6}))?$/i.exec(written.replace(/[\s()（）]/g, ''))!;
  const digits = digitsOf(main);
  // 138-0013-8000: what follows the last dash is an extension only when a whole number stands before it.
  if (extension === undefined || digits.replace(/^\+?86/, '').length < 10) return digitsOf(`${main}${extension ?? ''}`);
  return `${digits}-${extension}`;
}

const digitsOf = (text: string): string => text.replaceAll('-', '').replace(/^\+?86(?=[01]\d{9,})/, '');

/** A Chinese mobile number, a landline with area code, or a hotline; with or without the marks between. */
export function isPhoneNumber(written: string): boolean {
  if (written.length > 32 || !/^[\d\s()（）+\-转ext.]+$/i.test(written)) return false;
  const plain = plainPhoneNumber(written);
  return MOBILE.test(plain) || LANDLINE.test(plain) || HOTLINE.test(plain);
}
