import type { ClockName, Grade, Kind, OrderDetail, ResponseLevel, Route } from '@minqing-hub/client-sdk/protocol';
import { chance } from '../chance.js';
import { clerkOf, deputyOf, handlerOf } from '../people.js';
import type { HubTime } from './hub-time.js';
import { HOUR_MS, MINUTE_MS } from './limits.js';
import type { MonthPeople } from './month-people.js';

/** What everybody who deals with an order shares. */
export interface Setting {
  people: MonthPeople;
  time: HubTime;
  seed: number;
  /** An order is there, and looked after from now on. */
  registered(orderNo: string): void;
  /** Somebody has done something about it. */
  touched(orderNo: string): void;
}

/** Just before its time is over: what is done then is in time. */
const JUST_IN_TIME_MS = 1_200;
const SHARES = { quick: 0.45, justInTime: 0.25, tooLate: 0.22 };
/** Matters with a standard, of every basis, and none, which a dispatcher has to place. */
const MATTERS = ['010101', '010201', '020102', '040201', '060101', '070101', '030102', null, null, null, null, null];
const UNITS = ['housing', 'environment', 'cityworks', 'dongcheng', 'xicheng', 'beihu'];
const BELOW: Record<string, string> = {
  housing: 'housing-property',
  dongcheng: 'dc-cityworks',
  xicheng: 'xc-cityworks',
  beihu: 'bh-cityworks',
};

/** One request and all that people do about it: in time, too late, never. */
export class OrderLife {
  private orderNo = '';

  constructor(
    private readonly name: string,
    private readonly bornAt: number,
    private readonly setting: Setting,
  ) {}

  async live(): Promise<void> {
    await this.setting.time.until(this.bornAt);
    const request = await this.register();
    if (!request) return;
    if (!(await this.beAccepted())) return;
    if (!(await this.beDispatched())) return;
    await this.beHandled();
  }

  private async register(): Promise<boolean> {
    const catalogCode = this.oneOf('matter', MATTERS);
    const receipt = await this.setting.people.issue('agent001', 'register', {
      channel: '12345',
      source: 'month',
      sourceId: this.name,
      title: '路面破损',
      text: '人行道地砖松动，雨天积水',
      kind: this.oneOf<Kind>('kind', ['consultation', 'suggestion', 'resolution', 'complaint']),
      grade: this.oneOf<Grade>('grade', ['urgent', 'fast', 'normal', 'normal']),
      responseLevel: this.oneOf<ResponseLevel>('level', [
        ...(['routine', 'routine', 'routine', 'routine', 'disputed'] as const),
        ...(['expedited', 'expedited', 'critical'] as const),
      ]),
      route: this.oneOf<Route>('route', ['coordination', 'coordination', 'coordination', 'simple', 'emergency']),
      requester: { name: '来电人', phone: '13900000000' },
      ...(catalogCode !== null && { catalogCode }),
    });
    if (!receipt) return false;
    this.orderNo = receipt.orderNo;
    this.setting.registered(this.orderNo);
    return true;
  }

  private async beAccepted(): Promise<boolean> {
    if (!(await this.waitFor('ACCEPT', 'accept'))) return false;
    if (this.happens('answered', 0.08)) {
      const payload = { answer: '当场办结', solvedOnTheSpot: true, evidence: '照片' };
      await this.does('agent001', ({ state }) => (state === 'registered' ? { name: 'answerDirectly', payload } : null));
      return false;
    }
    const areaCode = this.oneOf('area', ['SF-DC', 'SF-XC', 'SF-BH']);
    return this.does('agent001', ({ state }) =>
      state === 'registered' ? { name: 'accept', payload: { areaCode } } : null,
    );
  }

  /** By the duty list at once, or by somebody; a second time after an objection. Answers whether a unit has it. */
  private async beDispatched(): Promise<boolean> {
    // Whether the list knows the unit shows in a moment: a reaction does it.
    await this.setting.time.until(this.setting.time.now() + 2_000);
    if ((await this.order()).state !== 'pending_dispatch') return true;
    if (!(await this.waitFor('DISPATCH', `dispatch ${(await this.order()).hops}`))) return false;
    await this.does('dispatcher01', ({ state, visitedUnitIds }) => {
      const unitId = UNITS.filter((unit) => !visitedUnitIds.includes(unit))[
        Math.floor(this.chance(`unit ${visitedUnitIds.length}`) * 3)
      ];
      return state === 'pending_dispatch' && unitId ? { name: 'dispatch', payload: { unitId } } : null;
    });
    return (await this.order()).leadUnitId !== null;
  }

