import fc from 'fast-check';
import type { OrderStage, Role, Visibility } from '@minqing-hub/client-sdk/protocol';
import { Case, CITY, clerk, dispatcher, OPEN_UNITS } from '../../../test/support/rule-book.js';
import { openTestStore, type TestStore } from '../../../test/support/store.js';
import { mayReadOrder } from '../../domain/access/may-read-order.js';
import { orderReaders } from '../../domain/access/order-audience.js';
import { ROOMS_OF_ROLE } from '../../domain/access/rooms-of-role.js';
import type { Order } from '../../domain/order/order.js';
import { STAGE_NAMES } from '../../domain/order/stages.js';
import type { Actor } from '../../identity/actor.js';
import { OrderStore } from '../order-store.js';
import { ORDERS_AND_REQUESTS } from './order-rows.js';
import { visibleTo } from './visible-orders.js';

const ROLES = Object.keys(ROOMS_OF_ROLE) as Role[];
const STAGES = Object.keys(STAGE_NAMES) as OrderStage[];
const VISIBILITIES: readonly Visibility[] = ['public', 'internal', 'confidential'];
const USERS = ['u1', 'u2', 'u3'];
const UNITS = [null, ...OPEN_UNITS.map(({ unitId }) => unitId)];

/** Orders that stand with nobody, with a lead and its assists, and with a sub-unit under one that stays answerable. */
const STANDING = [
  Case.accepted(),
  Case.accepted().does(dispatcher, { name: 'dispatch', unitId: 'water', assistUnitIds: ['north'], suggestion: null }),
  Case.accepted()
    .does(dispatcher, { name: 'dispatch', unitId: 'housing', suggestion: null })
    .does(clerk('housing'), { name: 'redispatchDown', unitId: 'housing-leases' }),
].map(({ stands }) => stands);

const anOrder = fc.record({
  standing: fc.constantFrom(...STANDING),
  state: fc.constantFrom(...STAGES),
  visibility: fc.constantFrom(...VISIBILITIES),
  registeredBy: fc.constantFrom(...USERS),
});
const anActor: fc.Arbitrary<Actor> = fc.record({
  userId: fc.constantFrom(...USERS),
  name: fc.constant('人'),
  roles: fc.uniqueArray(fc.constantFrom(...ROLES), { maxLength: 3 }),
  unitId: fc.constantFrom(...UNITS),
});

describe('the orders that the database finds for somebody', () => {
  let store: TestStore;
  const orders = new OrderStore();
  let written = 0;
  let receipts = 0;
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());

  /** As a command leaves it behind. */
  async function keep(order: Order): Promise<void> {
    await store.unitOfWork.run(async (tx) => {
      await tx.insert('citizen_request', {
        request_no: order.requestNo,
        order_no: order.orderNo,
        receipt_code: `R${(receipts += 1)}`,
        source: 'app',
        source_id: order.requestNo,
        channel: order.channel,
        title: '',
        body: '',
        labels: '{}',
        registered_at: order.registeredAt,
        registered_by: order.registeredBy,
      });
      await orders.insert(tx, order);
      await orders.keepReaders(tx, order.orderNo, orderReaders(order, CITY).unitIds);
    });
  }

  it('[I6] [DG4] are exactly those that the rule book lets them read, whatever their roles and unit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anOrder, { minLength: 1, maxLength: 8 }),
        fc.array(anActor, { minLength: 1, maxLength: 12 }),
        async (facts, actors) => {
          const batch = `B${(written += 1)}-`;
          const all = facts.map(({ standing, ...more }, n): Order => ({
            ...standing,
            ...more,
            orderNo: `${batch}${n}`,
            requestNo: `${batch}${n}`,
          }));
          for (const order of all) await keep(order);
          for (const actor of actors) {
            const { sql, params } = visibleTo(actor);
            const rows = await store.readModel.run((tx) =>
              tx.all<{ order_no: string }>(
                `SELECT o.order_no FROM ${ORDERS_AND_REQUESTS} WHERE o.order_no LIKE ? AND ${sql} ORDER BY o.order_no`,
                [`${batch}%`, ...params],
              ),
            );
            const readable = all.filter((order) => mayReadOrder(actor, orderReaders(order, CITY)));
            expect(rows.map((row) => row.order_no)).toEqual(readable.map(({ orderNo }) => orderNo).sort());
          }
        },
      ),
      { numRuns: 120 },
    );
  });

  it('[I6] differ for every role between open and confidential ones as the rule book says', async () => {
    for (const role of ROLES) {
      for (const visibility of VISIBILITIES) {
        const orderNo = `R-${ROLES.indexOf(role)}-${visibility}`;
        const order: Order = { ...STANDING[1]!, orderNo, requestNo: orderNo, visibility, registeredBy: 'nobody' };
        await keep(order);
        for (const unitId of [null, 'water', 'city', 'south']) {
          const actor: Actor = { userId: 'u1', name: '人', roles: [role], unitId };
          const { sql, params } = visibleTo(actor);
          const row = await store.readModel.run((tx) =>
            tx.one(`SELECT 1 AS one FROM ${ORDERS_AND_REQUESTS} WHERE o.order_no = ? AND ${sql}`, [orderNo, ...params]),
          );
          expect([role, visibility, unitId, row !== undefined]).toEqual([
            role,
            visibility,
            unitId,
            mayReadOrder(actor, orderReaders(order, CITY)),
          ]);
        }
      }
    }
  });
});
