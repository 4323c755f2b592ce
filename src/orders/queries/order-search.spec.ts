import * as fc from 'fast-check';
import type { OrderStage, Role, Visibility } from '@minqing-hub/client-sdk/protocol';
import type { CalendarBook } from '../../calendar/calendar-book.js';
import type { Alarms } from '../../deadlines/alarms.js';
import { DeadlineLedger } from '../../deadlines/deadline-ledger.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { openTestStore, type TestStore } from '../../../test/support/store.js';
import { ReplicaReads } from '../../commands/replica-reads.js';
import type { Settings } from '../../config/settings.js';
import { mayReadOrder } from '../../domain/access/may-read-order.js';
import type { Actor } from '../../identity/actor.js';
import { OwnTime } from '../../storage/shared-time.js';
import type { Tx } from '../../storage/unit-of-work.js';
import { ORDERS_AND_REQUESTS } from './order-rows.js';
import { cursorOf, orderNoOf, OrderSearch } from './order-search.js';
import { visibleTo } from './visible-orders.js';

const UNITS = ['u1', 'u2', 'u3'];
const USERS = ['p1', 'p2'];
const ROLES: Role[] = [
  'agent',
  'dispatcher',
  'unit_clerk',
  'handler',
  'grid_worker',
  'channel_adapter',
  'auditor',
  'assessor',
];

interface Facts {
  visibility: Visibility;
  state: OrderStage;
  unitIds: string[];
  registeredBy: string;
}

const facts = fc.record<Facts>({
  visibility: fc.constantFrom('public', 'internal', 'confidential'),
  state: fc.constantFrom('registered', 'handling', 'closed'),
  unitIds: fc.subarray(UNITS),
  registeredBy: fc.constantFrom(...USERS),
});
const people = fc.record({
  userId: fc.constantFrom(...USERS, 'p3'),
  roles: fc.subarray(ROLES, { minLength: 1, maxLength: 3 }),
  unitId: fc.constantFrom(null, ...UNITS),
});

const numberOf = (n: number) => `GD20261121-${String(n).padStart(6, '0')}`;

async function insert(tx: Tx, n: number, { visibility, state, unitIds, registeredBy }: Facts): Promise<void> {
  const orderNo = numberOf(n);
  const requestNo = `SQ${n}`;
  await tx.insert('work_order', {
    order_no: orderNo,
    request_no: requestNo,
    version: 1,
    state,
    visibility,
    kind: null,
    grade: 'normal',
    channel: 'app',
    catalog_code: null,
    unit_id: unitIds[0] ?? null,
    area_code: null,
    registered_at: n,
    body: JSON.stringify({ orderNo, assignments: [], proposal: null }),
  });
  await tx.insert('citizen_request', {
    request_no: requestNo,
    order_no: orderNo,
    receipt_code: `R${n}`,
    source: 's',
    source_id: `${n}`,
    channel: 'app',
    title: `${n}`,
    body: '',
    labels: '{}',
    registered_at: n,
    registered_by: registeredBy,
  });
  for (const unitId of unitIds) await tx.insert('order_reader', { unit_id: unitId, order_no: orderNo });
}

/** Its reads alone: nothing is armed. */
const NO_CLOCKS = new DeadlineLedger({} as Alarms, {} as CalendarBook);

const noReplica = ({ readModel }: TestStore) =>
  new ReplicaReads(readModel, new FakeClock(), new OwnTime(new FakeClock()), {
    databaseReplicaUrl: undefined,
  } as Settings);

