import { indexTerms, meansBeginnings, queryTerms } from './search-terms.js';

describe('the terms of a text', () => {
  it('[KB3] are the pairs of Chinese characters and the words of everything else', () => {
    expect(indexTerms('拨打12345热线')).toEqual(['拨', '打', '拨打', '12345', '热', '线', '热线']);
    expect(indexTerms('路灯坏，报修')).toEqual(['路', '灯', '坏', '路灯', '灯坏', '报', '修', '报修']);
    expect(indexTerms('办理 ETC 卡')).toEqual(['办', '理', '办理', 'etc', '卡']);
    expect(indexTerms('G15高速、A4纸')).toEqual(['g15', '高', '速', '高速', 'a4', '纸']);
  });

  it('[KB3] are the same in full and half width, and in any case', () => {
    expect(indexTerms('１２３４５ＷｉＦｉ（热线）')).toEqual(indexTerms('12345wifi(热线)'));
    expect(indexTerms('㎡')).toEqual(['m2']);
  });

  it('[KB3] are none where there is neither', () => {
    expect(indexTerms('——？！“”……')).toEqual([]);
    expect(indexTerms('')).toEqual([]);
  });

  it('[KB3] hold rare characters whole, also those outside the first plane', () => {
    expect(indexTerms('𠮷野家')).toEqual(['𠮷', '野', '家', '𠮷野', '野家']);
  });
});

describe('the terms of a question', () => {
  it('[KB3] are each there once, a character alone only when it stands alone', () => {
    expect(queryTerms('停水停水')).toEqual(['停水', '水停']);
    expect(queryTerms('水')).toEqual(['水']);
  });

  it('[KB3] leave out what it is asked with', () => {
    expect(queryTerms('请问公交卡怎么充值？')).toEqual(['公交', '交卡', '充值']);
    expect(queryTerms('路灯不亮怎么办')).toEqual(queryTerms('路灯不亮'));
    expect(queryTerms('为什么')).toEqual(['为什', '什么']);
  });

  it('[KB3] mean beginnings when they are a word or a number of some length', () => {
    expect(['水', '停水', '12', '123', 'et', 'etc'].map(meansBeginnings)).toEqual([
      ...[false, false, false, true, false, true],
    ]);
  });
});
