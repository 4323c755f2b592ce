import { applyMapping, columnsOf, type Mapping } from './mapping.js';

const mapping: Mapping = {
  name: 'town',
  source: 'town-2018',
  encoding: 'utf-8',
  missing: ['-'],
  timeZone: '+08:00',
  fields: {
    sourceId: 'REC_ID',
    occurredAt: { column: 'CREATE_TIME', format: 'YYYY-MM-DD HH:mm:ss' },
    channel: { column: 'SRC', map: { '@城': 'app', 热线: '12345' } },
    kind: { column: 'KIND', map: { 投诉: 'complaint' } },
    catalogCode: { template: '{A}-{B}-{C}' },
    title: { template: '{STREET}发生{C}' },
    visibility: { value: 'internal' },
    'place.areaCode': 'STREET_ID',
    'place.lat': { column: 'LAT', number: true },
    'labels.pressing': { value: true },
  },
};
const row = {
  REC_ID: '9148',
  CREATE_TIME: '2018-02-08 15:34:40',
  SRC: '@城',
  KIND: '投诉',
  A: '6',
  B: '186',
  C: '662',
  STREET: '龙田街道',
  STREET_ID: '101',
  LAT: '22.7',
};

describe('applyMapping', () => {
  it("[IN19] turns a row into a request, with codes in place of the source's words", () => {
    expect(applyMapping(mapping, row)).toEqual({
      ok: true,
      request: {
        source: 'town-2018',
        sourceId: '9148',
        occurredAt: '2018-02-08T15:34:40+08:00',
        channel: 'app',
        kind: 'complaint',
        catalogCode: '6-186-662',
        title: '龙田街道发生662',
        visibility: 'internal',
        place: { areaCode: '101', lat: 22.7 },
        labels: { pressing: true },
      },
    });
  });

  it('leaves out what was not recorded', () => {
    const mapped = applyMapping(mapping, {
      ...row,
      KIND: '-',
      STREET_ID: '',
      LAT: ' ',
      A: '-',
      B: '-',
      C: '-',
      STREET: '-',
    });
    expect(mapped).toEqual({
      ok: true,
      request: {
        source: 'town-2018',
        sourceId: '9148',
        occurredAt: '2018-02-08T15:34:40+08:00',
        channel: 'app',
        visibility: 'internal',
        labels: { pressing: true },
      },
    });
  });

  it.each([
    [{ SRC: '传真' }, 'SRC', '对照表中没有这个取值'],
    [{ SRC: 'constructor' }, 'SRC', '对照表中没有这个取值'],
    [{ CREATE_TIME: '2018/02/08' }, 'CREATE_TIME', '时间应写作 YYYY-MM-DD HH:mm:ss'],
    [{ CREATE_TIME: '2018-02-30 00:00:00' }, 'CREATE_TIME', '没有这个时间'],
    [{ CREATE_TIME: '2018-02-08 23:61:00' }, 'CREATE_TIME', '没有这个时间'],
    [{ LAT: '北' }, 'LAT', '应为数字'],
  ])('names the column and the reason: %j', (change, column, reason) => {
    expect(applyMapping(mapping, { ...row, ...change })).toEqual({ ok: false, column, reason });
  });

  it('names a column that the row does not have', () => {
    expect(applyMapping(mapping, { REC_ID: '1' })).toEqual({
      ok: false,
      column: 'CREATE_TIME',
      reason: '文件中没有这一列',
    });
  });

  it('tells every column that it reads', () => {
    expect(columnsOf(mapping).sort()).toEqual(
      ['A', 'B', 'C', 'CREATE_TIME', 'KIND', 'LAT', 'REC_ID', 'SRC', 'STREET', 'STREET_ID'].sort(),
    );
  });
});
