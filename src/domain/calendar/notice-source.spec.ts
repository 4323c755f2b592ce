import { noticeSource } from './notice-source.js';

describe('the source of a notice', () => {
  it.each([
    'https://www.gov.cn/zhengce/content/202511/content_7047091.htm',
    'http://a.gov.cn/1 http://a.gov.cn/2',
    '国务院办公厅关于2027年部分节假日安排的通知',
    '国办发明电〔2026〕12号：通知',
  ])('[WD8] takes %s', (text) => {
    expect(noticeSource(` ${text} `)).toBe(text);
  });

  it.each(['', '  ', 'javascript:alert(1)', 'data:text/html,x', 'https://', 'https:gov.cn', 'a\nb', '长'.repeat(501)])(
    '[WD8] does not take %j',
    (text) => {
      expect(noticeSource(text)).toBeUndefined();
    },
  );
});
