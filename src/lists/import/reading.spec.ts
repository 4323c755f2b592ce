import { inPieces } from '../../../test/support/list-kit.js';
import { csvRows, type ColumnNames } from './csv-rows.js';
import { readEffectiveFrom } from './effective-from.js';
import { JsonRows } from './json-rows.js';
import type { RawRow } from './raw-row.js';
import { utf8Text } from './utf8-text.js';

const columns: ColumnNames[] = [
  { name: 'code', title: '编码', required: true },
  { name: 'name', title: '名称', required: true },
  { name: 'note', title: '说明', required: false },
];

async function all(rows: AsyncIterable<RawRow>): Promise<RawRow[]> {
  const found: RawRow[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

const csv = (content: string | Uint8Array, pieceBytes = 7) =>
  all(csvRows(utf8Text(inPieces(content, pieceBytes), 1_000_000), columns));

const row = (line: number, cells: Record<string, string>, faults: RawRow['faults'] = []) => ({ line, cells, faults });

describe('reading CSV', () => {
  it('takes BOM, quotes, commas and line breaks inside cells, and tells the line where each row begins', async () => {
    const text = '\uFEFFcode,name\r\n1,"a, ""b"""\r\n\r\n2,"first\r\nsecond"\r\n3,c\r\n';
    const expected = [
      row(2, { code: '1', name: 'a, "b"' }),
      row(4, { code: '2', name: 'first\nsecond' }),
      row(6, { code: '3', name: 'c' }),
    ];
    for (const pieceBytes of [1, 2, 3, 7, 4_096]) expect(await csv(text, pieceBytes)).toEqual(expected);
  });

  it('takes Chinese titles, columns in any order, single carriage returns, a last line without end', async () => {
    expect(await csv('名称,编码\rn,1\rm,2')).toEqual([
      row(2, { name: 'n', code: '1' }),
      row(3, { name: 'm', code: '2' }),
    ]);
  });

  it('characters cut between pieces stay whole; broken ones come out as U+FFFD', async () => {
    expect(await csv('code,name\n1,城管办\n', 1)).toEqual([row(2, { code: '1', name: '城管办' })]);
    const broken = Buffer.concat([Buffer.from('code,name\n1,'), Buffer.from([0xb3, 0xc7]), Buffer.from('\n2,ok\n')]);
    const [first, second] = await csv(broken);
    expect(first?.cells?.name).toContain('\uFFFD');
    expect(second).toEqual(row(3, { code: '2', name: 'ok' }));
  });

  it('a header with unknown, doubled and missing columns ends the reading, all faults named', async () => {
    expect(await csv('code,code,secret phone\n1,2,3\n')).toEqual([
      {
        line: 1,
        cells: null,
        faults: [
          { column: '第3列', reason: '没有这样的列名' },
          { column: 'code', reason: '列名重复' },
          { column: 'name', reason: '缺少这一列' },
        ],
      },
    ]);
  });

  it('rows that are too short miss cells; too long ones are faulty', async () => {
    expect(await csv('code,name,note\n1,a\n2,b,c,d\n')).toEqual([
      row(2, { code: '1', name: 'a', note: '' }),
      row(3, { code: '2', name: 'b', note: 'c' }, [{ column: '第4列', reason: '单元格多于列名' }]),
    ]);
  });

  it('quotes that do not close, or close in the middle, end the reading with their line', async () => {
    const [good, open] = await csv('code,name\n1,a\n2,"b\n3,c\n');
    expect(good?.line).toBe(2);
    expect(open).toMatchObject({ line: 3, cells: null, faults: [{ column: '*' }] });
    expect((await csv('code,name\n1,"a"b\n')).at(-1)).toMatchObject({ line: 2, cells: null });
  });

  it('a quote left open does not swallow a long file', async () => {
    const rows = await csv(`code,name\n1,"${'x'.repeat(100_000)}`, 4_096);
    expect(rows).toMatchObject([{ line: 2, cells: null, faults: [{ reason: '一行过长，或引号没有成对' }] }]);
  });

  it('an empty file lacks its header', async () => {
    for (const text of ['', '\n\n']) expect(await csv(text)).toMatchObject([{ line: 1, cells: null }]);
  });

  it('a file above the limit is refused, however its pieces come, and a sender that breaks off is an error', async () => {
    await expect(all(csvRows(utf8Text(inPieces('code,name\n1,a\n', 3), 10), columns))).rejects.toMatchObject({
      error: { code: 'payload_too_large' },
    });
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('code,name\n1,a\n');
      throw new Error('aborted');
    }
    await expect(all(csvRows(utf8Text(broken(), 1_000), columns))).rejects.toThrow('aborted');
  });
});

describe('reading JSON', () => {
  async function json(content: string, pieceBytes = 5) {
    const reading = new JsonRows(columns.map(({ name }) => name));
    const rows = await all(reading.read(utf8Text(inPieces(content, pieceBytes), 1_000_000)));
    return { rows, effectiveFrom: reading.effectiveFrom };
  }

  it('takes an array, cut anywhere, and tells the line where each row begins', async () => {
    const text =
      '[\n {"code":"1","name":"a [\\"{b"},\n\n {"code":2,\n  "name":true,"note":["x","y"]}, {"code":null,"name":""}\n]\n';
    for (const pieceBytes of [1, 3, 4_096]) {
      expect((await json(text, pieceBytes)).rows).toEqual([
        row(2, { code: '1', name: 'a ["{b' }),
        row(4, { code: '2', name: 'true', note: 'x;y' }),
        row(5, { code: '', name: '' }),
      ]);
    }
  });

  it('takes an object with rows and the effective date, in any order', async () => {
    const rows = [row(1, { code: '1', name: 'n' })];
    const text = '[{"code":"1","name":"n"}]';
    expect(await json(`{"rows":${text},"effectiveFrom":"2027-01-01"}`)).toEqual({ rows, effectiveFrom: '2027-01-01' });
    expect(await json(`{ "effectiveFrom":"2027-01-01", "rows" : ${text}}`)).toEqual({
      rows,
      effectiveFrom: '2027-01-01',
    });
    expect(await json(`{"rows":${text}}`)).toEqual({ rows, effectiveFrom: undefined });
    expect((await json('[]')).rows).toEqual([]);
  });

  it('names rows that are no objects, fields that are no cells, unknown fields, and goes on', async () => {
    const { rows } = await json('[1,{"code":{"a":1}},{"phone":"x"},{bad},[],{"code":"1"}]');
    expect(rows.map(({ faults }) => faults[0]?.reason)).toEqual([
      '每一行应为一个对象',
      '应为文字、数字、是否或编码的数组',
      '有不认识的字段',
      '不是正确的 JSON',
      '每一行应为一个对象',
      undefined,
    ]);
  });

  it('names commas too many and an end that is missing', async () => {
    expect((await json('[{"code":"1"},]')).rows.at(-1)?.faults[0]?.reason).toBe('不是正确的 JSON');
    expect((await json('[{"code":"1"},\n{"code":"2"')).rows.at(-1)).toMatchObject({ line: 2, cells: null });
    expect((await json('[{"code":"1}]')).rows.at(-1)).toMatchObject({ cells: null });
  });

  it('refuses what is no list at all', async () => {
    for (const text of [
      '',
      '7',
      '"[]"',
      '{}',
      '{"rows":3}',
      '{"x":{"rows":[]}}',
      '{"rows":[],"other":1}',
      '[] []',
      'x',
    ]) {
      await expect(json(text)).rejects.toMatchObject({ error: { code: 'payload_malformed' } });
    }
    await expect(json('{"rows":[],"effectiveFrom":3}')).rejects.toMatchObject({
      error: { code: 'payload_invalid', field: 'effectiveFrom' },
    });
  });

  it('a string left open does not swallow a long file', async () => {
    const { rows } = await json(`[{"code":"${'x'.repeat(100_000)}`, 4_096);
    expect(rows).toMatchObject([{ cells: null, faults: [{ column: '*' }] }]);
  });
});

describe('effective dates', () => {
  it('[LI5] a day begins at midnight in China; instants carry their offset', () => {
    expect(readEffectiveFrom('2027-01-01')).toBe(Date.UTC(2026, 11, 31, 16));
    expect(readEffectiveFrom('2027-01-01T08:00:00+08:00')).toBe(Date.UTC(2027, 0, 1));
    expect(readEffectiveFrom('2027-01-01T00:00Z')).toBe(Date.UTC(2027, 0, 1));
    for (const text of [
      '',
      'tomorrow',
      '2027-02-30',
      '2027-13-01',
      '2027-01-01T00:00',
      '1.1.2027',
      '2027-01-01T25:00Z',
    ]) {
      expect(() => readEffectiveFrom(text)).toThrow();
    }
  });
});
