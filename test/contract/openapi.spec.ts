import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { parse } from 'yaml';
import type { HubClient } from '@minqing-hub/client-sdk';
import type { Problem } from '@minqing-hub/client-sdk/protocol';
import { payloadSchema } from '../../src/api/payload-schema.js';
import type { Schema } from '../../src/api/schema.js';
import { checkPayload } from '../../src/commands/check-payload.js';
import { CommandBus } from '../../src/commands/command-bus.js';
import { HTTP_STATUS } from '../../src/commands/http-status.js';
import { bodyClasses } from '../../src/commands/takes-body.js';
import { act, newId, newRequest, openConsole, PASSWORD } from '../support/consoles.js';
import { startHub, type TestHub } from '../support/hub.js';
import { faultsOf, type Schemas, valuesOf } from '../support/json-schema.js';
import { until } from '../support/until.js';

interface Operation {
  operationId: string;
  summary?: string;
  parameters?: { name: string; in: string }[];
  security?: object[];
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema & { 'x-status'?: Record<string, number> }> };
}
interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
}

/** What only a list of examples can give. */
const FORMATS = {
  uuid: [newId()],
  date: ['2026-01-05', '2026-02-28'],
  'date-time': ['2026-01-05T08:00:00+08:00', '2026-01-05T00:00:00Z'],
  phone: ['13900000001', '0755-88123456'],
  'id-number': ['11010519491231002X'],
};