  private async beHandled(): Promise<void> {
    await this.perhapsGoDown();
    const { leadUnitId: lead, hops } = await this.order();
    if (lead === null) return;
    if (this.happens(`objection ${hops}`, 0.25)) {
      if (await this.waitFor('OBJECTION', `object ${hops}`)) await this.object(lead);
      if (await this.beRuledOn()) return;
    } else if (await this.waitFor('ACK', `acknowledge ${hops}`)) {
      await this.does(clerkOf(lead), ({ state, leadUnitId }) =>
        state === 'pending_ack' && leadUnitId === lead ? { name: 'acknowledge', payload: {} } : null,
      );
    }
    await this.beContacted();
    await this.perhapsMoreTime();
  }

  /** Answers whether it goes its way with another unit. */
  private async beRuledOn(): Promise<boolean> {
    if ((await this.order()).state !== 'under_arbitration') return false;
    const { hops } = await this.order();
    if (!(await this.waitFor('ARBITRATION', `rule ${hops}`))) {
      // Nobody rules: the hub lets the first receiver.
      await this.later(8 * HOUR_MS);
      return false;
    }
    const reason = '按职责清单裁决';
    const ruling = this.oneOf(`ruling ${hops}`, [
      'upholdObjection',
      'overruleObjection',
      'assignFirstReceiver',
    ] as const);
    const payload = ruling === 'assignFirstReceiver' ? { reason, basis: 'first_receiver' } : { reason };
    await this.does('arbiter01', ({ state }) => (state === 'under_arbitration' ? { name: ruling, payload } : null));
    if ((await this.order()).state !== 'pending_dispatch') return false;
    if (await this.beDispatched()) await this.beHandled();
    return true;
  }

  private async object(lead: string): Promise<void> {
    const payload = { reasonCode: 'not_responsible', basis: '不在本单位职责内', proposedUnitId: 'market' };
    const objects = await this.does(clerkOf(lead), ({ state, leadUnitId }) =>
      state === 'pending_ack' && leadUnitId === lead ? { name: 'object', payload } : null,
    );
    if (!objects) return;
    await this.later(this.chance('confirm') * 20 * MINUTE_MS);
    await this.does(deputyOf(lead), ({ awaits }) =>
      awaits === 'objection' ? { name: 'confirmObjection', payload: {} } : null,
    );
  }

  private async perhapsGoDown(): Promise<void> {
    const { leadUnitId: lead, hops } = await this.order();
    const below = lead === null ? undefined : BELOW[lead];
    if (lead === null || below === undefined || !this.happens(`down ${hops}`, 0.4)) return;
    await this.later(this.chance('down at') * 20 * MINUTE_MS);
    await this.does(clerkOf(lead), ({ leadUnitId }) =>
      leadUnitId === lead ? { name: 'redispatchDown', payload: { unitId: below } } : null,
    );
  }

  private async beContacted(): Promise<void> {
    if (this.happens('unreachable', 0.15)) return this.beTriedInVain();
    if (await this.waitFor('CONTACT_UNIT', 'contact')) await this.speak('reached', 'phone');
  }

  /** Three times over the day, and a short message: by the rule nobody can do more. */
  private async beTriedInVain(): Promise<void> {
    for (const channel of ['sms', 'phone', 'phone', 'phone', 'phone', 'phone'] as const) {
      await this.speak('no_answer', channel);
      await this.later((2 + 2.5 * this.chance(`try ${channel}`)) * HOUR_MS);
    }
  }

  private async speak(outcome: 'reached' | 'no_answer', channel: 'phone' | 'sms'): Promise<void> {
    const { leadUnitId } = await this.order();
    if (leadUnitId === null) return;
    const summary = outcome === 'reached' ? '已联系诉求人' : '无人接听';
    await this.does(handlerOf(leadUnitId), ({ state }) => {
      if (!['pending_ack', 'under_arbitration', 'handling'].includes(state)) return null;
      const at = new Date(this.setting.time.now()).toISOString();
      return { name: 'recordContact', payload: { channel, at, outcome, summary } };
    });
  }

