import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { Caller } from '../support/caller.js';
import { startHub, type TestHub } from '../support/hub.js';
import { settleTown } from '../support/town.js';
import { until } from '../support/until.js';

describe('an upload that its sender breaks off', () => {
  const told: unknown[] = [];
  let hub: TestHub;
  let admin: Caller;

  beforeAll(async () => {
    hub = await startHub();
    const hear = (...what: unknown[]) => void told.push(what);
    hub.app.useLogger({ error: hear, fatal: hear, warn: hear, log: () => undefined });
    admin = await Caller.login(hub.url, 'admin');
    await settleTown(admin);
  });
  afterAll(() => hub.stop());
  beforeEach(() => void told.splice(0));

  /** Sends the beginning of a file, hangs up once the hub reads it, and waits until the hub is through with it. */
  async function breakOff(path: string, type: string, beginning: string, caller = admin): Promise<void> {
    const server = hub.app.getHttpServer();
    const sending = httpRequest(`${hub.url}${path}`, {
      method: 'POST',
      headers: { ...caller.credentials, 'content-type': type, 'content-length': 1_000_000 },
    });
    sending.on('error', () => undefined);
    const arrived = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
    sending.write(beginning);
    const [request, response] = await arrived;
    await until('the hub reads', () => request.readableDidRead);
    sending.destroy();
    await until('the hub has seen the end of it', () => request.errored !== null);
    await until('the hub is through with it', () => response.writableEnded || response.destroyed);
    // What came after the end, if anything: a call that goes the same way is answered later.
    await caller.get('/api/channels');
  }

  it.each([
    ['/api/lists/units/import', 'text/csv', 'unitId,name,type,level,parentId\nX,某单位,'],
    ['/api/lists/units/import', 'application/json', '[{"unitId":"X",'],
    ['/api/lists/users/import', 'text/csv', 'username,name,roles\nx,'],
    ['/api/lists/users/import', 'application/json', '{"rows":[{"username":"x",'],
  ])('[LI5] is no incident of the hub, and the list stays: %s as %s', async (path, type, beginning) => {
    const before = await admin.get('/api/lists');
    await breakOff(path, type, beginning);
    await until('the list is free again', async () => {
      const { status, body } = await admin.send('POST', path, 'unitId,name\n', 'text/csv');
      return status !== 409 && body.code !== 'list_import_running';
    });
    expect(told).toEqual([]);
    expect(await admin.get('/api/lists')).toEqual(before);
  });

  it.each([
    ['/api/intake/batch', 'application/x-ndjson', '{"source":"hotline",'],
    ['/api/intake/batch?mapping=pingshan', 'text/csv', '编号,来源'],
    ['/api/intake/requests', 'application/json', '{"source":"hotline",'],
  ])('[IN19] is no incident of the hub: %s as %s', async (path, type, beginning) => {
    await breakOff(path, type, beginning, await Caller.login(hub.url, 'agent001'));
    expect(told).toEqual([]);
  });
});
