import * as fc from 'fast-check';
import { byteLines, withoutBom } from './byte-lines.js';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function linesOf(bytes: Buffer, size: number, bound = 16): Promise<[number, string | null][]> {
  const found: [number, string | null][] = [];
  for await (const { line, bytes: text } of byteLines(inPieces(bytes, size), bound)) {
    found.push([line, text === null ? null : text.toString('latin1')]);
  }
  return found;
}

describe('byteLines', () => {
  it('cuts a stream at its line breaks, wherever its pieces end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '"', ' '), maxLength: 16 }), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('\n', '\r\n'),
        async (lines, size, lineBreak) => {
          const expected = lines.map((text, at) => [at + 1, text]);
          const bytes = Buffer.from(lines.map((text) => text + lineBreak).join(''));
          expect(await linesOf(bytes, size, 17)).toEqual(expected);
        },
      ),
    );
  });

  it('lets go of a line that is too long, and of no other', async () => {
    const bytes = Buffer.from(`one\n${'x'.repeat(100)}\ntwo\n${'y'.repeat(17)}\nthree\n${'z'.repeat(40)}`);
    for (const size of [1, 7, 64, 1000]) {
      expect(await linesOf(bytes, size)).toEqual([
        [1, 'one'],
        [2, null],
        [3, 'two'],
        [4, null],
        [5, 'three'],
        [6, null],
      ]);
    }
  });

  it('passes over a byte order mark at the start only', async () => {
    const bytes = Buffer.from('\uFEFFa\n\uFEFFb\n');
    for (const size of [1, 2, 3, 100]) {
      expect(await linesOf(bytes, size)).toEqual([
        [1, 'a'],
        [2, Buffer.from('\uFEFFb').toString('latin1')],
      ]);
    }
    for await (const piece of withoutBom(inPieces(Buffer.from('ab'), 1))) expect(piece.toString()).toBe('ab');
  });
});
