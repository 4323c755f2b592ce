import { exampleSeat, FakeHub } from '@minqing-hub/client-sdk/testing';
import { sampleAgent, sampleFloor } from './sample-floor';
import type {
  Actor,
  CatalogueRow,
  ClockSignal,
  ClockView,
  OrderCard,
  OrderDetail,
  OrderNote,
  QueueId,
  QueueItemCard,
  Role,
  SeatCard,
  TrailEntry,
  UnitRow,
} from '@minqing-hub/client-sdk/protocol';

/** Something to look at: a small city, with every state that the consoles can show. Nothing here has rules of its own. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const unit = (unitId: string, name: string, parentId: string | null, areaCode: string | null = null): UnitRow => ({
  unitId,
  name,
  type: areaCode === null ? 'department' : 'territory',
  level: parentId === null ? 'district' : 'street',
  parentId,
  areaCode,
  areaType: areaCode === null ? null : parentId === 'D' ? 'street' : 'community',
  active: true,
});
const units: UnitRow[] = [
  { ...unit('D', '示范区', null, 'D'), areaType: 'district' },
  unit('CG', '城市管理局', 'D'),
  unit('CG-1', '市容科', 'CG'),
  unit('CG-2', '执法队', 'CG'),
  unit('JT', '交通运输局', 'D'),
  unit('ZJ', '住房和建设局', 'D'),
  unit('HB', '生态环境局', 'D'),
  unit('SW', '水务局', 'D'),
  unit('S1', '龙湖街道', 'D', 'S1'),
  unit('S2', '东岭街道', 'D', 'S2'),
  unit('C1', '湖畔社区', 'S1', 'C1'),
  unit('C2', '新桥社区', 'S1', 'C2'),
  unit('C3', '东岭社区', 'S2', 'C3'),
];
const row = (code: string, name: string, parentCode: string | null): CatalogueRow => ({
  code,
  name,
  parentCode,
  publishable: true,
  active: true,
});
const catalogue: CatalogueRow[] = [
  row('A', '市政设施', null),
  row('A1', '道路设施', 'A'),
  row('A11', '道路破损', 'A1'),
  row('A12', '井盖缺失', 'A1'),
  row('A2', '照明设施', 'A'),
  row('A21', '路灯不亮', 'A2'),
  row('B', '环境保护', null),
  row('B1', '噪声', 'B'),
  row('B11', '夜间施工噪声', 'B1'),
  row('B12', '商业噪声', 'B1'),
  row('C', '市容环卫', null),
  row('C1', '环境卫生', 'C'),
  row('C11', '垃圾未清运', 'C1'),
];
const leaves = ['A11', 'A12', 'A21', 'B11', 'B12', 'C11'];
const areas = ['C1', 'C2', 'C3', 'S2'];
const titles: Record<string, string> = {
  A11: '人行道地砖大面积松动，雨天积水',
  A12: '非机动车道井盖缺失，夜间危险',
  A21: '整条巷子路灯不亮一周',
  B11: '工地凌晨两点仍在浇筑，居民无法休息',
  B12: '广场音响扰民',
  C11: '垃圾房三天没有清运，气味外溢',
};

const people: Record<string, { roles: Role[]; name: string; unitId?: string; seatId?: string }> = {
  agent: { roles: ['agent'], name: '坐席001', seatId: 'A001' },
  dispatcher: { roles: ['dispatcher'], name: '分拨员01', seatId: 'D01' },
  arbiter: { roles: ['arbiter'], name: '裁决员01', seatId: 'R01' },
  unit: { roles: ['unit_clerk'], name: '联络员-城市管理局', unitId: 'CG' },
  deputy: { roles: ['deputy_leader'], name: '分管领导-城市管理局', unitId: 'CG' },
  leader: { roles: ['shift_leader'], name: '班长01' },
  supervisor: { roles: ['supervisor'], name: '监督员01' },
};

export function sampleHub(as: string | null): { hub: FakeHub; play: () => void } {
  const t0 = Date.now();
  const hub = new FakeHub(() => Date.now());
  const pick = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;

  function order(i: number, more: Partial<OrderCard> = {}): OrderCard {
    const kinds = ['resolution', 'complaint', 'consultation', 'suggestion'] as const;
    return {
      orderNo: `20251121-${String(1000 + i)}`,
      version: 3,
      state: 'pending_ack',
      visibility: 'public',
      kind: pick(kinds, i),
      grade: i % 7 === 0 ? 'urgent' : i % 3 === 0 ? 'fast' : 'normal',
      responseLevel: i % 11 === 0 ? 'critical' : 'routine',
      route: 'simple',
      channel: '12345',
      catalogCode: pick(leaves, i),
      areaCode: pick(areas, i),
      registeredAt: t0 - i * 7 * MINUTE - HOUR,
      acceptedAt: t0 - i * 7 * MINUTE - 50 * MINUTE,
      dispatchDueAt: t0 - i * 7 * MINUTE + 7 * HOUR,
      dispatchedAt: t0 - i * 7 * MINUTE - 20 * MINUTE,
      leadUnitId: 'CG',
      assistUnitIds: [],
      handlerId: null,
      contactedAt: null,
      contactAttempts: 0,
      unreachableAt: null,
      progressCount: 0,
      hops: 0,
      awaits: null,
      supervision: 'none',
      mergedInto: null,
      clocks: clocksOf(i, more),
      ...more,
    };
  }

  /** Every look that a clock can have, as the list is scrolled. */
  function clocksOf(i: number, { state = 'pending_ack', contactedAt = null }: Partial<OrderCard>): ClockView[] {
    const signals: (ClockSignal | null)[] = [null, null, 'amber', null, null, null, 'overdue', null, null, null, null];
    const clock = (name: ClockView['clock'], limit: number, signal: ClockSignal | null): ClockView => {
      const left = { amber: limit / 8, overdue: -7 * MINUTE, overdue_1wd: -30 * HOUR, overdue_3wd: -90 * HOUR };
      const dueAt = t0 + (signal === null ? limit / 2 + i * 11_000 : left[signal] + i * 7000);
      return {
        clockId: `order:${i}:${name}:1`,
        clock: name,
        unitId: name === 'CONTACT_CITIZEN' ? null : 'CG',
        state: name === 'HANDLING' && i % 10 === 9 ? 'paused' : 'running',
        basis: name === 'HANDLING' ? 'workday' : 'wall',
        limit: name === 'HANDLING' ? limit / (24 * HOUR) : limit,
        source: name === 'HANDLING' ? 'class' : 'policy',
        startedAt: dueAt - limit,
        amberAt: dueAt - limit / 5,
        dueAt,
        provisional: name === 'HANDLING' && i % 5 === 0,
        pausedAt: name === 'HANDLING' && i % 10 === 9 ? t0 - HOUR : null,
        pausedFor: name === 'HANDLING' && i % 10 === 9 ? 'suspended' : null,
        pausedMs: 0,
        signal,
        endedAt: null,
      };
    };
    const signal = pick(signals, i);
    if (state === 'registered') return [clock('ACCEPT', 2 * HOUR, signal)];
    if (state === 'pending_dispatch') return [clock('DISPATCH', 8 * HOUR, signal)];
    return [
      ...(state === 'pending_ack' ? [clock('ACK', 2 * HOUR, signal)] : []),
      ...(state === 'under_arbitration' ? [clock('ARBITRATION', 4 * HOUR, signal)] : []),
      ...(contactedAt === null ? [clock('CONTACT_UNIT', 24 * HOUR, pick(signals, i + 5))] : []),
      clock('HANDLING', 20 * 24 * HOUR, i % 29 === 4 ? 'overdue_1wd' : null),
    ];
  }

  function detailOf(card: OrderCard): OrderDetail {
    const matter = card.catalogCode ?? 'A11';
    return {
      ...card,
      requestNo: `Q${card.orderNo}`,
      title: titles[matter] ?? '诉求',
      text: `${titles[matter] ?? '诉求'}。来电人称已向物业反映两次没有结果，附近是小学上学必经的路，希望尽快处理，并告知处理结果。`,
      source: 'hotline',
      sourceId: card.orderNo,
      filedBy: null,
      occurredAt: card.registeredAt - 3 * HOUR,
      collectedAt: null,
      requester: { name: '王**', phone: '138****5678' },
      address: '示范区龙湖街道****',
      labels: { complex: false, crossArea: false, pressing: true, stability: 'none' },
      suggestion: {
        unitId: 'CG',
        assistUnitIds: ['S1'],
        source: 'duty_rule',
        ruleId: 'DR-0117',
        confidence: 0.72,
        listVersions: { duties: 4, units: 2 },
        legalBasis: '《城市道路管理条例》第二十七条',
        sentence: '职责清单第 DR-0117 条：道路破损（湖畔社区）由城市管理局承办，龙湖街道协办。',
      },
      decision: null,
      objection:
        card.state === 'under_arbitration' || card.awaits === 'objection'
          ? {
              unitId: 'CG',
              proposedUnitId: 'JT',
              reasonCode: 'not_in_duty_list',
              basis: '该路段为区管主干道，依照《城市道路管理条例》由交通运输部门养护，不在我局职责清单内。',
              at: t0 - 25 * MINUTE,
              confirmed: card.awaits !== 'objection',
            }
          : null,
      citedArticle: null,
      standard: null,
      extension: null,
      suspension: null,
      escalation:
        card.awaits === 'escalation'
          ? {
              unitId: 'CG',
              toUnitId: 'D',
              reason: '占道设施分属三家单位，须由区里统筹拆除，我局无权调度。',
              at: t0 - 12 * MINUTE,
            }
          : null,
      notes: [],
      visitedUnitIds: card.state === 'under_arbitration' ? ['CG'] : [],
    };
  }

  const cards = new Map<string, OrderCard>();
  function trailOf(card: OrderCard): TrailEntry[] {
    const line = (n: number, type: TrailEntry['type'], at: number, actor: string, data: object): TrailEntry => ({
      id: `${card.orderNo}-${n}`,
      seq: n,
      type,
      at,
      recordedAt: at,
      actor,
      data: { orderNo: card.orderNo, version: n, ...data },
    });
    const lines = [line(1, 'order.registered', card.registeredAt, 'agent001', { channel: '12345' })];
    if (card.state !== 'registered')
      lines.push(
        line(2, 'order.accepted', card.acceptedAt ?? t0, 'agent001', {
          kind: card.kind,
          grade: card.grade,
          catalogCode: card.catalogCode,
        }),
      );
    if (card.leadUnitId !== null)
      lines.push(
        line(3, 'order.dispatched', card.dispatchedAt ?? t0, 'system', {
          unitId: 'CG',
          assistUnitIds: card.assistUnitIds,
          mode: 'auto',
          decision: detailOf(card).suggestion,
        }),
      );
    if (card.state === 'under_arbitration')
      lines.push(
        line(4, 'order.objected', t0 - 25 * MINUTE, 'deputy-CG', {
          unitId: 'CG',
          proposedUnitId: 'JT',
          reasonCode: 'not_in_duty_list',
        }),
      );
    if (card.contactedAt !== null)
      lines.push(line(5, 'order.contacted', card.contactedAt, 'handler-CG', { unitId: 'CG', channel: 'phone' }));
    return lines;
  }

  function show(card: OrderCard, rooms: readonly `${string}:${string}`[]): void {
    cards.set(card.orderNo, card);
    const notes: OrderNote[] = [];
    hub.onHttp(`GET /api/orders/${card.orderNo}`, () => {
      const now = cards.get(card.orderNo) as OrderCard;
      return { ...detailOf(now), notes };
    });
    hub.onHttp(`GET /api/orders/${card.orderNo}/trail`, () => trailOf(cards.get(card.orderNo) as OrderCard));
    for (const room of [`order:${card.orderNo}` as const, ...rooms])
      hub.put(room as `order:${string}`, `order:${card.orderNo}`, card);
  }

  hub.onHttp('GET /api/units', () => units);
  hub.onHttp('GET /api/units/CG/people', () => [
    { userId: 'handler-CG', name: '办理人-城市管理局' },
    { userId: 'handler-CG-2', name: '办理人-执法队' },
  ]);
  hub.onHttp('GET /api/catalogue', () => catalogue);
  hub.onHttp('GET /api/channels', () => [
    { code: '12345', name: '12345 热线' },
    { code: 'wechat', name: '微信' },
    { code: 'grid', name: '网格上报' },
  ]);
  hub.onHttp('POST /api/callers/history', () => ({
    caller: [1, 2, 3].map((i) => detailOf(order(600 + i, { state: i === 1 ? 'handling' : 'closed' }))),
    neighbourhood: [4, 5, 6, 7].map((i) => detailOf(order(600 + i, { state: i % 2 ? 'closed' : 'pending_ack' }))),
  }));

  const person = people[as ?? ''];
  if (person) {
    const actor: Actor = {
      userId: as ?? '',
      name: person.name,
      roles: person.roles,
      unitId: person.unitId ?? null,
      ...(person.seatId ? { seatId: person.seatId } : {}),
    };
    hub.useSession({ token: 'sample', expiresAt: t0 + 8 * HOUR, actor });
  }
  hub.account('agent001', 'demo', {
    token: 'sample',
    expiresAt: t0 + 8 * HOUR,
    actor: { userId: 'agent001', name: '坐席001', roles: ['agent'], unitId: null, seatId: 'A001' },
  });

  const seatId = person?.seatId ?? 'A001';
  const seatRoom = `seat:${seatId}` as const;
  const seat = (presence: SeatCard['presence']): SeatCard =>
    exampleSeat({
      seatId,
      userId: as ?? 'agent001',
      presence,
      presenceSince: t0 - 12 * MINUTE,
      signedOnAt: t0 - 3 * HOUR,
      shiftId: 'S-2',
      shiftEndsAt: t0 + 70 * MINUTE,
    });
  hub.put(seatRoom, `seat:${seatId}`, seat('ready'));
  hub.answer('setPresence', ({ presence }) => {
    const lasts = presence === 'wrap_up' ? 30_000 : presence === 'break' ? 15 * MINUTE : null;
    hub.put(seatRoom, `seat:${seatId}`, {
      ...seat(presence),
      presenceSince: Date.now(),
      presenceUntil: lasts === null ? null : Date.now() + lasts,
    });
    return { presence };
  });

  const queueId: QueueId = as === 'dispatcher' ? 'dispatch' : as === 'arbiter' ? 'arbitration' : 'register';
  const stage = { register: 'registered', dispatch: 'pending_dispatch', arbitration: 'under_arbitration' } as const;
  const item = (i: number, more: Partial<QueueItemCard> = {}): QueueItemCard => {
    const card = order(i, {
      state: stage[queueId],
      ...(queueId === 'arbitration' ? {} : { leadUnitId: null, dispatchedAt: null }),
    });
    show(card, []);
    return {
      itemId: `I${i}`,
      queueId,
      orderNo: card.orderNo,
      state: 'queued',
      critical: card.responseLevel === 'critical',
      dueAt: t0 + (i - 6) * 9 * MINUTE,
      amberAt: t0 + (i - 6) * 9 * MINUTE - 24 * MINUTE,
      queuedAt: t0 - 2 * HOUR - i * MINUTE,
      seatId: null,
      offerEndsAt: null,
      kind: card.kind,
      grade: card.grade,
      catalogCode: card.catalogCode,
      areaCode: card.areaCode,
      visibility: 'public',
      callbackId: null,
      needs: [],
      atHead: false,
      ...more,
    };
  };
  const put = (card: QueueItemCard) => {
    hub.put(`queue:${queueId}`, `item:${card.itemId}`, card);
    if (card.seatId === seatId) hub.put(seatRoom, `item:${card.itemId}`, card);
  };

  if (!as || ['agent', 'dispatcher', 'arbiter'].includes(as)) {
    put(item(200, { state: 'claimed', seatId, dueAt: t0 + 45 * MINUTE }));
    put(item(201, { state: 'offered', seatId, offerEndsAt: t0 + 15_000, critical: true, dueAt: t0 + 8 * MINUTE }));
    hub.latest(`head:${queueId}`, 'queue.stats', {
      waiting: 180,
      offered: 1,
      claimed: 1,
      oldestQueuedAt: t0 - 5 * HOUR,
      atRisk: 12,
      breached: 6,
      expired: 3,
    });
    hub.latest(
      `head:${queueId}`,
      'queue.first',
      Array.from({ length: 20 }, (_, i) =>
        item(i + 1, i === 1 ? { atHead: true } : i === 3 ? { needs: [{ skill: 'dialect:kejia', level: 2 }] } : {}),
      ),
    );
    if (queueId === 'register') sampleAgent(hub, seatId, t0);
    hub.answer('claimItem', ({ itemId }) => {
      const card = item(201, { state: 'claimed', seatId, critical: true, dueAt: t0 + 8 * MINUTE });
      put(card);
      return { itemId, orderNo: card.orderNo };
    });
    hub.answer('dispatch', () => ({
      ok: false,
      error: { code: 'version_conflict', message: '工单已被更新' },
    }));
    hub.answer('viewRequester', () => ({ name: '王某某', phone: '13800005678', address: '示范区龙湖街道湖畔路 8 号' }));
  }

  if (as === 'unit' || as === 'deputy') {
    for (let i = 1; i <= 900; i += 1)
      show(
        order(i, {
          state: i % 9 === 0 ? 'under_arbitration' : i % 3 === 0 ? 'handling' : 'pending_ack',
          contactedAt: i % 6 === 0 ? t0 - 30 * MINUTE : null,
          contactAttempts: i % 6 === 0 ? 1 : 0,
          awaits: i % 31 === 0 && i % 3 !== 0 ? 'objection' : null,
          supervision: i % 23 === 0 ? 'urged' : 'none',
          ...(i % 13 === 0 ? { leadUnitId: 'CG-1' } : {}),
          ...(i % 17 === 0 ? { leadUnitId: 'ZJ', assistUnitIds: ['CG'] } : {}),
        }),
        ['unit:CG'],
      );
    hub.answer('acknowledge', ({ orderNo }) => {
      const card = { ...(cards.get(orderNo) as OrderCard), state: 'handling' as const, version: 4 };
      show(card, ['unit:CG']);
      return { orderNo, version: 4 };
    });
    hub.answer('object', () => ({
      ok: false,
      error: { code: 'unit_already_objected', message: '本单位已就这件工单提出过异议', clause: 'T9' },
    }));
  }

  if (as === 'leader') {
    const work = Array.from({ length: 60 }, (_, i) => item(400 + i, { state: i < 40 ? 'queued' : 'claimed' }));
    sampleFloor(hub, t0, work);
    show(order(3, { state: 'registered', awaits: 'refusal', leadUnitId: null }), ['desk:city']);
  }
  if (as === 'supervisor') for (let i = 1; i <= 40; i += 1) show(order(i, { kind: 'complaint' }), ['supervision:city']);

  /** Forty changes a second, for as long as `?burst` asks (seconds). */
  function play(): void {
    const seconds = Number(new URLSearchParams(location.search).get('burst') ?? 0);
    const room = as === 'unit' ? ('unit:CG' as const) : (`queue:${queueId}` as const);
    let n = 0;
    const timer = window.setInterval(() => {
      n += 1;
      if (n > seconds * 40) return window.clearInterval(timer);
      if (as === 'unit') show(order((n * 7) % 900, { state: pick(['handling', 'pending_ack'] as const, n) }), [room]);
      else put(item(300 + n));
    }, 25);
  }
  return { hub, play };
}
