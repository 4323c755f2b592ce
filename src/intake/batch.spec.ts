import type { Mapping } from '../domain/intake/mapping.js';
import { csvLines, type InputLine, LINE_BYTES, ndjsonLines } from './batch.js';

async function* stream(...parts: (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield Buffer.from(part);
}

async function all(lines: AsyncIterable<InputLine>): Promise<InputLine[]> {
  const found: InputLine[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

const codeOf = (line: InputLine) => ('error' in line ? line.error.code : 'fine');

describe('NDJSON of a batch', () => {
  it('makes broken text, broken JSON and oversize the matter of their own line', async () => {
    const found = await all(
      ndjsonLines(
        stream(
          '\uFEFF{"a":1}\n\n',
          Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}\n')]),
          '{"a":\n',
          `{"a":"${'x'.repeat(LINE_BYTES)}"}\n`,
          '{"a":"好"}',
        ),
      ),
    );
    expect(found.map((line) => [line.line, codeOf(line)])).toEqual([
      [1, 'fine'],
      [3, 'payload_malformed'],
      [4, 'payload_malformed'],
      [5, 'payload_too_large'],
      [6, 'fine'],
    ]);
    expect(found.at(-1)).toEqual({ line: 6, request: { a: '好' } });
  });
});

describe('CSV of a batch', () => {
  const mapping: Mapping = {
    name: 'town',
    source: 'town',
    encoding: 'utf-8',
    missing: ['-'],
    timeZone: '+08:00',
    fields: {
      sourceId: 'ID',
      text: 'TEXT',
      title: { template: '{TEXT}' },
      kind: { column: 'KIND', map: { 投诉: 'complaint' } },
    },
  };
  const rows = async (bytes: Buffer | string, use = mapping) => {
    const lines = await csvLines(stream(bytes), use);
    if (!lines.ok) throw new Error(lines.error.code);
    return all(lines.value);
  };

  it('takes a byte order mark, quotes and line breaks inside cells', async () => {
    expect(await rows('\uFEFFID,TEXT,KIND\r\n1,"路灯""坏""了，\r\n请修",投诉\r\n')).toEqual([
      {
        line: 2,
        request: {
          source: 'town',
          sourceId: '1',
          text: '路灯"坏"了，\r\n请修',
          title: '路灯"坏"了，\r\n请修',
          kind: 'complaint',
        },
      },
    ]);
  });

  it('makes a bad row an error with its line and column, and goes on', async () => {
    const broken = Buffer.concat([Buffer.from('3,'), Buffer.from([0xc4, 0xe3]), Buffer.from(',投诉\n')]);
    const bytes = Buffer.concat([
      Buffer.from('ID,TEXT,KIND\n1,甲,投诉\n2,乙,表扬\n'),
      broken,
      Buffer.from('4,丁\n5,戊,投诉,多\n6,a"b",投诉\n7,"庚,投诉\n8,辛,-\n'),
    ]);
    const found = await rows(bytes);
    expect(found.map((line) => [line.line, codeOf(line)])).toEqual([
      [2, 'fine'],
      [3, 'payload_invalid'],
      [4, 'payload_malformed'],
      [5, 'payload_malformed'],
      [6, 'payload_malformed'],
      [7, 'payload_malformed'],
      [8, 'payload_malformed'],
      [9, 'fine'],
    ]);
    expect(found[1]).toMatchObject({ error: { field: 'KIND' } });
    expect(JSON.stringify(found)).not.toContain('表扬');
  });

  it('reads GB18030 where the mapping says so', async () => {
    const bytes = Buffer.concat([
      Buffer.from('ID,TEXT,KIND\n1,'),
      Buffer.from([0xc4, 0xe3, 0xba, 0xc3]),
      Buffer.from(',-\n'),
    ]);
    expect(await rows(bytes, { ...mapping, encoding: 'gb18030' })).toEqual([
      { line: 2, request: { source: 'town', sourceId: '1', text: '你好', title: '你好' } },
    ]);
  });

  it('is refused as a whole without a column that the mapping reads', async () => {
    const lines = await csvLines(stream('ID,KIND\n1,投诉\n'), mapping);
    expect(lines).toMatchObject({ ok: false, error: { code: 'payload_invalid', field: 'TEXT' } });
    expect(await csvLines(stream(''), mapping)).toMatchObject({ ok: false, error: { code: 'payload_malformed' } });
  });
});
