import { dueAsked } from './due-asked.js';
import { WrongCall } from './program.js';

describe('npm run due', () => {
  it('takes a day, a number of days, and whether they are natural ones', () => {
    expect(dueAsked(['2026-02-13', '3'])).toEqual({ start: '2026-02-13', n: 3, natural: false });
    expect(dueAsked(['1950-01-01', '1000', '--days'])).toEqual({ start: '1950-01-01', n: 1_000, natural: true });
    expect(dueAsked(['--days', '2199-12-31', '1'])).toMatchObject({ start: '2199-12-31', natural: true });
  });

  it.each([
    ['9999-12-31 1', '起始日不在 1950 至 2199 年之间：9999-12-31'],
    ['9999-12-31 1 --days', '起始日不在 1950 至 2199 年之间：9999-12-31'],
    ['0000-01-01 1', '起始日不在 1950 至 2199 年之间：0000-01-01'],
    ['1949-12-31 1', '起始日不在 1950 至 2199 年之间：1949-12-31'],
    ['2200-01-01 1', '起始日不在 1950 至 2199 年之间：2200-01-01'],
    ['2026-02-30 1', '起始日不是日期：2026-02-30'],
    ['13.2.2026 1', '起始日不是日期：13.2.2026'],
    ['2026-02-13 0', '天数应为 1 至 1000 的整数：0'],
    ['2026-02-13 1001', '天数应为 1 至 1000 的整数：1001'],
    ['2026-02-13 1.5', '天数应为 1 至 1000 的整数：1.5'],
    ['2026-02-13', '缺少起始日或天数'],
    ['2026-02-13 1 2', '多余的参数：2'],
  ])('[WD3] says what is wrong with “%s”, and how it is called', (line, what) => {
    const call = () => dueAsked(line.split(' '));
    expect(call).toThrow(WrongCall);
    expect(call).toThrow(`${what}\n用法：npm run due -- 起始日 N [--days]`);
  });

  it('says which option there is not', () => {
    expect(() => dueAsked(['2026-02-13', '1', '--weeks'])).toThrow('没有选项 --weeks');
  });
});
