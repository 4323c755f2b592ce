import * as fc from 'fast-check';
import { maskAddress, maskIdNumber, maskName, maskPhone } from './mask.js';

const digits = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max });

describe('masking of personal data', () => {
  it('[DG1] shows the surname, the ends of the phone, nothing of the id, the street of the address', () => {
    expect(maskName('张三丰')).toBe('张**');
    expect(maskName('欧阳')).toBe('欧**');
    expect(maskPhone('13812345678')).toBe('138****5678');
    expect(maskPhone('0755-28391234')).toBe('075****1234');
    expect(maskPhone('12345')).toBe('***45');
    expect(maskIdNumber()).toBe('***');
    expect(maskAddress('深圳市坪山区龙田街道老坑路12号3栋')).toBe('深圳市坪山区龙田街道****');
    expect(maskAddress('巴州区清江镇塔山村3组8号')).toBe('巴州区清江镇****');
    expect(maskAddress('老坑路12号')).toBe('老坑****');
  });

  it('[DG1] never shows five digits of a phone in a row', () => {
    fc.assert(
      fc.property(digits(0, 24), fc.constantFrom('', '-', ' ', '+86 '), (phone, mark) => {
        const masked = maskPhone(phone.slice(0, 4) + mark + phone.slice(4));
        for (let at = 0; at + 5 <= phone.length; at++) expect(masked).not.toContain(phone.slice(at, at + 5));
      }),
    );
  });

  it('[DG1] shows no digit of an address, and at most one character of a name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(maskAddress(text)).not.toMatch(/[0-9０-９]/);
        const name = maskName(text);
        expect([...name.replace('***', '').replace(/\*\*$/, '')].length).toBeLessThanOrEqual(1);
        expect(name).not.toMatch(/\d/);
      }),
    );
  });
});