  /** A promise, an extension or a suspension of the handling. */
  private async perhapsMoreTime(): Promise<void> {
    const { leadUnitId: lead } = await this.order();
    const what = this.oneOf('more time', ['promise', 'extension', 'suspension', 'nothing', 'nothing'] as const);
    if (lead === null || what === 'nothing') return;
    const [handler, deputy] = [handlerOf(lead), deputyOf(lead)];
    await this.later(this.chance('asks at') * 20 * HOUR_MS);
    const dayAhead = (n: number) =>
      new Date(this.setting.time.now() + (n * 24 + 8) * HOUR_MS).toISOString().slice(0, 10);
    if (what === 'promise') {
      await this.does(handler, ({ state }) =>
        state === 'handling' ? { name: 'promiseDue', payload: { dueOn: dayAhead(2) } } : null,
      );
      return;
    }
    if (what === 'extension') {
      const payload = { extra: 1, reason: '等待检测结果' };
      if (!(await this.does(handler, () => ({ name: 'requestExtension', payload })))) return;
      await this.endorsed(deputy, 'extension', 'approveExtension');
      return;
    }
    const payload = { reasonCode: 'third_party', until: dayAhead(5), reason: '等待施工许可' };
    if (!(await this.does(handler, () => ({ name: 'requestSuspension', payload })))) return;
    await this.endorsed(deputy, 'suspension', 'approveSuspension');
    await this.later(this.chance('suspended for') * 6 * 24 * HOUR_MS);
    await this.does(clerkOf(lead), ({ state }) => (state === 'suspended' ? { name: 'resume', payload: {} } : null));
  }

  private async endorsed(
    deputy: string,
    awaited: 'extension' | 'suspension',
    name: 'approveExtension' | 'approveSuspension',
  ): Promise<void> {
    for (const username of [deputy, 'dispatcher01']) {
      await this.later(this.chance(username) * HOUR_MS);
      await this.does(username, ({ awaits }) => (awaits === awaited ? { name, payload: {} } : null));
    }
  }

  /**
   * Until somebody gets round to what this clock waits for: soon, just before it is over, after that. False: nobody ever
   * does.
   */
  private async waitFor(clock: ClockName, what: string): Promise<boolean> {
    const { time } = this.setting;
    const running = (await this.order()).clocks.find((one) => one.clock === clock && one.state === 'running');
    if (!running) return true;
    const left = Math.max(0, running.dueAt - time.now());
    const how = this.chance(`how ${what}`);
    const share = this.chance(`when ${what}`);
    if (how < SHARES.quick) await this.later(left * 0.5 * share);
    else if (how < SHARES.quick + SHARES.justInTime) await time.until(running.dueAt - JUST_IN_TIME_MS);
    else if (how < SHARES.quick + SHARES.justInTime + SHARES.tooLate) {
      await this.later(left + share * Math.max(MINUTE_MS, Math.min(left, 40 * HOUR_MS)));
    } else return false;
    return true;
  }

  /** After so long, when people look up from what they do: then others act, too. */
  private async later(ms: number): Promise<void> {
    const { time } = this.setting;
    const every = ms > 2 * HOUR_MS ? 30 * MINUTE_MS : 5 * MINUTE_MS;
    await time.until(Math.ceil((time.now() + ms) / every) * every);
  }

  private order(): Promise<OrderDetail> {
    return this.setting.people.order(this.orderNo);
  }

  private async does(username: string, next: Parameters<MonthPeople['act']>[2]): Promise<boolean> {
    const done = await this.setting.people.act(username, this.orderNo, next);
    this.setting.touched(this.orderNo);
    return done;
  }

  private happens(what: string, share: number): boolean {
    return this.chance(what) < share;
  }

  private oneOf<T>(what: string, values: readonly T[]): T {
    return values[Math.floor(this.chance(what) * values.length)]!;
  }

  private chance(what: string): number {
    return chance(this.setting.seed, what, this.name);
  }
}
