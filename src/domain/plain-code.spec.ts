import fc from 'fast-check';
import { PLAIN_CODE } from './plain-code.js';

describe('a plain code', () => {
  it.each(['K-1', 'not_our_duty', 'KB.2026-0001', 'a:b', 'R', 'K-2026-000123', 'x'.repeat(64)])(
    '[DG6] may be %s',
    (code) => expect(PLAIN_CODE.test(code)).toBe(true),
  );

  it.each([
    ['empty', ''],
    ['a name', '王小明'],
    ['a name and more', '王小明13912345678坪山老坑路12号'],
    ['words', 'two words'],
    ['a mobile phone', '13912345678'],
    ['a mobile phone with a code before it', 'K-13912345678'],
    ['a mobile phone in parts', '139-1234-5678'],
    ['a landline in parts', 'tel.028-2738.1234'],
    ['a landline', '27381234'],
    ['an id number', '11010519491231002X'],
    ['an id number in parts', '110105-194912-31002X'],
    ['full-width digits', 'K１３９'],
    ['several lines', 'a\nb'],
    ['a line and its end', 'a\n'],
    ['too long', 'x'.repeat(65)],
  ])('[DG6] is not %s', (_what, text) => expect(PLAIN_CODE.test(text)).toBe(false));

  it('[DG6] never holds a phone number, whatever stands around and between its digits', () => {
    const digit = fc.integer({ min: 0, max: 9 }).map(String);
    const filler = fc.string({ unit: fc.constantFrom('a', 'Z', '-', '_', '.', ':'), maxLength: 3 });
    const phone = fc.array(fc.tuple(digit, filler), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('K', '-', '7'), maxLength: 5 }), phone, (before, rest) => {
        expect(PLAIN_CODE.test(`${before}1${rest.map((part) => part.join('')).join('')}`)).toBe(false);
      }),
    );
  });
});
