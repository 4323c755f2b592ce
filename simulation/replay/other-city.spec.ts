import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogueIn, merged, unitsIn } from './derive-lists.js';
import { readRecording, recordingOf } from './recorded-rows.js';
import { readMapping, type ReplayMapping } from './replay-mapping.js';

/** Other columns, another separator of matters, two levels of units, GBK, another word for what is missing. */
const MAPPING: ReplayMapping = {
  name: 'hill-town',
  source: 'hill-town',
  encoding: 'gbk',
  missing: ['无'],
  timeZone: '+08:00',
  fields: {
    sourceId: { template: 'HT-{编号}' },
    occurredAt: { column: '来电时间', format: 'YYYY/MM/DD HH:mm' },
    channel: { value: 'phone' },
    title: '标题',
    text: '标题',
    catalogCode: { template: '{大类}.{小类}' },
    'place.areaCode': '村',
    filedBy: { value: '历史记录回放' },
  },
  replay: {
    notes: [],
    recordedUnit: '{承办}',
    units: [
      { unitId: 'village-{村}', name: '{村名}', type: 'village', level: 'village', areaCode: '{村}' },
      { unitId: '{承办}', name: '{承办名}', type: 'department', level: 'department' },
    ],
    catalogue: [
      { code: '{大类}', name: '{大类}' },
      { code: '{大类}.{小类}', name: '{小类名}', parentCode: '{大类}' },
    ],
    learning: { areas: ['{村}'], minSupport: 2, minShare: 0.5 },
    counts: [{ name: 'done', column: '结果', value: '已办' }],
  },
};
const HEADER = '编号,来电时间,标题,大类,小类,小类名,村,村名,承办,承办名,结果';
const CSV = [
  HEADER,
  '2,2020/03/02 09:00,"路灯,\n不亮",L,L1,路灯,V1,上村,U1,供电所,已办',
  '1,2020/03/01 08:30,路灯不亮,L,L1,路灯,V1,上村,U1,供电站,已办',
  '3,2020/03/03 10:00,井盖缺失,R,R1,井盖,V2,下村,无,无,无',
  '4,2020/03/04 10:00,井盖缺失,R,R1,井盖,无,无,U1,供电站,无',
].join('\n');

describe("another city's file", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'replay-mapping-'));
    await mkdir(join(folder, 'replay'));
    await writeFile(join(folder, 'replay', 'hill-town.json'), JSON.stringify(MAPPING));
    await writeFile(join(folder, 'utf8.csv'), `\uFEFF${CSV}`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('needs a new mapping and no code', async () => {
    const mapping = { ...(await readMapping(folder, 'hill-town')), encoding: 'utf-8' };
    const { rows, unreadable } = await readRecording(join(folder, 'utf8.csv'), mapping);
    expect(unreadable).toEqual([]);
    expect(rows.map(({ index, request: { sourceId } }) => [index, sourceId])).toEqual([
      [0, 'HT-1'],
      [1, 'HT-2'],
      [2, 'HT-3'],
      [3, 'HT-4'],
    ]);
    expect(rows[1]).toMatchObject({
      at: Date.parse('2020-03-02T09:00:00+08:00'),
      unitId: 'U1',
      areas: ['V1'],
      request: { title: '路灯,\n不亮', catalogCode: 'L.L1', place: { areaCode: 'V1' }, channel: 'phone' },
    });
    expect(rows[2]?.unitId).toBeNull();
    expect(rows[3]?.areas).toEqual([]);

    const cells = rows.map((row) => row.cells);
    expect(unitsIn(cells, mapping).map(({ unitId, name, areaCode }) => [unitId, name, areaCode])).toEqual([
      ['U1', '供电站', null],
      ['village-V1', '上村', 'V1'],
      ['village-V2', '下村', 'V2'],
    ]);
    expect(catalogueIn(cells, mapping).map(({ code, name, parentCode }) => [code, name, parentCode])).toEqual([
      ['L', 'L', null],
      ['L.L1', '路灯', 'L'],
      ['R', 'R', null],
      ['R.R1', '井盖', 'R'],
    ]);
  });

  it('may be written in the encoding that the mapping names', () => {
    // 编号 in GBK.
    const bytes = Buffer.from([0xb1, 0xe0, 0xba, 0xc5]);
    expect(new TextDecoder(MAPPING.encoding).decode(bytes)).toBe('编号');
  });

  it('is told by name when it is not the file that the mapping was written for', () => {
    expect(() => recordingOf('编号,标题\n1,路灯', MAPPING)).toThrow(/来电时间.*承办/);
    expect(() => recordingOf(HEADER, MAPPING)).toThrow('no rows');
    expect(() => recordingOf(`${HEADER}\n1,"2`, MAPPING)).toThrow('not CSV');
  });

  it('keeps the good rows when some cannot be read', () => {
    const { rows, unreadable } = recordingOf(
      `${HEADER}\n1,昨天,a,L,L1,路灯,V1,上村,U1,供电所,无\n2,2020/03/02 09:00,a,L,L1,路灯,V1,上村,U1,供电所,无`,
      MAPPING,
    );
    expect(rows).toHaveLength(1);
    expect(unreadable).toEqual([{ line: 2, column: '来电时间', reason: '时间应写作 YYYY/MM/DD HH:mm' }]);
  });

  it('is refused with what the mapping lacks, or that there is none', async () => {
    const { replay: _, ...bare } = MAPPING;
    await writeFile(join(folder, 'replay', 'bare.json'), JSON.stringify(bare));
    await expect(readMapping(folder, 'bare')).rejects.toThrow('replay.recordedUnit');
    await expect(readMapping(folder, 'nowhere')).rejects.toThrow('is not there');
  });
});

describe('lists of a file', () => {
  const cells = (village: string, name: string) => ({
    村: village,
    村名: name,
    承办: '无',
    承办名: '无',
    大类: '无',
    小类: '无',
  });

  it('give a unit the name that most rows give it, of equals the latest', () => {
    const rows = [
      cells('V1', '上村'),
      cells('V1', '上村（街道）'),
      cells('V1', '上村'),
      cells('V2', '甲'),
      cells('V2', '乙'),
    ];
    const names = unitsIn(rows, MAPPING).map(({ name }) => name);
    expect(names).toEqual(['上村', '乙']);
    expect(unitsIn([cells('V3', '无')], MAPPING)[0]?.name).toBe('village-V3');
  });

  it('leave whatever is in force and is not in the file', () => {
    const id = (row: { id: string; from: string }): string => row.id;
    const inForce = [
      { id: 'b', from: 'force' },
      { id: 'a', from: 'force' },
    ];
    const found = [
      { id: 'c', from: 'file' },
      { id: 'b', from: 'file' },
    ];
    const once = merged(inForce, found, id);
    expect(once.map(({ id, from }) => id + from)).toEqual(['aforce', 'bfile', 'cfile']);
    expect(merged(once, found, id)).toEqual(once);
  });
});

describe('the mapping of Pingshan', () => {
  it('can be read, and its matters have three levels', async () => {
    const { replay, name } = await readMapping('config', 'pingshan');
    expect([name, replay.catalogue.length, replay.units.length]).toEqual(['pingshan', 3, 4]);
    expect(await readFile('config/replay/pingshan.json', 'utf8')).not.toMatch(/\/work|shared\//);
  });
});
