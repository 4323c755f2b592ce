const SHANGHAI_OFFSET = 8 * 3_600_000;

/** 31 characters that nobody confuses when they are read out or copied by hand: no 0 O 1 I L. */
export const RECEIPT_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
export const RECEIPT_LENGTH = 10;

/** The day in Shanghai (UTC+8, no summer time) as `20261121`. */
export function dayOf(at: number): string {
  return new Date(at + SHANGHAI_OFFSET).toISOString().slice(0, 10).replaceAll('-', '');
}

export type NumberKind = 'GD' | 'SQ' | 'WS';

/** The series that counts one kind of number on one day. */
export const seriesOf = (kind: NumberKind, at: number): string => `${kind}${dayOf(at)}`;

/** `GD20261121-000123` (工单), `SQ20261121-000123` (诉求) or `WS20261121-000123` (哨单): readable, and in order within a day [LI7]. */
export const numberIn = (series: string, count: number): string => `${series}-${String(count).padStart(6, '0')}`;

/** What the citizen keeps to ask again; `below(n)` answers an even chance of 0 … n-1. */
export function receiptCode(below: (limit: number) => number): string {
  return Array.from({ length: RECEIPT_LENGTH }, () => RECEIPT_ALPHABET.charAt(below(RECEIPT_ALPHABET.length))).join('');
}
