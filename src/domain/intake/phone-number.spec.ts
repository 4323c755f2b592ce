import { isPhoneNumber, plainPhoneNumber } from './phone-number.js';

describe('phone numbers', () => {
  it.each([
    '13800138000',
    '138 0013 8000',
    '138-0013-8000',
    '+86 13800138000',
    '8613800138000',
    '0755-28399999',
    '075528399999',
    '010-12345678'.replace('1234', '6234'),
    '(0827)5262345',
    '0755-2839999-801',
    '12345',
    '95588',
    '400-800-1234',
  ])('takes %s', (phone) => {
    expect(isPhoneNumber(phone)).toBe(true);
  });

  it.each([
    '',
    '1380013800',
    '138001380000',
    '12800138000',
    '28399999',
    '110',
    '123',
    '0755-123',
    '电话13800138000',
    '13800138000 13800138001',
    '1'.repeat(40),
    '１３８００１３８０００',
  ])('refuses %s', (phone) => {
    expect(isPhoneNumber(phone)).toBe(false);
  });

  it('knows one number however it is written', () => {
    for (const written of [
      '13800138000',
      '138-0013-8000',
      ' +86 138 0013 8000',
      '86 13800138000',
      '+86 138-0013-8000',
    ]) {
      expect(plainPhoneNumber(written)).toBe('13800138000');
    }
    expect(plainPhoneNumber('(0755) 2839-9999')).toBe('075528399999');
    expect(plainPhoneNumber('0755-28399999转801')).toBe('075528399999-801');
  });
});
