import { randomUUID } from 'node:crypto';
import type { CommandName } from '@minqing-hub/client-sdk/protocol';
import fc from 'fast-check';
import { ReadModel } from '../../src/storage/unit-of-work.js';
import { Caller } from '../support/caller.js';
import { FakeClock } from '../support/fake-clock.js';
import { startHub, type TestHub } from '../support/hub.js';
import { settleTown } from '../support/town.js';
import { until } from '../support/until.js';

const NOW = Date.UTC(2026, 10, 21, 2);
const SEED = 20261121;
const TRIES = 8;

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
const mobile = fc.tuple(fc.constantFrom('13', '15', '18', '19'), digits(9)).map((parts) => parts.join(''));
const landline = fc.tuple(fc.constantFrom('028', '0833'), digits(8)).map(([area, number]) => `${area}-${number}`);
const idNumber = fc.tuple(digits(17), fc.constantFrom('1', 'X')).map((parts) => parts.join(''));
const name = fc.string({ unit: fc.constantFrom(...'王李张小明华芳伟'), minLength: 2, maxLength: 4 });
const parted = mobile.map((number) => `${number.slice(0, 3)}-${number.slice(3, 7)}.${number.slice(7)}`);
/** What somebody might write into a field that asks for a code. */
const personal = fc.oneof(
  mobile,
  landline,
  idNumber,
  name,
  parted,
  fc.tuple(name, mobile).map((parts) => parts.join('')),
  fc.tuple(fc.constantFrom('K-', 'a', 'tel.'), mobile).map((parts) => parts.join('')),
);

type Fields = (text: string) => object;

