import * as fc from 'fast-check';
import { dayOf, numberIn, RECEIPT_ALPHABET, receiptCode, seriesOf } from './numbering.js';

describe('numbers of requests and orders', () => {
  it('[LI7] names the day in Shanghai and counts within it', () => {
    expect(dayOf(Date.parse('2026-11-20T15:59:59.999Z'))).toBe('20261120');
    expect(dayOf(Date.parse('2026-11-20T16:00:00.000Z'))).toBe('20261121');
    expect(numberIn(seriesOf('GD', Date.parse('2026-11-20T16:00:00Z')), 123)).toBe('GD20261121-000123');
    expect(numberIn('SQ20261121', 1_234_567)).toBe('SQ20261121-1234567');
  });

  it('makes receipt codes of ten characters that nobody confuses', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(1_000_000)), (chances) => {
        const code = receiptCode((limit) => (chances.next().value as number) % limit);
        expect(code).toMatch(new RegExp(`^[${RECEIPT_ALPHABET}]{10}$`));
        expect(code).not.toMatch(/[0O1IL]/);
      }),
    );
  });
});
