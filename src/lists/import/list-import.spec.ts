import type { Row } from '../../storage/unit-of-work.js';
import { inPieces, LIST_ADMIN, type ListKit, openListKit } from '../../../test/support/list-kit.js';
import { until } from '../../../test/support/until.js';
import { SYSTEM } from '../../identity/actor.js';
import type { ListName } from '../list-book.js';
import { ListVersions } from '../list-versions.js';
import { PutListInForce } from '../put-list-in-force.js';

const UNITS = `unitId,name,type,level,parentId,areaCode,areaType,active
district,示范区,government,district,,D,,true
street,东城街道,street,street,district,S,城市,true
community,六联社区,community,community,street,C,城市,true
bureau,城市管理局,department,district,district,,,true
closed,旧单位,department,district,district,,,false
`;
const CATALOGUE = `code,name,parentCode
01,市容秩序,
0101,占道经营,01
02,供水,
`;
const DUTIES = `catalogCode,areaCode,unitId,assistUnitIds,legalBasis,fallbackUnitId,confidence
0101,*,bureau,street;community,市容管理条例,,0.9
0101,C,street,,,district,
*,D,,,,district,
`;
const STANDARDS = `catalogCode,areaCode,unitId,procedureType,limit,limitBasis,bandMin,bandMax,bindingness,text,closingRequirements
0101,,,简易,5,日,3,7,推荐,当场劝离,拍照
0101,S,,simple,3,days,,,local,,
02,,,standard,8,hours,,,mandatory,,
`;