describe('what callers write into fields that ask for a code', () => {
  const people = new Map<string, Caller>();
  const orders: Record<string, { orderNo: string; expectedVersion: number }> = {};
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startHub({ clock: new FakeClock(NOW) });
    for (const who of ['admin', 'agent001', 'leader01', 'dispatcher01', 'arbiter01', 'supervisor01']) {
      people.set(who, await Caller.login(hub.url, who));
    }
    await settleTown(by('admin'));
    for (const who of ['unit-street-a', 'handler-street-a', 'deputy-street-a', 'deputy-street-b']) {
      await until(`an account for ${who}`, async () => people.set(who, await Caller.login(hub.url, who)));
    }
    for (const at of ['registered', 'waiting', 'sent', 'objected']) await settle(at);
  });
  afterAll(() => hub.stop());

  const by = (who: string) => people.get(who)!;
  const rows = <T extends object>(sql: string, params: string[] = []) =>
    hub.app.get(ReadModel).run((tx) => tx.all<T>(sql, params));

  async function state(orderNo: string): Promise<{ state: string; version: number; waits: number }> {
    const waits = `(SELECT COUNT(*) FROM queue_item WHERE order_no = w.order_no AND queue_id = 'dispatch')`;
    const found = await rows<{ state: string; version: number; waits: number }>(
      `SELECT state, version, ${waits} AS waits FROM work_order w WHERE order_no = ?`,
      [orderNo],
    );
    return found[0]!;
  }

  /** An order as far on its way as its name says. */
  async function settle(at: string): Promise<void> {
    const { orderNo } = await by('agent001').act('register', {
      channel: '12345',
      title: '咨询',
      text: `内容 ${at}`,
      kind: at === 'registered' ? 'consultation' : 'resolution',
      catalogCode: '6-1-2',
      filedBy: '代报人',
      place: { areaCode: '101' },
    });
    const act = async (who: string, command: CommandName, more: object = {}) =>
      by(who).act(command, { orderNo, expectedVersion: (await state(orderNo)).version, ...more });
    if (at !== 'registered') {
      await act('agent001', 'accept');
      await until('the order to wait for a dispatcher', async () => (await state(orderNo)).waits === 1);
    }
    if (at === 'sent' || at === 'objected') await act('dispatcher01', 'dispatch', { unitId: 'street-a' });
    if (at === 'objected') {
      const objection = { reasonCode: 'not_our_duty', basis: '依据', proposedUnitId: 'works' };
      await act('deputy-street-a', 'object', objection);
    }
    orders[at] = { orderNo, expectedVersion: (await state(orderNo)).version };
  }

  const filed = { channel: '12345', title: '咨询', text: '内容', filedBy: '代报人' };
  const objection = { basis: '依据', reasonCode: 'not_our_duty', proposedUnitId: 'works' };
  const contact = { channel: 'phone', at: new Date(NOW).toISOString(), outcome: 'reached', summary: '好' };

  const FIELDS: [CommandName, string, string, string | null, Fields][] = [
    ['register', 'channel', 'agent001', null, (text) => ({ ...filed, channel: text })],
    ['register', 'catalogCode', 'agent001', null, (text) => ({ ...filed, catalogCode: text })],
    ['register', 'place.areaCode', 'agent001', null, (text) => ({ ...filed, place: { areaCode: text } })],
    ['register', 'kind', 'agent001', null, (text) => ({ ...filed, kind: text })],
    ['register', 'labels.stability', 'agent001', null, (text) => ({ ...filed, labels: { stability: text } })],
    ['answerDirectly', 'knowledgeRef', 'agent001', 'registered', (text) => ({ answer: '可以', knowledgeRef: text })],
    ['refuse', 'reasonCode', 'agent001', 'registered', (text) => ({ reasonCode: text, alternativeChannel: '12348' })],
    ['accept', 'catalogCode', 'agent001', 'registered', (text) => ({ catalogCode: text })],
    ['accept', 'areaCode', 'agent001', 'registered', (text) => ({ areaCode: text })],
    ['accept', 'route', 'agent001', 'registered', (text) => ({ route: text })],
    ['merge', 'primaryOrderNo', 'dispatcher01', 'waiting', (text) => ({ primaryOrderNo: text })],
    ['dispatch', 'unitId', 'dispatcher01', 'waiting', (text) => ({ unitId: text })],
    ['dispatch', 'assistUnitIds', 'dispatcher01', 'waiting', (text) => ({ unitId: 'works', assistUnitIds: [text] })],
    ['object', 'reasonCode', 'deputy-street-a', 'sent', (text) => ({ ...objection, reasonCode: text })],
    ['object', 'proposedUnitId', 'deputy-street-a', 'sent', (text) => ({ ...objection, proposedUnitId: text })],
    ['recordContact', 'channel', 'handler-street-a', 'sent', (text) => ({ ...contact, channel: text })],
    ['recordContact', 'outcome', 'handler-street-a', 'sent', (text) => ({ ...contact, outcome: text })],
    ['assignHandler', 'handlerId', 'unit-street-a', 'sent', (text) => ({ handlerId: text })],
    ['escalateLevel', 'toUnitId', 'deputy-street-a', 'sent', (text) => ({ toUnitId: text, reason: '上级协调' })],
    ['redispatchDown', 'unitId', 'unit-street-a', 'sent', (text) => ({ unitId: text })],
    ['upholdObjection', 'nextUnitId', 'arbiter01', 'objected', (text) => ({ nextUnitId: text, reason: '有理' })],
    ['assignFirstReceiver', 'basis', 'arbiter01', 'objected', (text) => ({ basis: text, reason: '有理' })],
    ['openSupervision', 'kind', 'supervisor01', 'sent', (text) => ({ kind: text, reason: '督办' })],
    ['viewRequester', 'orderNo', 'agent001', null, (text) => ({ orderNo: text, purpose: '回访诉求人' })],
    ['setPresence', 'presence', 'agent001', null, (text) => ({ presence: text })],
    ['claimItem', 'itemId', 'agent001', null, (text) => ({ itemId: text })],
    ['settleListGap', 'gapId', 'admin', null, (text) => ({ gapId: text, note: '已补' })],
    ['createApiKey', 'source', 'admin', null, (text) => ({ source: text, label: '来源系统' })],
    ['revokeApiKey', 'keyId', 'admin', null, (text) => ({ keyId: text })],
    ['changeRights', 'userId', 'admin', null, (text) => ({ userId: text, roles: ['agent'] })],
    ['changeRights', 'roles', 'admin', null, (text) => ({ userId: 'agent149', roles: [text] })],
    ['changeRights', 'unitId', 'admin', null, (text) => ({ userId: 'agent149', roles: ['agent'], unitId: text })],
    ['changeRights', 'seatId', 'admin', null, (text) => ({ userId: 'agent149', roles: ['agent'], seatId: text })],
  ];

  it.each(FIELDS)(
    '[DG6] %s refuses words, names and numbers of people as its %s',
    async (command, _field, who, at, fields) => {
      const written = fc.sample(personal, { numRuns: TRIES, seed: SEED });
      for (const text of written) {
        const payload = { ...(at === null ? {} : orders[at]), ...fields(text) };
        const commandId = randomUUID();
        const { status, body } = await by(who).post('/api/commands', { name: command, commandId, payload });
        expect([status, text]).not.toEqual([200, text]);
        expect(JSON.stringify(body)).not.toContain(text);
      }
      await nowhereKept(written);
    },
  );

  it('[DG6] a list of users names nobody by name or phone', async () => {
    const written = fc.sample(fc.oneof(mobile, name, idNumber), { numRuns: TRIES, seed: SEED });
    const user = { name: '坐席', roles: 'agent', password: 'first password 1' };
    const byName = written.map((username) => ({ ...user, username }));
    const bySeat = written.map((seatId, i) => ({ ...user, username: `newcomer${i}`, seatId }));
    const { body } = await by('admin').post('/api/lists/users/import', [...byName, ...bySeat]);
    expect(body).toMatchObject({ status: 'refused' });
    const columns = (body.errors as { column: string }[]).map(({ column }) => column);
    expect(columns.sort()).toEqual([...written.map(() => 'seatId'), ...written.map(() => 'username')]);
    await nowhereKept(written);
  });

  it('[DG6] codes are still taken', async () => {
    const { status } = await by('agent001').post('/api/commands', {
      name: 'answerDirectly',
      commandId: randomUUID(),
      payload: { ...orders['registered'], answer: '可以', knowledgeRef: 'KB.2026-0001' },
    });
    expect(status).toBe(200);
    expect(await rows(`SELECT 1 FROM event WHERE data LIKE '%KB.2026-0001%'`)).toHaveLength(1);
  });

  /** Neither in the log and its cards nor among the commands' answers. */
  async function nowhereKept(texts: readonly string[]): Promise<void> {
    const log = await rows(`SELECT subject, actor_id, data, card, changed FROM event`);
    const kept = JSON.stringify([
      log,
      await rows('SELECT actor_id, name, answer FROM command'),
      await rows('SELECT card_key, body FROM card'),
    ]);
    expect(texts.filter((text) => kept.includes(text))).toEqual([]);
  }
});