/** The OpenAPI document, held to the running hub: routes, bodies, answers, errors, both ways. */
describe('the description of the HTTP API', () => {
  let hub: TestHub;
  let document: Document;
  let schemas: Schemas;
  let tokens: Record<string, string>;
  const consoles: HubClient[] = [];

  beforeAll(async () => {
    hub = await startHub();
    document = (await (await fetch(`${hub.url}/api/openapi.json`)).json()) as Document;
    schemas = document.components.schemas;
    const names = ['agent001', 'dispatcher01', 'leader01', 'admin'];
    tokens = Object.fromEntries(
      await Promise.all(
        names.map(async (username) => {
          const answer = await call('POST', '/api/auth/login', { body: { username, password: PASSWORD } });
          return [username, ((await answer.json()) as { token: string }).token];
        }),
      ),
    );
  });
  afterAll(async () => {
    for (const client of consoles) client.close();
    await hub.stop();
  });

  interface Call {
    as?: string;
    key?: string;
    body?: unknown;
    type?: string;
  }
  function call(method: string, path: string, { as, key, body, type = 'application/json' }: Call = {}) {
    return fetch(`${hub.url}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': type }),
        ...(as !== undefined && { authorization: `Bearer ${tokens[as]}` }),
        ...(key !== undefined && { 'x-api-key': key }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
    );

  it('names every route of the running hub, and no other', () => {
    const { router } = hub.app.getHttpAdapter().getInstance() as { router: { stack: Layer[] } };
    const served = router.stack.flatMap(({ route }) =>
      route && !/^\/api\/(docs|openapi)/.test(route.path)
        ? Object.keys(route.methods).map(
            (method) => `${method.toUpperCase()} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`,
          )
        : [],
    );
    expect(
      operations()
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    ).toEqual(served.sort());
    for (const { path, operation } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect((operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath);
      expect(operation.summary).toMatch(/[\u4e00-\u9fff]/);
    }
  });

  it('says of every route what it answers and how it fails', () => {
    for (const { operation } of operations()) {
      const { default: failure, ...responses } = operation.responses;
      const good = Object.entries(responses).filter(([status]) => status.startsWith('2'));
      expect([operation.operationId, good.length]).not.toEqual([operation.operationId, 0]);
      for (const [, { content }] of good) expect(Object.values(content ?? {})[0]?.schema).toBeTruthy();
      expect(failure?.content).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
      for (const [status, { description }] of Object.entries(responses)) {
        const [, code] = /^([a-z_]+)(：|$)/.exec(description) ?? [];
        if (code) expect([code, HTTP_STATUS[code as keyof typeof HTTP_STATUS]]).toEqual([code, Number(status)]);
      }
    }
    const refs = JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
    for (const [, name] of refs) expect(Object.keys(schemas)).toContain(name);
  });

  it('names every error code with its status, and no other', () => {
    const { enum: codes, 'x-status': statuses } = document.components.schemas.ErrorCode!;
    expect([...codes!].sort()).toEqual(Object.keys(HTTP_STATUS).sort());
    expect(statuses).toEqual(HTTP_STATUS);
  });

  it('names every command that people may issue, with the fields that the protocol has for it', () => {
    const open = hub.app.get(CommandBus).described.filter(({ who }) => who.some((role) => role !== 'system'));
    const calls = document.components.schemas.CommandCall!.oneOf!;
    expect(calls.map(({ properties }) => properties!.name!.const)).toEqual(open.map(({ name }) => name));
    const socket = parse(readFileSync('docs/asyncapi.yaml', 'utf8')) as {
      components: { messages: Record<string, { payload: { properties: { payload: Schema } } }> };
    };
    const messages = socket.components.messages;
    // What only comes by a door of its own is described there.
    const byDoor = [...bodyClasses().values()];
    const named = open.filter(({ name, payload }) => messages[`command.${name}`] ?? !byDoor.includes(payload));
    const told = named.map(({ name, payload }) => [name, shapeOf(payloadSchema(payload))]);
    const typed = named.map(({ name }) => [name, shapeOf(messages[`command.${name}`]!.payload.properties.payload)]);
    expect(told).toEqual(typed);
  });

  it('takes every body that it describes, and no field more, none less', async () => {
    const open = hub.app.get(CommandBus).described.map(({ payload }) => payload);
    for (const type of new Set([...open, ...bodyClasses().values()])) {
      // Connections that wait must be seen to close meanwhile, or the next call would take a dead one.
      await setImmediate();
      const schema = payloadSchema(type);
      const { properties = {}, required = [] } = schema;
      fc.assert(
        fc.property(valuesOf(schema, FORMATS), fc.nat(), (value, n) => {
          const body = value as Record<string, unknown>;
          const taken = checkPayload(type, body);
          // What one field asks of another is not a matter of form.
          if (!taken.ok) expect([type.name, conditional(type, taken.error.field)]).toEqual([type.name, true]);
          expect(checkPayload(type, { ...body, fieldOfNobody: 1 })).toMatchObject({ ok: false });
          const name = required[n % required.length];
          if (name === undefined) return;
          const { [name]: _left, ...rest } = body;
          expect(checkPayload(type, rest)).toMatchObject({ ok: false, error: { code: 'payload_invalid' } });
          const wrong = [properties[name]!.type].flat().includes('object') ? 7 : { an: 'object' };
          expect(checkPayload(type, { ...body, [name]: wrong })).toMatchObject({ ok: false });
        }),
        { numRuns: 25 },
      );
    }
  });

  it('answers nobody who is not logged in, as it says', async () => {
    for (const { path, method, operation } of operations()) {
      if (!operation.security) continue;
      const answer = await call(method, path.replaceAll(/\{\w+\}/g, 'x'), method === 'POST' ? { body: {} } : {});
      expect([operation.operationId, answer.status]).toEqual([operation.operationId, 401]);
      const problem = (await answer.json()) as Problem;
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(faultsOf(schemas.Problem!, problem, schemas)).toEqual([]);
    }
  });

  it('answers what it says, on every route', async () => {
    const seen = new Set<string>();
    async function matches(operationId: string, answer: Response): Promise<unknown> {
      const { operation } = operations().find((one) => one.operation.operationId === operationId)!;
      const [type, content] = Object.entries(operation.responses[String(answer.status)]?.content ?? {})[0] ?? [];
      const text = await answer.text();
      if (!content) throw new Error(`${operationId} answered ${answer.status}: ${text}`);
      expect(answer.headers.get('content-type')).toContain(type);
      if (type === 'text/plain') expect(text).toContain('hub_');
      const bodies =
        type === 'text/plain'
          ? []
          : text
              .trimEnd()
              .split('\n')
              .map((line) => JSON.parse(line) as unknown);
      for (const body of bodies)
        expect([operationId, faultsOf(content.schema, body, schemas)]).toEqual([operationId, []]);
      seen.add(operationId);
      return bodies[0];
    }

    const agent = await openConsole(hub.url, 'agent001');
    const admin = await openConsole(hub.url, 'admin');
    consoles.push(agent, admin);
    await act(agent, 'setPresence', { presence: 'ready' });
    const { orderNo, version } = await act(agent, 'register', newRequest(1));
    await act(agent, 'accept', { orderNo, expectedVersion: version, noPlace: true });
    const { apiKey } = await act(admin, 'createApiKey', { source: 'app', label: '应用' });
    const command = { name: 'urge', commandId: newId(), payload: { orderNo, text: '群众再次来电' } };
    const intake = { ...newRequest(2), source: 'app', sourceId: 'c1' };
    const event = { eventId: 'e1', type: 'offered', callId: 'c1', at: '2026-01-05T08:00:00+08:00', seatId: 'A001' };

    const first = await matches(
      'AuthController_login',
      await call('POST', '/api/auth/login', { body: { username: 'agent002', password: PASSWORD } }),
    );
    tokens.agent002 = (first as { token: string }).token;
    await matches('AuthController_refresh', await call('POST', '/api/auth/refresh', { as: 'agent002' }));
    const passwords = { oldPassword: PASSWORD, newPassword: 'another-pass-phrase' };
    await matches(
      'AuthController_changePassword',
      await call('POST', '/api/auth/password', { as: 'agent002', body: passwords }),
    );
    await matches(
      'IntakeController_receive',
      await call('POST', '/api/intake/requests', { key: apiKey, body: intake }),
    );
    await matches(
      'IntakeController_receive',
      await call('POST', '/api/intake/requests', { key: apiKey, body: intake }),
    );
    const lines = `${JSON.stringify({ ...intake, sourceId: 'c2' })}\n{"source":"app"}\n`;
    await matches(
      'IntakeController_receiveMany',
      await call('POST', '/api/intake/batch', { key: apiKey, body: lines, type: 'application/x-ndjson' }),
    );
    await matches('IntakeController_list', await call('GET', '/api/channels', { as: 'agent001' }));
    await matches(
      'CommandsController_execute',
      await call('POST', '/api/commands', { as: 'dispatcher01', body: command }),
    );
    await matches('OrdersController_list', await call('GET', '/api/orders', { as: 'dispatcher01' }));
    await matches('OrdersController_detail', await call('GET', `/api/orders/${orderNo}`, { as: 'dispatcher01' }));
    await matches('OrdersController_trail', await call('GET', `/api/orders/${orderNo}/trail`, { as: 'dispatcher01' }));
    await matches('NoticesController_of', await call('GET', `/api/orders/${orderNo}/notices`, { as: 'dispatcher01' }));
    await matches(
      'OrdersController_history',
      await call('POST', '/api/callers/history', { as: 'agent001', body: { phone: newRequest(1).requester.phone } }),
    );
    await matches('UnitPeopleController_handlers', await unitPeople());
    const street = await openConsole(hub.url, 'street-dongcheng');
    consoles.push(street);
    const { whistleNo } = await act(street, 'blowWhistle', {
      type: 'key_problem',
      basisCode: 'beyond_powers',
      basis: '涉及两家职权，街道无权处理',
      finding: '巡查发现路面塌陷',
      unitIds: ['housing'],
      leadUnitId: 'housing',
    });
    await act(street, 'sayInRoom', { whistleNo, text: '请先到现场' });
    await matches('WhistlesController_list', await call('GET', '/api/whistles', { as: 'dispatcher01' }));
    for (const [part, operation] of [
      ['', 'detail'],
      ['/trail', 'trail'],
      ['/messages', 'messages'],
    ] as const) {
      const answer = await call('GET', `/api/whistles/${whistleNo}${part}`, { as: 'dispatcher01' });
      await matches(`WhistlesController_${operation}`, answer);
    }
    const catalogue = await call('GET', '/api/catalogue', { as: 'admin' });
    const rows = (await catalogue.clone().json()) as object[];
    await matches('ListsController_catalogue', catalogue);
    await matches(
      'ListsController_import',
      await call('POST', '/api/lists/catalogue/import', { as: 'admin', body: rows }),
    );
    await matches(
      'ListsController_import',
      await call('POST', '/api/lists/catalogue/import', { as: 'admin', body: [{ code: '' }] }),
    );
    await matches('ListsController_lists', await call('GET', '/api/lists', { as: 'admin' }));
    await until('the order to meet a gap of the list', async () => {
      const gaps = await call('GET', '/api/lists/gaps', { as: 'admin' });
      await matches('ListsController_openGaps', gaps.clone());
      return Array.isArray(await gaps.json());
    });
    await matches('ListsController_units', await call('GET', '/api/units', { as: 'admin' }));
    await matches('ListsController_duties', await call('GET', '/api/duties', { as: 'admin' }));
    const notice = { year: 2031, papers: ['https://www.gov.cn/'], days: [{ date: '2031-01-01', isOffDay: true }] };
    for (const body of [notice, notice, { year: 2031, days: [] }]) {
      await matches('CalendarController_import', await call('POST', '/api/calendar/notices', { as: 'admin', body }));
    }
    await matches('CalendarController_notices', await call('GET', '/api/calendar/notices', { as: 'agent001' }));
    await matches(
      'CalendarController_due',
      await call('GET', '/api/calendar/due?start=2026-02-14&n=1', { as: 'agent001' }),
    );
    await matches('PolicyController_all', await call('GET', '/api/policy', { as: 'agent001' }));
    await act(admin, 'changePolicy', { key: 'offer.seconds', value: 20, reason: '试行' });
    await matches('PolicyController_history', await call('GET', '/api/policy/offer.seconds/history', { as: 'admin' }));
    await matches('HealthController_live', await call('GET', '/api/health/live'));
    await matches('HealthController_ready', await call('GET', '/api/health/ready'));
    await matches('MetricsController_scrape', await call('GET', '/metrics'));
    await matches('ShiftsController_own', await call('GET', '/api/shifts/own', { as: 'agent001' }));
    await matches('ShiftsController_at', await call('GET', '/api/shifts', { as: 'leader01' }));
    await matches('CtiController_take', await call('POST', '/api/cti/events', { key: apiKey, body: event }));
    await matches(
      'CtiController_take',
      await call('POST', '/api/cti/events', { key: apiKey, body: [event, { eventId: 'e2' }] }),
    );
    const { articleId } = await act(admin, 'publishArticle', {
      title: '路面破损怎么报',
      text: '请说明路名和最近的门牌。',
      source: '市政养护手册第三章',
      ownerUnitId: 'dongcheng',
    });
    await matches('KnowledgeController_article', await call('GET', `/api/knowledge/${articleId}`, { as: 'agent001' }));
    await until('the article to be found', async () => {
      const answer = await call('GET', '/api/knowledge?q=路面', { as: 'agent001' });
      return ((await matches('KnowledgeController_list', answer)) as { items: object[] }).items.length;
    });

    await matches('FloorController_list', await call('GET', '/api/floor/items?measure=waiting', { as: 'leader01' }));
    await matches(
      'FloorCallsController_list',
      await call('GET', '/api/floor/calls?measure=offered', { as: 'leader01' }),
    );
    await matches('FloorController_seats', await call('GET', '/api/floor/seats', { as: 'leader01' }));
    await matches('FloorController_timeline', await call('GET', '/api/floor/seats/A001/timeline', { as: 'leader01' }));
    await matches('FloorController_messages', await call('GET', '/api/seats/A001/messages', { as: 'leader01' }));

    const { callId } = JSON.parse(
      await (await call('POST', '/api/cti/events', { key: apiKey, body: event })).text(),
    ) as { callId: string };
    await matches('CtiController_detail', await call('GET', `/api/calls/${callId}`, { as: 'agent001' }));
    await matches('CtiController_history', await call('GET', `/api/calls/${callId}/history`, { as: 'agent001' }));

    const missing = operations()
      .map(({ operation }) => operation.operationId)
      .filter((id) => !seen.has(id));
    // A call-back is shown to who has it in hand, and comes into hand in its hour only.
    expect(missing).toEqual(['CallbacksController_detail']);

    async function unitPeople(): Promise<Response> {
      let answer: Response | undefined;
      await until('the accounts of units', async () => {
        const login = await call('POST', '/api/auth/login', {
          body: { username: 'unit-dongcheng', password: PASSWORD },
        });
        tokens.unit = ((await login.json()) as { token: string }).token;
        answer = await call('GET', '/api/units/dongcheng/people', { as: 'unit' });
        return answer.ok;
      });
      return answer!;
    }
  });
});

/** Fields and which of them must be there; in order of their names. */
function shapeOf({ properties = {}, required = [] }: Schema): { fields: string[]; required: string[] } {
  return { fields: Object.keys(properties).sort(), required: [...required].sort() };
}

/** The field is asked for only when another says so. */
function conditional(type: new () => object, field = ''): boolean {
  const [name = ''] = field.split('.');
  const { required = [] } = payloadSchema(type);
  return !required.includes(name);
}