describe('importing lists', () => {
  let kit: ListKit;
  beforeEach(async () => {
    kit = await openListKit();
  });
  afterEach(() => kit.close());

  const importAll = async () => {
    for (const [list, text] of Object.entries({
      units: UNITS,
      catalogue: CATALOGUE,
      duties: DUTIES,
      standards: STANDARDS,
    })) {
      expect(await kit.csv(list as ListName, text)).toMatchObject({ status: 'activated', version: 1, errors: [] });
    }
  };
  const versions = () => kit.readModel.run((tx) => kit.listBook.versions(tx, kit.clock.now()));
  const rowsOf = (sql: string) => kit.readModel.run((tx) => tx.all<Row>(sql));
  const faults = async (list: ListName, text: string) => {
    const report = await kit.csv(list, text);
    expect(report).toMatchObject({ status: 'refused', version: null });
    return report.errors.map(({ line, column, reason }) => `${line} ${column} ${reason}`);
  };

  it('[LI5] CSV: the whole list holds at once, by its number, and tells who listens', async () => {
    await importAll();
    expect(await versions()).toEqual({ units: 1, catalogue: 1, duties: 1, standards: 1 });
    const tree = await kit.readModel.run((tx) => kit.listBook.units(tx, kit.clock.now()));
    expect(tree.all()).toHaveLength(5);
    expect(tree.get('street')).toEqual({
      unitId: 'street',
      name: '东城街道',
      type: 'street',
      level: 'street',
      parentId: 'district',
      areaCode: 'S',
      areaType: '城市',
      active: true,
    });
    await kit.placing.settled();
    const { head } = await kit.reader.roomHead('lists');
    const told = await kit.reader.ofRoom('lists', 0, head, 10);
    expect(told.map(({ event }) => [event.subject, event.type, event.actorId, event.data])).toContainEqual([
      'list:units',
      'lists.activated',
      'listadmin',
      { list: 'units', version: 1, effectiveFrom: kit.clock.now(), hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
  });

  it('[LI5] JSON does the same', async () => {
    await kit.csv('units', UNITS);
    await kit.csv('catalogue', CATALOGUE);
    const rows = [
      {
        catalogCode: '0101',
        areaCode: '*',
        unitId: 'bureau',
        assistUnitIds: ['street', 'community'],
        legalBasis: '市容管理条例',
        confidence: 0.9,
      },
      { catalogCode: '0101', areaCode: 'C', unitId: 'street', fallbackUnitId: 'district', confidence: null },
      { catalogCode: '*', areaCode: 'D', fallbackUnitId: 'district' },
    ];
    expect(await kit.json('duties', rows)).toMatchObject({ status: 'activated', rows: 3, errors: [] });
    expect(await kit.csv('duties', DUTIES)).toMatchObject({ status: 'unchanged', version: 1 });
  });

  it('[DI7] shares that were counted, not written by hand, may have many digits', async () => {
    await kit.csv('units', UNITS);
    await kit.csv('catalogue', CATALOGUE);
    const rows = [{ catalogCode: '0101', areaCode: '*', unitId: 'bureau', confidence: 5 / 6 }];
    expect(await kit.json('duties', rows)).toMatchObject({ status: 'activated' });
    const found = await kit.readModel.run((tx) =>
      kit.listBook.suggest(tx, kit.clock.now(), { catalogCode: '0101', areaCode: null, visitedUnitIds: [] }),
    );
    expect(found).toMatchObject({ unitId: 'bureau', confidence: 0.83 });
  });

  it('[LI5] the same rows in another order change nothing and write nothing', async () => {
    await kit.csv('units', UNITS);
    const [header, first, ...others] = UNITS.trimEnd().split('\n');
    await kit.placing.settled();
    const { head } = await kit.reader.roomHead('lists');
    expect(await kit.csv('units', [header, ...others, first].join('\n'))).toEqual({
      list: 'units',
      version: 1,
      status: 'unchanged',
      rows: 5,
      errors: [],
    });
    expect(await kit.count('list_unit')).toBe(5);
    await kit.placing.settled();
    expect((await kit.reader.roomHead('lists')).head).toBe(head);
  });

  it('[LI5] a new version takes the place of the old, whose rows stay readable', async () => {
    await kit.csv('units', UNITS);
    kit.clock.advance(1);
    const later = UNITS.replace('旧单位', '更旧的单位');
    expect(await kit.csv('units', later)).toMatchObject({ version: 2, status: 'activated' });
    expect(await kit.count('list_unit')).toBe(10);
    const names = await rowsOf(`SELECT version, name FROM list_unit WHERE unit_id = 'closed' ORDER BY version`);
    expect(names.map(({ name }) => name)).toEqual(['旧单位', '更旧的单位']);
  });

  it('[LI5] a version with a later date holds by itself when its time comes, and a correction before that leaves it standing', async () => {
    await kit.csv('units', UNITS);
    const then = kit.clock.now() + 86_400_000;
    const scheduled = UNITS.replace('城市管理局', '城市管理和综合执法局');
    expect(await kit.csv('units', scheduled, new Date(then).toISOString())).toMatchObject({
      version: 2,
      status: 'scheduled',
    });
    expect((await versions()).units).toBe(1);
    kit.clock.advance(1_000);
    expect(await kit.csv('units', UNITS.replace('旧单位', '旧局'))).toMatchObject({ version: 3, status: 'activated' });
    expect((await versions()).units).toBe(3);
    kit.clock.advance(then - kit.clock.now() - 1);
    expect((await versions()).units).toBe(3);
    kit.clock.advance(1);
    expect((await versions()).units).toBe(2);
    const tree = await kit.readModel.run((tx) => kit.listBook.units(tx, kit.clock.now()));
    expect(tree.get('bureau')?.name).toBe('城市管理和综合执法局');
  });

  it('[LI5] whoever keeps something of a list is told when it comes into force, not only when it is imported', async () => {
    await kit.csv('units', UNITS);
    const then = kit.clock.now() + 86_400_000;
    const later = new Date(then).toISOString();
    await kit.csv('units', UNITS.replace('旧单位', '旧局'), later);
    await kit.csv('units', UNITS.replace('旧单位', '旧处'), later);
    expect(await rowsOf('SELECT clock_id, due_at, command, payload FROM clock ORDER BY clock_id')).toEqual([
      { clock_id: 'list:units:2', due_at: then, command: 'putListInForce', payload: '{"list":"units","version":2}' },
      { clock_id: 'list:units:3', due_at: then, command: 'putListInForce', payload: '{"list":"units","version":3}' },
    ]);
    const command = new PutListInForce(kit.clocks, new ListVersions(), kit.eventLog);
    const ring = (version: number) =>
      kit.unitOfWork.run((tx) => {
        const now = kit.clock.now();
        const origin = { actorId: SYSTEM.userId, commandId: `ring-${version}`, causationId: null, recordedAt: now };
        return command.handle({ list: 'units', version }, { tx, now, origin, actor: SYSTEM, repeated: false });
      });
    expect(await ring(3)).toEqual({ ok: true, value: { told: false } });
    kit.clock.advance(86_400_000);
    // Of two that come together the newer one holds, and is told once.
    expect(await ring(2)).toEqual({ ok: true, value: { told: false } });
    expect(await ring(3)).toEqual({ ok: true, value: { told: true } });
    expect(await ring(3)).toEqual({ ok: true, value: { told: false } });
    await kit.placing.settled();
    const told = await kit.reader.ofTypesAfter(0, ['lists.activated'], 10);
    expect(told.events.map(({ at, data }) => [at, data.version])).toEqual([
      [then - 86_400_000, 1],
      [then - 86_400_000, 2],
      [then - 86_400_000, 3],
      [then, 3],
    ]);
  });

  it('[LI5] a date in the past is kept as stated, and holds from now on', async () => {
    const report = await kit.json('units', {
      rows: [{ unitId: 'a', name: 'n', type: 't', level: 'l' }],
      effectiveFrom: '2018-01-01',
    });
    expect(report).toMatchObject({ version: 1, status: 'activated' });
    const [row] = await rowsOf('SELECT effective_from, in_force_from FROM list_version');
    expect(row).toEqual({ effective_from: Date.UTC(2017, 11, 31, 16), in_force_from: kit.clock.now() });
    await expect(kit.json('units', { rows: [], effectiveFrom: 'soon' })).rejects.toMatchObject({
      error: { code: 'payload_invalid', field: 'effectiveFrom' },
    });
  });

  it('[LI5] every bad row is told with line, column and reason; nothing of the file is kept', async () => {
    expect(
      await faults(
        'units',
        'unitId,name,type,level,parentId,areaCode,active\n' +
          'district,示范区,g,l,,D,1\n' +
          ',无编码,g,l,district,,1\n' +
          '"a b",空格,g,l,district,,1\n' +
          'street,"两\n行",g,l,district,S,1\n' +
          'street2,东城,,l,district,S2,maybe\n' +
          'office,科室,g,l,street,,1\n' +
          'lost,迷路,g,l,nowhere,,1\n' +
          'district,又一个,g,l,,,1\n' +
          'other,同地区,g,l,district,D,1\n' +
          'x,甲,g,l,y,,1\n' +
          'y,乙,g,l,x,,1\n',
      ),
    ).toEqual([
      '3 unitId 不能为空',
      '4 unitId 应为字母、数字和 . _ - 组成的编码，最长 64 位',
      '5 name 不能分行',
      '7 type 不能为空',
      '7 active 应为 true/false、1/0 或 是/否',
      '9 parentId 清单中没有这个上级',
      '10 unitId 单位编码重复（与第 2 行）',
      '11 areaCode 同一地区只能有一个在用的属地单位（与第 2 行）',
      '12 parentId 上下级成了一圈',
      '13 parentId 上下级成了一圈',
    ]);
    expect(await kit.count('list_unit')).toBe(0);
    expect(await kit.count('list_version')).toBe(0);
    expect(await kit.count('list_lease')).toBe(0);
    expect(await kit.count('event')).toBe(0);
  });

  it('broken UTF-8 and control characters are told with their line and column, never repeated', async () => {
    const bytes = Buffer.concat([
      Buffer.from('code,name\n01,好\n02,'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('\n03,a\u0007b\n'),
    ]);
    const report = await kit.listImport.run(LIST_ADMIN, 'catalogue', { format: 'csv', bytes: inPieces(bytes) });
    expect(report.errors).toEqual([
      { line: 3, column: 'name', reason: '含有无法识别的字符，文件应为 UTF-8 编码' },
      { line: 4, column: 'name', reason: '含有控制字符' },
    ]);
  });

  it('[LI1] the catalogue: doubled codes, unknown parents, circles, too many levels', async () => {
    const deep = Array.from({ length: 12 }, (_, i) => `d${i},n,${i ? `d${i - 1}` : ''}`).join('\n');
    expect(await faults('catalogue', `code,name,parentCode\n01,a,\n01,b,\n02,c,99\n03,d,03\n${deep}\n`)).toEqual([
      '3 code 事项编码重复（与第 2 行）',
      '4 parentCode 清单中没有这个上级',
      '5 parentCode 上下级成了一圈',
      '16 parentCode 层级过深',
      '17 parentCode 层级过深',
    ]);
  });

  it('[LI2] duties: unknown matters, areas and units, closed units, rules that name nobody, doubled rules', async () => {
    await kit.csv('units', UNITS);
    await kit.csv('catalogue', CATALOGUE);
    expect(
      await faults(
        'duties',
        'ruleId,catalogCode,areaCode,unitId,assistUnitIds,fallbackUnitId,confidence\n' +
          'r1,0101,*,bureau,,,\n' +
          'r1,0101,C,bureau,,,\n' +
          'r2,0101,*,bureau,,,\n' +
          'r3,9,*,bureau,,,\n' +
          'r4,01,X,bureau,,,\n' +
          'r5,01,*,nobody,,,\n' +
          'r6,01,*,closed,,,\n' +
          'r7,01,S,bureau,closed;bureau,nobody,\n' +
          'r8,01,C,,,,\n' +
          'r9,*,*,bureau,,,\n' +
          'r10,02,*,bureau,street;street,,\n' +
          'r11,02,C,bureau,,,1.5\n' +
          'r12,02,S,bureau,,,0\n',
      ),
    ).toEqual([
      '3 ruleId 规则编号重复（与第 2 行）',
      '4 unitId 同一事项、地区和单位的规则重复（与第 2 行）',
      '5 catalogCode 目录清单中没有这个事项',
      '6 areaCode 单位清单中没有这个地区',
      '7 unitId 单位清单中没有这个单位',
      '8 unitId 这个单位已撤销',
      '9 assistUnitIds 这个单位已撤销',
      '9 fallbackUnitId 单位清单中没有这个单位',
      '9 assistUnitIds 责任单位不能同时是协办单位',
      '10 unitId 责任单位和兜底单位至少填一个',
      '11 unitId 不限事项的规则只能指定兜底单位',
      '12 assistUnitIds 编码重复',
      '13 confidence 不能大于 1',
      '14 confidence 应大于 0',
    ]);
  });

  it('[LI2] duties are checked against the units of the day they will hold', async () => {
    await kit.csv('units', UNITS);
    await kit.csv('catalogue', CATALOGUE);
    const next = new Date(kit.clock.now() + 86_400_000).toISOString();
    await kit.csv(
      'units',
      UNITS.replace('旧单位,department,district,district,,,false', '旧单位,department,district,district,,,true'),
      next,
    );
    const duties = 'catalogCode,areaCode,unitId\n0101,*,closed\n';
    expect(await kit.csv('duties', duties)).toMatchObject({ status: 'refused' });
    expect(await kit.csv('duties', duties, next)).toMatchObject({ status: 'scheduled' });
  });

  it('[LI3] standards: no limit is longer than a calendar reaches, and only hours may be parted', async () => {
    await kit.csv('units', UNITS);
    await kit.csv('catalogue', CATALOGUE);
    const header = 'catalogCode,areaCode,unitId,procedureType,limit,limitBasis,bandMin,bandMax,bindingness\n';
    expect(
      await faults(
        'standards',
        header +
          '01,,,simple,100000,workdays,,,local\n' +
          '01,S,,simple,1001,days,,,local\n' +
          '01,C,,simple,2.5,days,2,1000.5,recommended\n' +
          '01,D,,simple,8760.5,hours,,,local\n' +
          '02,,,simple,0.5,hours,,,local\n' +
          '02,S,,simple,8760,hours,,,local\n' +
          '02,C,,simple,1000,workdays,,,local\n',
      ),
    ).toEqual([
      '2 limit 不能大于 8760',
      '3 limit 按日计不能大于 1000',
      '4 limit 按日计应为整数',
      '4 bandMax 按日计不能大于 1000',
      '5 limit 不能大于 8760',
    ]);
  });

  it('[LI3] [LI4] standards: limits above 0, bands in order, mandatory ones not overridden, recommended bands kept', async () => {
    await kit.csv('units', UNITS);
    await kit.csv('catalogue', CATALOGUE);
    const header = 'catalogCode,areaCode,unitId,procedureType,limit,limitBasis,bandMin,bandMax,bindingness\n';
    expect(
      await faults(
        'standards',
        header +
          '0101,,,simple,5,days,3,7,recommended\n' +
          '0101,S,,simple,8,days,,,local\n' +
          '0101,C,,simple,4,workdays,,,local\n' +
          '02,,,standard,8,hours,,,mandatory\n' +
          '02,S,,standard,4,hours,,,local\n' +
          '01,,,standard,0,hours,,,local\n' +
          '01,S,,weird,-1,years,,,optional\n' +
          '01,C,,special,5,days,9,7,recommended\n' +
          '01,D,,special,5,days,3,,recommended\n' +
          '01,,bureau,special,5,days,3,7,local\n' +
          '01,,street,special,8,days,3,7,recommended\n' +
          '99,X,closed,special,8,days,,,local\n' +
          '0101,,,simple,5,days,3,7,recommended\n',
      ),
    ).toEqual([
      '3 limit 时限超出推荐标准的区间',
      '4 limit 时限单位须与推荐标准一致',
      '6 limit 该事项有强制标准，地区和单位不得另定',
      '7 limit 应大于 0',
      '8 procedureType 应为 simple、standard、special 之一',
      '8 limit 应大于 0',
      '8 limitBasis 应为 hours、days、workdays 之一',
      '8 bindingness 应为 mandatory、recommended、local 之一',
      '9 bandMax 上限不能小于下限',
      '10 bandMax 上下限须同时填写',
      '11 bandMin 只有推荐标准才有区间',
      '12 limit 时限不在推荐区间内',
      '13 catalogCode 目录清单中没有这个事项',
      '13 areaCode 单位清单中没有这个地区',
      '13 unitId 这个单位已撤销',
      '14 catalogCode 同一事项、地区和单位的标准重复（与第 2 行）',
    ]);
  });

  it('[LI3] an order’s standard is found by matter, area and unit', async () => {
    await importAll();
    const standardFor = (code: string, area: string | null, unit: string | null) =>
      kit.readModel.run((tx) => kit.listBook.standardFor(tx, kit.clock.now(), code, area, unit));
    expect(await standardFor('0101', 'C', 'bureau')).toMatchObject({ limit: 3, limitBasis: 'days', areaCode: 'S' });
    expect(await standardFor('0101', null, null)).toMatchObject({
      limit: 5,
      text: '当场劝离',
      closingRequirements: '拍照',
    });
    expect(await standardFor('02', 'C', null)).toMatchObject({
      limit: 8,
      limitBasis: 'hours',
      bindingness: 'mandatory',
    });
    expect(await standardFor('01', 'C', null)).toBeUndefined();
    expect(await standardFor('nothing', null, null)).toBeUndefined();
  });

  it('[LI2] [I8] a suggestion names its rule and the versions it was made under', async () => {
    await importAll();
    const suggest = (catalogCode: string | null, areaCode: string | null, visitedUnitIds: string[] = []) =>
      kit.readModel.run((tx) => kit.listBook.suggest(tx, kit.clock.now(), { catalogCode, areaCode, visitedUnitIds }));
    expect(await suggest('0101', 'S')).toEqual({
      unitId: 'bureau',
      assistUnitIds: ['street', 'community'],
      source: 'duty_rule',
      ruleId: '0101/*/bureau',
      confidence: 0.9,
      listVersions: { units: 1, catalogue: 1, duties: 1, standards: 1 },
      legalBasis: '市容管理条例',
      sentence: '按职责清单第1版：“占道经营”由城市管理局负责，东城街道、六联社区协办（依据：市容管理条例）。',
    });
    expect(await suggest('0101', 'C')).toMatchObject({ unitId: 'street', ruleId: '0101/C/street' });
    expect(await suggest('0101', 'C', ['street', 'bureau'])).toMatchObject({
      source: 'fallback_unit',
      unitId: 'district',
    });
    expect(await suggest('02', 'C')).toMatchObject({ source: 'fallback_unit', ruleId: '*/D/fallback' });
    expect(await suggest('02', null)).toBeUndefined();
    expect(await suggest(null, null)).toBeUndefined();
    expect(await suggest('nothing', 'nowhere')).toBeUndefined();
  });

  it('[LI2] an empty duty list answers nothing', async () => {
    expect(
      await kit.readModel.run((tx) =>
        kit.listBook.suggest(tx, kit.clock.now(), { catalogCode: '0101', areaCode: 'C', visitedUnitIds: [] }),
      ),
    ).toBeUndefined();
    expect(await faults('duties', 'catalogCode,areaCode,unitId\n')).toEqual(['1 * 清单没有任何一行']);
    expect(await faults('duties', '')).toEqual(['1 * 文件是空的，第一行应为列名']);
  });

  it('[LI5] of two imports of one list at once the second is told so; another list’s import goes on', async () => {
    let release = () => undefined as void;
    const held = new Promise<void>((resolve) => (release = resolve));
    async function* slowly() {
      yield* inPieces(UNITS);
      await held;
    }
    const first = kit.listImport.run(LIST_ADMIN, 'units', { format: 'csv', bytes: slowly() });
    await until('the first import holds its lease', async () => (await kit.count('list_lease')) === 1);
    await expect(kit.csv('units', UNITS)).rejects.toMatchObject({ error: { code: 'list_import_running' } });
    expect(await kit.csv('catalogue', CATALOGUE)).toMatchObject({ status: 'activated' });
    release();
    expect(await first).toMatchObject({ status: 'activated', version: 1 });
    expect(await kit.csv('units', UNITS)).toMatchObject({ status: 'unchanged' });
  });

  it('[LI5] who was silent for longer than its lease loses it, and writes nothing more', async () => {
    let release = () => undefined as void;
    const held = new Promise<void>((resolve) => (release = resolve));
    async function* slowly() {
      yield* inPieces(UNITS);
      await held;
    }
    const first = kit.listImport.run(LIST_ADMIN, 'units', { format: 'csv', bytes: slowly() });
    await until('the first import holds its lease', async () => (await kit.count('list_lease')) === 1);
    kit.clock.advance(61_000);
    expect(await kit.csv('units', UNITS.replace('旧', '老'))).toMatchObject({ status: 'activated', version: 1 });
    release();
    await expect(first).rejects.toMatchObject({ error: { code: 'list_import_running' } });
    expect(await kit.count('list_unit')).toBe(5);
    expect(await kit.count('list_version')).toBe(1);
  });

  it('[LI5] a sender that breaks off leaves nothing behind', async () => {
    async function* broken() {
      yield* inPieces(UNITS);
      throw new Error('aborted');
    }
    await expect(kit.listImport.run(LIST_ADMIN, 'units', { format: 'csv', bytes: broken() })).rejects.toThrow(
      'aborted',
    );
    expect([await kit.count('list_unit'), await kit.count('list_version'), await kit.count('list_lease')]).toEqual([
      0, 0, 0,
    ]);
  });

  it('files with more rows than allowed are refused', async () => {
    const small = await openListKit({ policy: { 'lists.maxRows': 2 } });
    const report = await small.csv('catalogue', CATALOGUE);
    await small.close();
    expect(report).toMatchObject({ status: 'refused', errors: [{ line: 4, column: '*', reason: '行数超过 2' }] });
  });
});
