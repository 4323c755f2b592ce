import type { UnitPerson } from '@minqing-hub/client-sdk/protocol';
import { Caller } from '../support/caller.js';
import { startHub, type TestHub } from '../support/hub.js';

describe('the people of a unit over HTTP', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub();
  });
  afterAll(() => hub.stop());

  const ask = async (username: string, unitId: string) =>
    (await Caller.login(hub.url, username)).get<UnitPerson[]>(`/api/units/${unitId}/people`);

  it('[T16] are told to the clerk who chooses among them', async () => {
    const { status, body } = await ask('unit-dongcheng', 'dongcheng');
    expect(status).toBe(200);
    expect(body).toContainEqual({ userId: 'handler-dongcheng', name: '办理人-东城街道' });
    expect(body).toContainEqual({ userId: 'handler-dc-cityworks', name: '办理人-东城街道城市管理办公室' });
    expect(body).not.toContainEqual(expect.objectContaining({ userId: 'handler-xicheng' }));
    expect(await ask('unit-dongcheng', 'dc-cityworks')).toEqual({
      status: 200,
      body: [{ userId: 'handler-dc-cityworks', name: '办理人-东城街道城市管理办公室' }],
    });
  });

  it('[I6] are not there for anybody else, as those of no unit', async () => {
    const absent = await ask('unit-dongcheng', 'nowhere');
    expect(absent).toMatchObject({ status: 404, body: { code: 'not_found' } });
    for (const username of ['unit-xicheng', 'unit-dc-cityworks', 'agent001', 'supervisor01', 'district01', 'admin']) {
      expect([username, await ask(username, 'dongcheng')]).toEqual([username, absent]);
    }
    expect((await Caller.stranger(hub.url).get('/api/units/dongcheng/people')).status).toBe(401);
  });

  it('stand in the OpenAPI document', async () => {
    const { body } = await Caller.stranger(hub.url).get('/api/openapi.json');
    expect(Object.keys(body.paths['/api/units/{unitId}/people'].get.responses)).toEqual(['200', '404', 'default']);
  });
});
