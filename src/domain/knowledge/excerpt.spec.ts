import fc from 'fast-check';
import { excerpt } from './excerpt.js';

const filler = (n: number) => '一二三四五六七八九十'.repeat(n);

describe('the excerpt of an article', () => {
  it('[KB3] is the whole of a short text, in one line', () => {
    expect(excerpt('第一行\n\n第二行  完', '完')).toBe('第一行 第二行 完');
  });

  it('[KB3] shows the passage with most of what was asked for', () => {
    const shown = excerpt(`路灯${filler(20)}路灯不亮请报修${filler(20)}`, '路灯不亮');
    expect(shown).toContain('路灯不亮请报修');
    expect(shown).toMatch(/^….+…$/u);
  });

  it('[KB3] finds its passage in whatever width and case', () => {
    expect(excerpt(`${filler(15)}请拨打１２３４５热线`, '12345')).toContain('请拨打１２３４５热线');
    expect(excerpt(`${filler(15)}办理ETC`, 'etc')).toContain('办理ETC');
    expect(excerpt(`面积以㎡计。${filler(15)}请拨打热线`, '热线')).toContain('请拨打热线');
  });

  it('[KB3] is the beginning when only the title fits', () => {
    expect(excerpt(filler(20), '停水')).toBe(`${filler(9)}…`);
  });

  it('[KB3] is a piece of the text, never longer than a passage, whatever text and question are', () => {
    const text = fc.string({ unit: fc.constantFrom(...'水电路灯停不亮12AaＡ㎡ \n，。𠮷'), maxLength: 400 });
    fc.assert(
      fc.property(text, text, (body, question) => {
        const shown = excerpt(body, question);
        const piece = shown.replace(/^…|…$/gu, '');
        expect(body.replace(/\s+/g, ' ').trim()).toContain(piece);
        expect([...piece].length).toBeLessThanOrEqual(90);
      }),
    );
  });
});
