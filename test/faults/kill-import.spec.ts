import { join } from 'node:path';
import Database from 'better-sqlite3';
import { HubProcess } from '../support/hub-process.js';
import { until } from '../support/until.js';

const ROWS = 60_000;

describe('a hub that is killed while a list comes in', () => {
  let hub: HubProcess;
  beforeAll(async () => {
    hub = await HubProcess.create();
    await hub.start();
  });
  afterAll(() => hub.remove());

  /** Looks into the file itself: no call shows rows that are not in force. */
  function count(table: string): number {
    const database = new Database(join(hub.dataDir, 'hub.sqlite'), { readonly: true });
    try {
      return database.prepare<[], { n: number }>(`SELECT COUNT(*) AS n FROM ${table}`).get()!.n;
    } finally {
      database.close();
    }
  }

  async function call(path: string, token: string, body?: string) {
    const response = await fetch(`${hub.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
      ...(body === undefined ? {} : { body }),
    });
    return response.json();
  }

  async function adminToken(): Promise<string> {
    const response = await fetch(`${hub.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: 'demo' }),
    });
    return ((await response.json()) as { token: string }).token;
  }

  it('[LI5] [I1] the version before holds after the restart, and nothing of the half one is left', async () => {
    const token = await adminToken();
    const before = await call('/api/catalogue', token);
    const rowsBefore = count('list_catalogue_item');
    const text = `code,name\n${Array.from({ length: ROWS }, (_, row) => `m${row},事项${row}\n`).join('')}`;
    const importing = call('/api/lists/catalogue/import', token, text).catch(() => 'cut off');

    await until('a few thousand rows are written', () => count('list_catalogue_item') > rowsBefore + 5_000);
    await hub.kill();
    expect(await importing).toBe('cut off');
    expect(count('list_catalogue_item')).toBeLessThan(rowsBefore + ROWS);

    await hub.start();
    expect(count('list_catalogue_item')).toBe(rowsBefore);
    expect(count('list_lease')).toBe(0);
    const again = await adminToken();
    expect(await call('/api/catalogue', again)).toEqual(before);
    expect(await call('/api/lists/catalogue/import', again, text)).toMatchObject({ status: 'activated', rows: ROWS });
  });
});
