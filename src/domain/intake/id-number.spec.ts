import * as fc from 'fast-check';
import { isIdNumber } from './id-number.js';

/** The examples that GB 11643 itself prints. */
const PRINTED = ['11010519491231002X', '440524188001010014'];

describe('id numbers', () => {
  it('takes the numbers that the standard prints', () => {
    for (const idNumber of PRINTED) expect(isIdNumber(idNumber)).toBe(true);
    expect(isIdNumber('11010519491231002x')).toBe(true);
  });

  it('refuses a number with any one digit changed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PRINTED), fc.nat(16), fc.integer({ min: 1, max: 9 }), (idNumber, place, step) => {
        const digit = (Number(idNumber.charAt(place)) + step) % 10;
        expect(isIdNumber(idNumber.slice(0, place) + digit + idNumber.slice(place + 1))).toBe(false);
      }),
    );
  });

  it.each(['', '110105194912310', '11010519490231002X', '110105 19491231 002X', 'X10105194912310021'])(
    'refuses %s',
    (text) => {
      expect(isIdNumber(text)).toBe(false);
    },
  );
});
