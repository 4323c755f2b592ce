import type { ImportReport } from '../../client-sdk/src/protocol/index.js';
import { startHub, type TestHub } from '../support/hub.js';

/** What came back is looked at by expectations, not by types. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any;

describe('lists over HTTP', () => {
  let hub: TestHub;
  let admin: string;
  beforeAll(async () => {
    hub = await startHub();
    admin = await tokenOf('admin');
  });
  afterAll(() => hub.stop());

  async function tokenOf(username: string): Promise<string> {
    const response = await fetch(`${hub.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: 'demo' }),
    });
    return ((await response.json()) as { token: string }).token;
  }

  const get = async (path: string, token = admin) => {
    const response = await fetch(`${hub.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, body: (await response.json()) as Loose };
  };

  async function post(path: string, body: string, { token = admin, type = 'text/csv' } = {}) {
    const response = await fetch(`${hub.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body,
    });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: (await response.json()) as Loose,
    };
  }

  const catalogue = (rows: number) =>
    `code,name,parentCode\n${Array.from({ length: rows }, (_, row) => `m${row},事项${row},\n`).join('')}`;

  it('[LI5] the demo district’s lists are there: versions, units, catalogue, for whoever is logged in', async () => {
    const agent = await tokenOf('agent001');
    const { body: lists } = await get('/api/lists', agent);
    expect(lists).toMatchObject([
      { list: 'units', inForce: 1, versions: [{ version: 1, importedBy: 'system' }] },
      { list: 'catalogue', inForce: 1 },
      { list: 'duties', inForce: 1 },
      { list: 'standards', inForce: 1 },
    ]);
    const { body: units } = await get('/api/units', agent);
    expect(units).toContainEqual({
      unitId: 'dongcheng',
      name: '东城街道',
      type: 'street',
      level: 'street',
      parentId: 'district',
      areaCode: 'SF-DC',
      areaType: '城市',
      active: true,
    });
    expect(units.filter((unit: { active: boolean }) => !unit.active)).toEqual([]);
    const { body: all } = await get('/api/units?closed=true', agent);
    expect(all).toHaveLength(units.length + 1);
    const { body: items } = await get('/api/catalogue', agent);
    expect(items).toContainEqual({
      code: '010101',
      name: '占道经营',
      parentCode: '0101',
      publishable: true,
      active: true,
    });
    expect((await fetch(`${hub.url}/api/units`)).status).toBe(401);
  });

  it('[I6] importing is for the lists’ owners, the users’ list for policy_admin; permission comes first', async () => {
    const agent = await tokenOf('agent001');
    for (const name of ['units', 'users', 'nothing']) {
      const answer = await post(`/api/lists/${name}/import`, 'unitId\n', { token: agent });
      expect(answer).toMatchObject({ status: 403, type: expect.stringContaining('application/problem+json') });
      expect(answer.body).toMatchObject({ code: 'forbidden' });
    }
    expect((await get('/api/lists/gaps', agent)).status).toBe(403);
    expect((await get('/api/lists/gaps')).body).toEqual([]);
  });

  it('bad calls name field and reason', async () => {
    expect(await post('/api/lists/nothing/import', 'a\n')).toMatchObject({
      status: 404,
      body: { code: 'list_unknown' },
    });
    expect(await post('/api/lists/units/import', 'a\n', { type: 'text/plain' })).toMatchObject({
      status: 400,
      body: { code: 'payload_malformed', field: 'content-type' },
    });
    expect(await post('/api/lists/units/import', 'a\n', { type: 'text/csv; charset=gbk' })).toMatchObject({
      status: 400,
      body: { code: 'payload_malformed' },
    });
    for (const noDay of ['2026-02-30T00:00:00Z', '2026-02-30', '2026-11-21T25:00:00Z']) {
      expect((await post(`/api/lists/units/import?effectiveFrom=${noDay}`, 'a\n')).body).toMatchObject({
        code: 'payload_invalid',
        field: 'effectiveFrom',
      });
    }
    expect(await post('/api/lists/units/import?effectiveFrom=soon', 'a\n')).toMatchObject({
      status: 422,
      body: { code: 'payload_invalid', field: 'effectiveFrom' },
    });
    expect(await post('/api/lists/units/import', '{"no":1}', { type: 'application/json' })).toMatchObject({
      status: 400,
      body: { code: 'payload_malformed' },
    });
  });

  it('[LI5] every bad row is in the report, and the old version holds', async () => {
    const { status, body } = await post(
      '/api/lists/units/import',
      'unitId,name,type,level,parentId\na,,t,l,\nb,n,t,l,x\n',
    );
    expect(status).toBe(200);
    expect(body as ImportReport).toEqual({
      list: 'units',
      version: null,
      status: 'refused',
      rows: 2,
      errors: [
        { line: 2, column: 'name', reason: '不能为空' },
        { line: 3, column: 'parentId', reason: '清单中没有这个上级' },
      ],
    });
    expect((await get('/api/lists')).body[0]).toMatchObject({ list: 'units', inForce: 1 });
  });

  it('[LI5] far more than the usual limit of a body streams in, CSV and JSON alike', async () => {
    const long = catalogue(20_000);
    expect((await post('/api/lists/catalogue/import', long)).body).toMatchObject({
      status: 'activated',
      version: 2,
      rows: 20_000,
    });
    const rows = Array.from({ length: 20_000 }, (_, row) => ({ code: `m${row}`, name: `事项${row}` }));
    const answer = await post('/api/lists/catalogue/import', JSON.stringify({ rows }), { type: 'application/json' });
    expect(answer.body).toMatchObject({ status: 'unchanged', version: 2 });
    const shouted = await post('/API/Lists/catalogue/IMPORT', JSON.stringify({ rows }), { type: 'application/json' });
    expect(shouted.body).toMatchObject({ status: 'unchanged', version: 2 });
  });

  it('[LI5] two imports at once: one is told to wait, though its file was not read to the end', async () => {
    const answers = await Promise.all([
      post('/api/lists/catalogue/import', catalogue(30_000)),
      post('/api/lists/catalogue/import', catalogue(30_001)),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'list_import_running' });
  });

  it('[LI5] a version for later stands in the overview and holds not yet', async () => {
    const { body } = await post('/api/lists/catalogue/import?effectiveFrom=2099-01-01', catalogue(3));
    expect(body).toMatchObject({ status: 'scheduled' });
    const overview = (await get('/api/lists')).body[1];
    expect(overview.versions[0]).toMatchObject({ version: body.version, effectiveFrom: Date.UTC(2098, 11, 31, 16) });
    expect(overview.inForce).toBeLessThan(body.version);
  });

  it('user lists take the same way', async () => {
    const { body } = await post(
      '/api/lists/users/import',
      '用户名,姓名,角色,单位编码,密码\nclerk-x,联络员,unit_clerk,nowhere,Long-enough-9-word\n',
    );
    expect(body).toMatchObject({ list: 'users', status: 'refused', errors: [{ line: 2, column: 'unitId' }] });
    const good = await post(
      '/api/lists/users/import',
      '用户名,姓名,角色,单位编码,密码\nclerk-x,联络员,unit_clerk,dongcheng,Long-enough-9-word\n',
    );
    expect(good.body).toMatchObject({ status: 'activated', rows: 1, errors: [] });
    const later = await post('/api/lists/users/import?effectiveFrom=2099-01-01', '用户名\nclerk-x\n');
    expect(later.body).toMatchObject({ code: 'payload_invalid', field: 'effectiveFrom' });
  });
});