describe('finding orders', () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await openTestStore();
  });
  afterEach(() => store.close());

  it('[I6] the database finds exactly what the rule book lets each person read', async () => {
    let n = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(facts, { minLength: 1, maxLength: 4 }),
        fc.array(people, { minLength: 1, maxLength: 6 }),
        async (orders, actors) => {
          const numbered = orders.map((order) => ({ ...order, n: ++n }));
          await store.unitOfWork.run(async (tx) => {
            for (const order of numbered) await insert(tx, order.n, order);
          });
          for (const person of actors) {
            const actor: Actor = { ...person, name: '' };
            const { sql, params } = visibleTo(actor);
            const found = await store.readModel.run((tx) =>
              tx.all<{ order_no: string }>(
                `SELECT o.order_no FROM ${ORDERS_AND_REQUESTS} WHERE o.registered_at >= ? AND ${sql} ORDER BY o.order_no`,
                [numbered[0]!.n, ...params],
              ),
            );
            const readable = numbered.filter(({ visibility, unitIds, state, registeredBy }) => {
              // As `orderReaders` has it: a confidential one is its registrar's only until it is taken on.
              const userIds = visibility === 'confidential' && state !== 'registered' ? [] : [registeredBy];
              return mayReadOrder(actor, { visibility, unitIds, userIds });
            });
            expect(found.map((row) => row.order_no)).toEqual(readable.map((order) => numberOf(order.n)));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('[DG4] who has a confidential order in hand at their seat finds it', async () => {
    await store.unitOfWork.run(async (tx) => {
      await insert(tx, 1, { visibility: 'confidential', state: 'pending_dispatch', unitIds: [], registeredBy: 'p1' });
      for (const [seat, state] of [
        ['S1', 'claimed'],
        ['S2', 'offered'],
      ] as const) {
        await tx.insert('queue_item', {
          item_id: seat,
          queue_id: 'dispatch',
          order_no: numberOf(1),
          open_key: null,
          state,
          revision: 1,
          critical: 0,
          at_head: 0,
          turn: 0,
          due_order: 0,
          queued_at: 0,
          seat_id: seat,
          grade: 'normal',
          visibility: 'confidential',
        });
      }
    });
    const search = new OrderSearch(store.readModel, noReplica(store), NO_CLOCKS);
    const all = {
      states: [],
      unitId: undefined,
      channel: undefined,
      from: undefined,
      to: undefined,
      before: undefined,
      limit: 5,
    };
    const seen = async (seatId: string) =>
      (await search.page({ userId: 'p9', name: '', roles: ['agent'], unitId: null, seatId }, all)).total;
    expect(await seen('S1')).toBe(1);
    expect(await seen('S2')).toBe(0);
  });

  it('counts exactly to 10,000, and says so beyond', async () => {
    const open: Facts = { visibility: 'internal', state: 'handling', unitIds: ['u1'], registeredBy: 'p1' };
    await store.unitOfWork.run(async (tx) => {
      for (let n = 1; n <= 10_000; n++) await insert(tx, n, open);
    });
    const search = new OrderSearch(store.readModel, noReplica(store), NO_CLOCKS);
    const clerk: Actor = { userId: 'p9', name: '', roles: ['unit_clerk'], unitId: 'u1' };
    const query = {
      states: [],
      unitId: undefined,
      channel: undefined,
      from: undefined,
      to: undefined,
      before: undefined,
      limit: 2,
    };
    const page = await search.page(clerk, query);
    expect(page).toMatchObject({ total: 10_000, next: cursorOf(numberOf(9_999)) });
    expect(page.items.map(({ orderNo }) => orderNo)).toEqual([numberOf(10_000), numberOf(9_999)]);
    const last = await search.page(clerk, { ...query, before: numberOf(3) });
    expect(last.items.map(({ orderNo }) => orderNo)).toEqual([numberOf(2), numberOf(1)]);
    expect(last).toMatchObject({ next: null, total: 10_000 });

    await store.unitOfWork.run((tx) => insert(tx, 10_001, open));
    const more = await search.page(clerk, query);
    expect(more).toMatchObject({ totalAtLeast: 10_000 });
    expect(more).not.toHaveProperty('total');
  });

  it('takes only cursors that it gave out', () => {
    expect(orderNoOf(cursorOf('GD20261121-000123'))).toBe('GD20261121-000123');
    for (const cursor of ['', 'x', cursorOf("' OR 1=1"), cursorOf('GD20261121-1')])
      expect(orderNoOf(cursor)).toBeUndefined();
  });
});
