import fc from 'fast-check';
import { PLAIN_CODE } from '../plain-code.js';
import { articleIdFrom, articleRefOf, isKnowledgeRef } from './article-ref.js';

describe('what an article is called', () => {
  it('[DG6] is a plain code that follows from a UUID, and another for another', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (a, b) => {
        const id = articleIdFrom(a);
        expect(id).toMatch(PLAIN_CODE);
        expect(articleIdFrom(a)).toBe(id);
        expect(articleRefOf(id)).toEqual({ articleId: id, version: undefined });
        if (a.slice(0, 13) !== b.slice(0, 13) || a.slice(-4) !== b.slice(-4)) expect(articleIdFrom(b)).not.toBe(id);
      }),
    );
  });
});

describe('what an answer may name as its ground', () => {
  const id = articleIdFrom('01234567-89ab-8def-8123-456789abcdef');

  it('[DG6][KB5] is an article, at a version or not, or any plain code', () => {
    expect(articleRefOf(`${id}@12`)).toEqual({ articleId: id, version: 12 });
    for (const ref of [id, `${id}@1`, 'K-12', 'policy.2026:7']) expect(isKnowledgeRef(ref)).toBe(true);
  });

  it.each([`${id}@0`, `${id}@`, `${id}@1234567`, `${id}@1@2`, 'K-12@3', '13812345678', '张三', '', 7, null])(
    '[DG6][KB5] is not %p',
    (ref) => {
      expect(isKnowledgeRef(ref)).toBe(false);
    },
  );
});
