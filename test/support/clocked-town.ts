import type { HubClient, RoomHandle } from '@minqing-hub/client-sdk';
import type {
  ClockName,
  CommandName,
  OrderCard,
  OrderDetail,
  RoomName,
  TrailEntry,
} from '@minqing-hub/client-sdk/protocol';
import { Settings } from '../../src/config/settings.js';
import { VirtualClock } from '../../src/config/virtual-clock.js';
import { verifyLog } from '../../src/event-log/verify-log.js';
import { verifyWhistles } from '../../src/coordination/verify-whistles.js';
import { verifyOrders } from '../../src/orders/verify-orders.js';
import { ReadModel } from '../../src/storage/unit-of-work.js';
import { Caller, type Json } from './caller.js';
import { openConsole, openRoom } from './consoles.js';
import { FakeClock } from './fake-clock.js';
import { startHub, type TestHub, type TestHubOptions } from './hub.js';
import { settleTown } from './town.js';
import { until } from './until.js';

const STAFF = ['admin', 'agent001', 'agent002', 'dispatcher01', 'supervisor01'];
const UNIT_STAFF = [
  ...['unit-works', 'handler-works', 'deputy-works'],
  ...['unit-works-roads', 'deputy-works-roads', 'unit-district'],
];

/** A hub in the small town, whose time stands still until it is moved, with people who act on orders. */
export class ClockedTown {
  private readonly people = new Map<string, Caller>();
  private readonly consoles: HubClient[] = [];

  private constructor(
    public hub: TestHub,
    readonly clock: VirtualClock,
  ) {}

  static async at(start: number, options: TestHubOptions = {}): Promise<ClockedTown> {
    const clock = new VirtualClock(new FakeClock(start));
    const town = new ClockedTown(await startHub({ ...options, clock }), clock);
    for (const name of STAFF) town.people.set(name, await Caller.login(town.hub.url, name));
    await settleTown(town.by('admin'));
    for (const name of UNIT_STAFF) {
      await until(`an account for ${name}`, async () => town.people.set(name, await Caller.login(town.hub.url, name)));
    }
    return town;
  }

  async close(): Promise<void> {
    for (const client of this.consoles.splice(0)) client.close();
    await this.hub.stop();
  }

  /** The same hub once more, with other settings. Who was logged in is; consoles are not. */
  async restart(options: TestHubOptions = {}): Promise<void> {
    for (const client of this.consoles.splice(0)) client.close();
    const { dataDir } = this.hub;
    await this.hub.stop({ keep: true });
    const hub = await startHub({ ...options, dataDir, clock: this.clock });
    this.hub = { ...hub, stop: () => hub.stop({ keep: false }) };
    for (const name of this.people.keys()) this.people.set(name, await Caller.login(hub.url, name));
  }

  /** Somebody else of the town, from now on. */
  async logIn(...names: string[]): Promise<void> {
    for (const name of names) {
      await until(`an account for ${name}`, async () => this.people.set(name, await Caller.login(this.hub.url, name)));
    }
  }

  by(name: string): Caller {
    return this.people.get(name)!;
  }

  /** To a moment that lies ahead, ms UTC. */
  async moveTo(at: number): Promise<void> {
    await this.by('admin').act('advanceTime', { seconds: (at - this.clock.now()) / 1000 });
    await until('the time to have moved', () => this.clock.now() >= at);
  }

  async room(username: string, name: RoomName): Promise<RoomHandle> {
    const client = await openConsole(this.hub.url, username);
    this.consoles.push(client);
    return openRoom(client, name);
  }

  async detail(orderNo: string, as = 'dispatcher01'): Promise<OrderDetail> {
    return (await this.by(as).get(`/api/orders/${orderNo}`)).body as OrderDetail;
  }

  async trail(orderNo: string): Promise<TrailEntry[]> {
    return (await this.by('dispatcher01').get(`/api/orders/${orderNo}/trail`)).body as TrailEntry[];
  }

  /** On the order as it stands now. */
  async act(who: string, name: CommandName, orderNo: string, more: object = {}): Promise<void> {
    const { version } = await this.detail(orderNo);
    await this.by(who).act(name, { orderNo, expectedVersion: version, ...more });
  }

  async refused(who: string, name: CommandName, orderNo: string, more: object = {}): Promise<Json> {
    const { version } = await this.detail(orderNo);
    return this.by(who).refusedTo(name, { orderNo, expectedVersion: version, ...more });
  }

  /** Accepted, and dispatched by the duty list to the works bureau. */
  async dispatched(facts: object = {}): Promise<string> {
    const { orderNo } = await this.by('agent001').act('register', {
      channel: '12345',
      title: '路面破损',
      text: '路面破损一处',
      kind: 'resolution',
      catalogCode: '6-1-1',
      requester: { name: '来电人', phone: '13812345678' },
      place: { areaCode: '101' },
      ...facts,
    });
    await this.act('agent001', 'accept', orderNo);
    await until('the order to be with the unit', async () => (await this.detail(orderNo)).state === 'pending_ack');
    return orderNo;
  }

  /** And taken on by a first contact. */
  async contacted(facts: object = {}): Promise<string> {
    const orderNo = await this.dispatched(facts);
    await this.contact('handler-works', orderNo);
    return orderNo;
  }

  contact(who: string, orderNo: string): Promise<void> {
    const at = new Date(this.clock.now()).toISOString();
    return this.act(who, 'recordContact', orderNo, { channel: 'phone', at, outcome: 'reached', summary: '已联系' });
  }

  /** What the log and the stored orders and whistles do not agree on. */
  async disagreements(): Promise<string[]> {
    const readModel = this.hub.app.get(ReadModel);
    const log = await verifyLog(readModel, this.hub.app.get(Settings).secrets.auditKey);
    const [orders, whistles] = [await verifyOrders(readModel), await verifyWhistles(readModel)];
    return [...log.first.map((one) => JSON.stringify(one)), ...orders.first, ...whistles.first];
  }
}

export const clockIn = (card: Pick<OrderCard, 'clocks'> | undefined, name: ClockName) =>
  card?.clocks.find(({ clock }) => clock === name);
