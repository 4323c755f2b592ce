import { isSamePerson, saysAgain } from './says-again.js';

const person = (phoneDigest: string | null, idDigest: string | null = null) => ({ phoneDigest, idDigest });

describe('the same person', () => {
  it.each([
    [person('p1'), person('p1'), true],
    [person('p1'), person('p2'), false],
    [person('p1', 'i1'), person('p2', 'i1'), true],
    [person('p1', 'i1'), person('p1', 'i2'), false],
    [person('p1', 'i1'), person('p1'), true],
    [person(null), person(null), false],
    [person(null, 'i1'), person('p1'), false],
  ])('[DU1] %j and %j: %p', (a, b, same) => {
    expect(isSamePerson(a, b)).toBe(same);
    expect(isSamePerson(b, a)).toBe(same);
  });
});

describe('what is said again', () => {
  const open = { visibility: 'internal' } as const;
  const secret = { visibility: 'confidential' } as const;

  it('[DU1] goes to the primary when the same person said it', () => {
    expect(saysAgain(open, { samePerson: true, primary: open })).toBe(true);
    expect(saysAgain(open, { samePerson: false, primary: open })).toBe(false);
    expect(saysAgain(open, { primary: open })).toBe(false);
  });

  it('[DU1][DG4] stays where it is when it is confidential and the primary is not', () => {
    expect(saysAgain(secret, { samePerson: true, primary: open })).toBe(false);
    expect(saysAgain(secret, { samePerson: true, primary: secret })).toBe(true);
    expect(saysAgain(open, { samePerson: true, primary: secret })).toBe(true);
  });
});
