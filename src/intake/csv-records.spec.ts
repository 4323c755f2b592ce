import * as fc from 'fast-check';
import { csvRecords } from './csv-records.js';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function recordsOf(text: string, size: number, bound = 64): Promise<[number, string][]> {
  const found: [number, string][] = [];
  for await (const record of csvRecords(inPieces(Buffer.from(text), size), bound)) {
    found.push([record.line, 'fault' in record ? `!${record.fault}` : record.bytes.toString()]);
  }
  return found;
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

describe('csvRecords', () => {
  it('keeps line breaks, commas and quotes inside quoted cells, wherever the pieces end', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '中', ',', '"', '\n', '\r\n'), maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom('', '\uFEFF'),
        async (rows, size, lineBreak, mark) => {
          const written = rows.map((cells) => cells.map(quoted).join(','));
          const found = await recordsOf(mark + written.map((row) => row + lineBreak).join(''), size, 1000);
          expect(found.map(([, text]) => text)).toEqual(written);
        },
      ),
    );
  });

  it('tells the line where each record begins', async () => {
    expect(await recordsOf('a,b\n"x\ny",2\n\nc,d', 3)).toEqual([
      [1, 'a,b'],
      [2, '"x\ny",2'],
      [5, 'c,d'],
    ]);
  });

  it('loses one line to a quote that is never closed, and goes on with the next', async () => {
    const text = `1,"never closed\n2,fine\n${'3,fine\n'.repeat(30)}`;
    for (const size of [1, 10, 1000]) {
      const found = await recordsOf(text, size);
      expect(found[0]).toEqual([1, '!quote_not_closed']);
      expect(found[1]).toEqual([2, '2,fine']);
      expect(found).toHaveLength(32);
    }
    expect(await recordsOf('1,"open\n2,x\n', 4)).toEqual([
      [1, '!quote_not_closed'],
      [2, '2,x'],
    ]);
  });

  it('loses one line to a quote that meets another one astray', async () => {
    expect(await recordsOf('1,"abc,x\n2,def,"y"\n3,z\n', 5)).toEqual([
      [1, '!quote_not_closed'],
      [2, '2,def,"y"'],
      [3, '3,z'],
    ]);
  });

  it('lets go of a line that is too long, and of no other', async () => {
    for (const size of [1, 10, 1000]) {
      expect(await recordsOf(`a\n${'x'.repeat(200)}\nb\n"${'y'.repeat(100)}`, size)).toEqual([
        [1, 'a'],
        [2, '!too_long'],
        [3, 'b'],
        [4, '!too_long'],
      ]);
    }
  });
});
