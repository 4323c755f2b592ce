/**
 * The form of what a caller may freely put into the log, which keeps it for ever: letters, digits and `_ . : -`, up to
 * 64, with no more than six digits in a row and ten altogether. A name does not fit, nor do a phone or an id number,
 * however they are parted [DG6].
 */
export const PLAIN_CODE = /^(?!.*\d{7})(?!(?:.*?\d){11})[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;
