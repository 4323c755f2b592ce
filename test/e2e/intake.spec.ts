import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BatchLine, IntakeReceipt } from '@minqing-hub/client-sdk/protocol';
import { ReadModel } from '../../src/storage/unit-of-work.js';
import { Caller } from '../support/caller.js';
import { FakeClock } from '../support/fake-clock.js';
import { startHub, type TestHub } from '../support/hub.js';
import { settleTown } from '../support/town.js';

const NOW = Date.UTC(2026, 10, 21, 2);

const TOWN_MAPPING = {
  name: 'town',
  source: 'hotline',
  encoding: 'utf-8',
  missing: ['-'],
  timeZone: '+08:00',
  fields: {
    sourceId: '编号',
    channel: { column: '来源', map: { 热线: '12345' } },
    title: '内容',
    text: '内容',
    'place.areaCode': '街道',
    occurredAt: { column: '时间', format: 'YYYY-MM-DD HH:mm:ss' },
  },
};

/** What a source sends, with another id each time. */
let sent = 0;
const request = (changes: object = {}) => ({
  source: 'hotline',
  sourceId: `R-${++sent}`,
  channel: '12345',
  title: '人行道地砖松动',
  text: '雨天积水，行人易滑倒',
  ...changes,
});

describe('intake over HTTP', () => {
  let hub: TestHub;
  let configDir: string;
  let agent: Caller;
  let hotline: Caller;
  let admin: Caller;

  beforeAll(async () => {
    configDir = await mkdtemp(join(tmpdir(), 'hub-config-'));
    await cp('config', configDir, { recursive: true });
    await writeFile(join(configDir, 'replay', 'town.json'), JSON.stringify(TOWN_MAPPING));
    hub = await startHub({ clock: new FakeClock(NOW), env: { HUB_CONFIG_DIR: configDir } });
    admin = await Caller.login(hub.url, 'admin');
    await settleTown(admin);
    agent = await Caller.login(hub.url, 'agent001');
    const { apiKey } = await admin.act('createApiKey', { source: 'hotline', label: '热线系统' });
    hotline = Caller.withKey(hub.url, apiKey);
  });
  afterAll(async () => {
    await hub.stop();
    await rm(configDir, { recursive: true });
  });

  const rows = <T extends object>(sql: string, params: string[] = []) =>
    hub.app.get(ReadModel).run((tx) => tx.all<T>(sql, params));
  const count = async (table: string) => (await rows<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`))[0]!.n;

  describe('POST /api/intake/requests', () => {
    it('[T1][LI7] answers with numbers of the day and a receipt code', async () => {
      const { status, body } = await hotline.post<IntakeReceipt>('/api/intake/requests', request());
      expect(status).toBe(201);
      expect(body).toEqual({
        requestNo: expect.stringMatching(/^SQ20261121-\d{6}$/),
        orderNo: expect.stringMatching(/^GD20261121-\d{6}$/),
        receiptCode: expect.stringMatching(/^[2-9A-HJKMNP-Z]{10}$/),
        duplicate: false,
      });
    });

    it('[IN19] answers the same request again with the same numbers, and writes nothing', async () => {
      const requester = { phone: '13800138000' };
      const once = request({ requester, kind: null });
      const first = await hotline.post<IntakeReceipt>('/api/intake/requests', once);
      const before = await Promise.all(['event', 'command', 'number_series', 'citizen_request'].map(count));
      const { source, sourceId, channel, title, text } = once;
      const reordered = { text, requester, title, channel, sourceId, source };
      const second = await hotline.post<IntakeReceipt>('/api/intake/requests', reordered);
      expect(second).toEqual({ status: 200, body: { ...first.body, duplicate: true } });
      const after = await Promise.all(['event', 'command', 'number_series', 'citizen_request'].map(count));
      expect(after).toEqual(before);
    });

    it('[IN19] refuses the same source id with other content', async () => {
      const once = request();
      await hotline.post('/api/intake/requests', once);
      const orders = await count('work_order');
      const { status, body } = await hotline.post('/api/intake/requests', { ...once, text: '另一件事' });
      expect(status).toBe(409);
      expect(body).toMatchObject({ code: 'source_content_differs', field: 'sourceId' });
      expect(await count('work_order')).toBe(orders);
    });

    it('[IN19] takes a request on once, however many bring it at the same time', async () => {
      const once = request();
      const answers = await Promise.all(Array.from({ length: 20 }, () => hotline.post('/api/intake/requests', once)));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
      expect(new Set(answers.map(({ body }) => body.orderNo)).size).toBe(1);
    });

    /** As a program does it: what the hub has no time for comes again. */
    async function untilTaken(said: object) {
      for (;;) {
        const answer = await agent.post<IntakeReceipt>('/api/intake/requests', said);
        if (answer.status !== 503) return answer;
      }
    }

    it('[LI7] gives 200 requests at once 200 numbers without a gap', async () => {
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, n) => untilTaken(request({ sourceId: `P-${n}` }))),
      );
      expect(answers.every(({ status }) => status === 201)).toBe(true);
      // One that was refused in between leaves no gap either.
      await agent.post('/api/intake/requests', request({ channel: 'fax' }));
      await agent.post('/api/intake/requests', request());
      for (const [table, column] of [
        ['work_order', 'order_no'],
        ['citizen_request', 'request_no'],
      ] as const) {
        const numbers = (await rows<{ no: string }>(`SELECT ${column} AS no FROM ${table} ORDER BY ${column}`)).map(
          ({ no }) => Number(no.split('-')[1]),
        );
        expect(numbers).toEqual(numbers.map((_, at) => at + 1));
      }
      expect(new Set(answers.map(({ body }) => body.receiptCode)).size).toBe(200);
    });

    it('[IN5][IN16][DG1] keeps who asked apart from who filed it, and when it happened from when it came', async () => {
      const { body } = await hotline.post<IntakeReceipt>(
        '/api/intake/requests',
        request({
          channel: 'home_visit',
          filedBy: '网格专员',
          requester: { name: '来访人', phone: '0755-28390001', idNumber: '11010519491231002x' },
          occurredAt: '2026-11-19T20:00:00+08:00',
          collectedAt: '2026-11-20T09:30:00+08:00',
          place: { areaCode: '10101', address: '甲街道一路1号', lat: 22.7, lng: 114.3 },
        }),
      );
      const [kept] = await rows(
        'SELECT occurred_at, collected_at, registered_at, source, source_id FROM citizen_request WHERE request_no = ?',
        [body.requestNo],
      );
      expect(kept).toMatchObject({
        occurred_at: Date.parse('2026-11-19T20:00:00+08:00'),
        collected_at: Date.parse('2026-11-20T09:30:00+08:00'),
        registered_at: NOW,
        source: 'hotline',
      });
      const [person] = await rows('SELECT * FROM requester WHERE request_no = ?', [body.requestNo]);
      expect(person).toMatchObject({
        name: '来访人',
        filed_by: '网格专员',
        id_number: '11010519491231002X',
        crs: 'WGS84',
        phone_digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      const plainHash = createHash('sha256').update('075528390001').digest('hex');
      expect(JSON.stringify(person)).not.toContain(plainHash);
    });

    it('[DG1] tells the log and the cards no name, phone, id, address or text', async () => {
      const secrets = ['密名某', '13911112222', '440524188001010014', '秘密路77号', '秘密标题', '秘密正文', '密代办'];
      const { body } = await hotline.post<IntakeReceipt>(
        '/api/intake/requests',
        request({
          title: secrets[4],
          text: secrets[5],
          filedBy: secrets[6],
          requester: { name: secrets[0], phone: secrets[1], idNumber: secrets[2] },
          place: { address: secrets[3] },
        }),
      );
      const told = JSON.stringify([
        await rows('SELECT * FROM event WHERE data LIKE ?', [`%${body.orderNo}%`]),
        await rows('SELECT * FROM card'),
        await rows('SELECT answer, payload_hash FROM command'),
      ]);
      for (const secret of secrets) expect(told).not.toContain(secret);
    });

    it('[CL1][CL2][CL3][CL4][CL5] keeps kind, way, grade, response level and labels, with their defaults', async () => {
      const plain = await hotline.post<IntakeReceipt>('/api/intake/requests', request());
      const dispatcher = await Caller.login(hub.url, 'dispatcher01');
      const bare = await dispatcher.get(`/api/orders/${plain.body.orderNo}`);
      expect(bare.body).toMatchObject({
        kind: null,
        grade: 'normal',
        responseLevel: 'routine',
        route: 'simple',
        visibility: 'internal',
        labels: { complex: false, crossArea: false, pressing: false, stability: 'none' },
      });
      const told = {
        kind: 'complaint',
        grade: 'urgent',
        responseLevel: 'expedited',
        route: 'coordination',
        visibility: 'public',
        catalogCode: '6-1-1',
      };
      const labels = { pressing: true, stability: 'group' };
      const full = await hotline.post<IntakeReceipt>('/api/intake/requests', request({ ...told, labels }));
      const detail = await dispatcher.get(`/api/orders/${full.body.orderNo}`);
      expect(detail.body).toMatchObject({
        ...told,
        labels: { complex: false, crossArea: false, pressing: true, stability: 'group' },
      });
    });

    it.each([
      ['colour', 'payload_invalid', { colour: 'red' }],
      ['requester.nickname', 'payload_invalid', { requester: { nickname: 'x' } }],
      ['title', 'payload_invalid', { title: 7 }],
      ['title', 'payload_invalid', { title: ' ' }],
      ['title', 'payload_invalid', { title: undefined }],
      ['title', 'payload_invalid', { title: '长'.repeat(201) }],
      ['text', 'payload_invalid', { text: '长'.repeat(10_001) }],
      ['sourceId', 'payload_invalid', { sourceId: undefined }],
      ['sourceId', 'payload_invalid', { sourceId: 5 }],
      ['sourceId', 'payload_invalid', { sourceId: 'x'.repeat(129) }],
      ['kind', 'payload_invalid', { kind: 'praise' }],
      ['grade', 'payload_invalid', { grade: 'top' }],
      ['labels', 'payload_invalid', { labels: [] }],
      ['labels.stability', 'payload_invalid', { labels: { stability: 'riot' } }],
      ['channel', 'payload_invalid', { channel: 'fax' }],
      ['requester.phone', 'payload_invalid', { requester: { phone: '1380013800' } }],
      ['requester.phone', 'payload_invalid', { requester: { phone: 13800138000 } }],
      ['requester.idNumber', 'payload_invalid', { requester: { idNumber: '110105194912310021' } }],
      ['requester', 'payload_invalid', { requester: 'me' }],
      ['place.lat', 'payload_invalid', { place: { lat: 91, lng: 0 } }],
      ['place.lng', 'payload_invalid', { place: { lat: 22 } }],
      ['place.crs', 'payload_invalid', { place: { lat: 22, lng: 114, crs: 'XY' } }],
      ['occurredAt', 'payload_invalid', { occurredAt: '2026-11-20' }],
      ['occurredAt', 'payload_invalid', { occurredAt: '2026-02-30T00:00:00+08:00' }],
      ['occurredAt', 'time_in_future', { occurredAt: '2026-11-21T02:01:01Z' }],
      ['collectedAt', 'time_in_future', { collectedAt: '2027-01-01T00:00:00+08:00' }],
      ['catalogCode', 'catalogue_code_unknown', { catalogCode: '6-1-7' }],
      ['catalogCode', 'catalogue_code_unknown', { catalogCode: '6-1-9' }],
      ['place.areaCode', 'area_unknown', { place: { areaCode: '999' } }],
      ['place.areaCode', 'area_unknown', { place: { areaCode: '10299' } }],
      ['text', 'payload_malformed', { text: 'half a pair \ud800' }],
      ['title', 'payload_malformed', { title: 'a\u0000b' }],
    ])('[T1] names the field and the reason in Chinese, never the value: %s, %s', async (field, code, changes) => {
      const orders = await count('work_order');
      const { status, body } = await agent.post('/api/intake/requests', request(changes));
      expect([400, 422]).toContain(status);
      expect(body).toMatchObject({ code, field, message: expect.stringMatching(/[\u4e00-\u9fff]/) });
      for (const value of Object.values(changes)) {
        if (typeof value === 'string' && value.trim().length > 3) expect(body.message).not.toContain(value);
      }
      expect(await count('work_order')).toBe(orders);
    });

    it("[T1] lets a source's clock run a minute ahead", async () => {
      const { status } = await agent.post('/api/intake/requests', request({ occurredAt: '2026-11-21T02:00:59Z' }));
      expect(status).toBe(201);
    });

    it.each([
      ['nothing', '', 422],
      ['half of an object', '{"source":', 400],
      ['a list', '[1]', 400],
      ['more than 64 KiB', JSON.stringify({ text: 'x'.repeat(70_000) }), 413],
      ['deep nesting', `{"source":"s","sourceId":"d","a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 400],
    ])('answers %s with a problem', async (_what, body, status) => {
      const answer = await agent.send('POST', '/api/intake/requests', body, 'application/json');
      expect(answer.status).toBe(status);
      expect(answer.body).toMatchObject({
        code: expect.any(String),
        message: expect.stringMatching(/[\u4e00-\u9fff]/),
      });
    });

    it('answers bytes that are not UTF-8 with a problem', async () => {
      const [head, tail] = JSON.stringify(request({ text: '@' })).split('@');
      const bytes = Buffer.concat([Buffer.from(head!), Buffer.from([0xc4, 0xe3]), Buffer.from(tail!)]);
      const answer = await agent.send('POST', '/api/intake/requests', bytes, 'application/json');
      expect(answer).toMatchObject({ status: 400, body: { code: 'payload_malformed', field: 'text' } });
    });

    it('[IN19] lets the key of a source system file in its own name only', async () => {
      const foreign = await hotline.post('/api/intake/requests', request({ source: 'other' }));
      expect(foreign).toMatchObject({ status: 403, body: { code: 'forbidden', field: 'source' } });
      const seat = await hotline.refusedTo('register', { channel: '12345', title: '甲', text: '乙' });
      expect(seat).toMatchObject({ status: 403, code: 'forbidden' });
    });

    it('asks who it is, and whether they may', async () => {
      expect(await Caller.stranger(hub.url).post('/api/intake/requests', request())).toMatchObject({ status: 401 });
      const supervisor = await Caller.login(hub.url, 'supervisor01');
      expect(await supervisor.post('/api/intake/requests', request())).toMatchObject({ status: 403 });
    });
  });

  it('[T1] takes down at a seat what has no source of its own, once per command', async () => {
    const call = {
      name: 'register',
      commandId: randomUUID(),
      payload: { channel: '12345', title: '路灯不亮', text: '已三天', requester: { phone: '13800138001' } },
    };
    const first = await agent.post('/api/commands', call);
    expect(first.body.result).toMatchObject({ duplicate: false, version: 1 });
    expect(await agent.post('/api/commands', call)).toEqual(first);
    const [kept] = await rows('SELECT source, source_id FROM citizen_request WHERE order_no = ?', [
      first.body.result.orderNo,
    ]);
    expect(kept).toEqual({ source: 'seat', source_id: `agent001:${call.commandId}` });
  });

  it('[IN19][I6] tells nobody another seat’s numbers, who knows its command id and what was said', async () => {
    const other = await Caller.login(hub.url, 'agent002');
    const payload = { channel: '12345', title: '路灯不亮', text: '已四天', requester: { phone: '13800138001' } };
    const call = { name: 'register', commandId: randomUUID(), payload };
    const first = await agent.post('/api/commands', call);
    const second = await other.post('/api/commands', call);
    expect(second.body.result).toMatchObject({ duplicate: false });
    expect(second.body.result.receiptCode).not.toBe(first.body.result.receiptCode);
    expect(second.body.result.orderNo).not.toBe(first.body.result.orderNo);

    const posing = { ...payload, source: 'seat', sourceId: `agent001:${call.commandId}` };
    const refused = { status: 422, body: { code: 'payload_invalid', field: 'source' } };
    expect(await other.post('/api/intake/requests', posing)).toMatchObject(refused);
    expect(await other.post('/api/commands', { ...call, commandId: randomUUID(), payload: posing })).toMatchObject(
      refused,
    );
    for (const source of [null, undefined]) {
      const nameless = { ...posing, source };
      expect(await other.post('/api/commands', { ...call, commandId: randomUUID(), payload: nameless })).toMatchObject(
        refused,
      );
    }
  });

  it('[IN2] tells the channels', async () => {
    const { body } = await agent.get('/api/channels');
    expect(body).toContainEqual({ code: '12345', name: '12345政务服务便民热线' });
  });

  describe('POST /api/intake/batch', () => {
    const linesOf = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as BatchLine);
    const send = (body: string | Buffer, type = 'application/x-ndjson', query = '') =>
      hotline.send<string>('POST', `/api/intake/batch${query}`, body, type);

    it('[IN19] answers line by line in the order of the lines; a bad one never stops the good ones', async () => {
      const known = request();
      await hotline.post('/api/intake/requests', known);
      const text = [
        JSON.stringify(request()),
        '{"source":',
        JSON.stringify(request({ requester: { phone: '12' } })),
        '',
        JSON.stringify(known),
        JSON.stringify(request({ source: 'other' })),
        JSON.stringify({ ...known, title: '别的' }),
        '[]',
        JSON.stringify(request({ text: 'x'.repeat(70_000) })),
        JSON.stringify(request()),
      ].join('\n');
      const { status, body } = await send(text);
      expect(status).toBe(200);
      expect(linesOf(body).map((line) => [line.line, 'error' in line ? line.error.code : line.duplicate])).toEqual([
        [1, false],
        [2, 'payload_malformed'],
        [3, 'payload_invalid'],
        [5, true],
        [6, 'forbidden'],
        [7, 'source_content_differs'],
        [8, 'payload_malformed'],
        [9, 'payload_too_large'],
        [10, false],
      ]);
    });

    it('answers a line before the next one is sent', async () => {
      let next: () => void = () => undefined;
      async function* slowly(): AsyncGenerator<Uint8Array> {
        for (let n = 0; n < 3; n++) {
          const goOn = new Promise<void>((resolve) => (next = resolve));
          yield Buffer.from(`${JSON.stringify(request())}\n`);
          await goOn;
        }
      }
      const response = await hotline.open('POST', '/api/intake/batch', slowly(), 'application/x-ndjson');
      const answers: BatchLine[] = [];
      for await (const chunk of response.body!) {
        answers.push(...linesOf(Buffer.from(chunk).toString()));
        next();
      }
      expect(answers.map(({ line }) => line)).toEqual([1, 2, 3]);
    });

    it('[IN19] takes 500 lines, and all of them as duplicates the second time', async () => {
      const text = Array.from({ length: 500 }, () => JSON.stringify(request())).join('\n');
      const first = linesOf((await send(text)).body);
      const events = await count('event');
      const second = linesOf((await send(text)).body);
      expect(first.every((line) => 'orderNo' in line && !line.duplicate)).toBe(true);
      expect(second).toEqual(first.map((line) => ({ ...line, duplicate: true })));
      expect(await count('event')).toBe(events);
    });

    it('may stream for as long as it takes, while something moves', () => {
      const server = hub.app.getHttpServer();
      expect(server.requestTimeout).toBe(0);
      expect(server.timeout).toBeGreaterThan(0);
    });

    it('keeps what was taken on when the sender hangs up, and goes on serving', async () => {
      const orders = await count('work_order');
      const sending = httpRequest(`${hub.url}/api/intake/batch`, {
        method: 'POST',
        headers: { ...hotline.credentials, 'content-type': 'application/x-ndjson' },
      });
      const cut = once(sending, 'close');
      sending.on('error', () => undefined);
      for (let n = 0; n < 100; n++) sending.write(`${JSON.stringify(request())}\n`);
      sending.write('{"source":');
      const [response] = (await once(sending, 'response')) as [IncomingMessage];
      response.on('error', () => undefined);
      await once(response, 'data');
      sending.destroy();
      await cut;
      expect((await hotline.post('/api/intake/requests', request())).status).toBe(201);
      expect(await count('work_order')).toBeGreaterThan(orders);
    });

    it("[IN19] takes a city's CSV through its mapping, cells with quotes and line breaks included", async () => {
      const csv = Buffer.concat([
        Buffer.from('\uFEFF编号,来源,内容,街道,时间\r\n'),
        Buffer.from('1,热线,"路灯""坏""了，\r\n请修",101,2026-11-20 08:00:00\r\n'),
        Buffer.from('2,传真,甲,101,2026-11-20 08:00:00\r\n3,热线,'),
        Buffer.from([0xff, 0xfe]),
        Buffer.from(',101,-\r\n4,热线,乙\r\n5,热线,丙,777,-\r\n6,热线,丁,-,-\r\n'),
      ]);
      const { status, body } = await send(csv, 'text/csv; charset=utf-8', '?mapping=town');
      expect(status).toBe(200);
      expect(
        linesOf(body).map((line) => [line.line, 'error' in line ? [line.error.code, line.error.field] : 'taken']),
      ).toEqual([
        [2, 'taken'],
        [4, ['payload_invalid', '来源']],
        [5, ['payload_malformed', undefined]],
        [6, ['payload_malformed', undefined]],
        [7, ['area_unknown', 'place.areaCode']],
        [8, 'taken'],
      ]);
      const [kept] = await rows<{ body: string }>(
        "SELECT * FROM citizen_request WHERE source_id = '1' AND source = 'hotline'",
      );
      expect(kept).toMatchObject({
        title: '路灯"坏"了，\r\n请修',
        channel: '12345',
        area_code: '101',
        occurred_at: Date.parse('2026-11-20T08:00:00+08:00'),
      });
      const again = linesOf((await send(csv, 'text/csv', '?mapping=town')).body);
      expect(again.map((line) => 'error' in line || line.duplicate)).toEqual(Array(6).fill(true));
      const headless = await send('编号,来源\n1,热线\n', 'text/csv', '?mapping=town');
      expect(headless).toMatchObject({ status: 422, body: { code: 'payload_invalid', field: '内容' } });
    });

    it('refuses what is neither NDJSON nor CSV, a mapping that is not there, and who may not', async () => {
      expect(await send('<a/>', 'text/xml')).toMatchObject({ status: 400, body: { field: 'Content-Type' } });
      expect(await send('a,b\n', 'text/csv')).toMatchObject({ status: 422, body: { field: 'mapping' } });
      const secret = await send('a,b\n', 'text/csv', '?mapping=..%2Fpolicy');
      expect(secret).toMatchObject({ status: 404, body: { code: 'not_found', field: 'mapping' } });
      const supervisor = await Caller.login(hub.url, 'supervisor01');
      expect(await supervisor.send('POST', '/api/intake/batch', '{}', 'application/x-ndjson')).toMatchObject({
        status: 403,
      });
    });
  });
});
