import { exampleSeat, type FakeHub } from '@minqing-hub/client-sdk/testing';
import type {
  ArticleSummary,
  FloorCall,
  FloorSeat,
  Presence,
  QueueItemCard,
  QueueStats,
  TimelineEntry,
} from '@minqing-hub/client-sdk/protocol';

/** The floor of the sample city: calls, call-backs and articles for an agent; queues and 700 seats for a shift leader. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const pick = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;

const articles: ArticleSummary[] = [
  {
    articleId: 'K-0012',
    version: 3,
    title: '老年人优待证（老年卡）怎么办理',
    excerpt: '年满 60 周岁的本市户籍老年人，凭身份证到就近的便民服务中心即时办理，不收费用。外地户籍另需居住证。',
    ownerUnitId: 'S1',
    source: '民发〔2024〕12 号',
    catalogCodes: ['C11'],
    publishedAt: 0,
    expiresAt: null,
    expired: false,
  },
  {
    articleId: 'K-0007',
    version: 1,
    title: '老年人免费乘坐公交线路（2024 年）',
    excerpt: '持老年卡在早晚高峰以外免费乘坐市内公交；线路名单以交通部门当年公布的为准。',
    ownerUnitId: 'JT',
    source: '市交通局公告 2024-3',
    catalogCodes: [],
    publishedAt: 0,
    expiresAt: 0,
    expired: true,
  },
];

export function sampleAgent(hub: FakeHub, seatId: string, t0: number): void {
  const room = `seat:${seatId}` as const;
  const query = new URLSearchParams(location.search);
  const stats = (waiting: number): QueueStats => ({
    waiting,
    offered: 0,
    claimed: 1,
    oldestQueuedAt: t0 - 9 * MINUTE,
    atRisk: 0,
    breached: 0,
    expired: 0,
  });
  hub.latest('head:callback', 'queue.stats', stats(2));
  hub.latest('head:callback', 'queue.first', []);
  hub.onHttp('GET /api/shifts/own', () => [
    {
      shiftId: 'S-2',
      code: 'day',
      name: '白班',
      startsAt: t0 - 3 * HOUR,
      endsAt: t0 + 70 * MINUTE,
      seatId,
      signedOn: true,
    },
    {
      shiftId: 'S-9',
      code: 'day',
      name: '白班',
      startsAt: t0 + DAY,
      endsAt: t0 + DAY + 8 * HOUR,
      seatId,
      signedOn: false,
    },
  ]);
  hub.answer('signOn', ({ seatId: wanted, takeOver }) =>
    wanted !== undefined && takeOver !== true
      ? { ok: false, error: { code: 'seat_occupied', message: `坐席 ${wanted} 上有人：坐席017，签入 2 时 10 分` } }
      : { seatId: wanted ?? seatId, shiftId: 'S-2', shiftEndsAt: t0 + 70 * MINUTE },
  );
  hub.answer('stayOn', () => ({ shiftEndsAt: t0 + 2 * HOUR }));
  hub.onHttp('GET /api/knowledge', () => ({
    items: articles.map((one) => ({
      ...one,
      publishedAt: t0 - 300 * DAY,
      expiresAt: one.expired ? t0 - 20 * DAY : null,
    })),
    next: null,
  }));
  for (const one of articles)
    hub.onHttp(`GET /api/knowledge/${one.articleId}`, () => ({
      ...one,
      publishedAt: t0 - 300 * DAY,
      text: `${one.excerpt}\n\n一、办理地点：各街道便民服务中心，工作日 9:00–17:00。\n二、材料：身份证原件，一寸照片一张。\n三、时限：即时办结。`,
      retired: false,
      newestVersion: one.version,
    }));
  hub.onHttp(`GET /api/seats/${seatId}/messages`, () =>
    query.has('message')
      ? [{ messageId: 'M1', at: t0, from: 'leader01', text: '雨天来电多，先接排队的电话，登记可以稍后补。' }]
      : [],
  );
  const history = () => hub.http.post('/api/callers/history', {});
  hub.onHttp('GET /api/calls/C1', () => ({
    callId: 'C1',
    seatId,
    caller: '138****5678',
    offeredAt: t0,
    answeredAt: t0,
    endedAt: null,
    orderNo: null,
  }));
  hub.onHttp('GET /api/calls/C1/history', history);
  hub.answer('viewCaller', () => ({ phone: '13800005678' }));
  if (query.has('call'))
    hub.put(room, 'call:C1', {
      callId: 'C1',
      seatId,
      state: 'answered',
      offeredAt: t0 - 95_000,
      answeredAt: t0 - 83_000,
    });

  hub.onHttp('GET /api/callbacks/B1', () => ({
    callbackId: 'B1',
    cause: 'missed_call',
    orderNo: null,
    callId: 'C0',
    phone: '139****1234',
    dueAt: t0 + 10 * MINUTE,
    reason: null,
    attempts: [{ at: t0 - 40 * MINUTE, outcome: 'no_answer', note: '响铃无人接' }],
  }));
  hub.answer('viewCallee', () => ({ phone: '13900001234' }));
  if (query.has('callback'))
    hub.put(room, 'item:IB1', {
      itemId: 'IB1',
      queueId: 'callback',
      orderNo: null,
      callbackId: 'B1',
      state: 'claimed',
      critical: false,
      dueAt: t0 + 10 * MINUTE,
      queuedAt: t0 - 5 * MINUTE,
      seatId,
      offerEndsAt: null,
      kind: null,
      grade: 'normal',
      catalogCode: null,
      areaCode: null,
      visibility: 'public',
      needs: [],
      atHead: false,
    });
}

export function sampleFloor(hub: FakeHub, t0: number, work: readonly QueueItemCard[]): void {
  const presences: Presence[] = ['ready', 'busy', 'busy', 'wrap_up', 'offline', 'break', 'busy', 'training', 'offline'];
  const seats: FloorSeat[] = Array.from({ length: 700 }, (_, i) => {
    const presence = pick(presences, i * 7 + 4);
    const since = t0 - ((i * 37) % 1900) * 1000;
    return {
      ...exampleSeat({
        seatId: `A${String(i + 1).padStart(3, '0')}`,
        userId: `agent${String(i + 1).padStart(3, '0')}`,
        presence,
        presenceSince: since,
        presenceUntil: presence === 'break' ? since + 15 * MINUTE : presence === 'wrap_up' ? t0 + 20_000 : null,
        signedOnAt: presence === 'offline' ? null : t0 - 3 * HOUR,
        shiftId: presence === 'offline' ? null : 'S-2',
        shiftEndsAt: presence === 'offline' ? null : t0 + 70 * MINUTE,
        listensTo: presence === 'training' ? 'A002' : null,
      }),
      name: `坐席${String(i + 1).padStart(3, '0')}`,
      skills: i % 5 === 0 ? [{ skill: 'dialect:kejia', level: 3 }] : [],
      held: presence === 'busy' ? 1 + (i % 2) : 0,
      handled: (i * 3) % 40,
      handlingMs: ((i * 3) % 40) * 190_000,
    };
  });
  const counts: Record<Presence, number> = { ready: 0, busy: 0, wrap_up: 0, break: 0, training: 0, offline: 0 };
  for (const { name, skills, held, handled, handlingMs, ...card } of seats) {
    void [name, skills, held, handled, handlingMs];
    counts[card.presence] += 1;
    hub.put('floor', `seat:${card.seatId}`, card);
    hub.put(`seat:${card.seatId}`, `seat:${card.seatId}`, card);
  }
  const stats = (waiting: number, more: Partial<QueueStats> = {}): QueueStats => ({
    waiting,
    offered: 4,
    claimed: 36,
    oldestQueuedAt: t0 - 17 * MINUTE,
    atRisk: 0,
    breached: 0,
    expired: 0,
    ...more,
  });
  hub.latest('floor', 'floor.queues', {
    register: stats(132, { atRisk: 14, breached: 3, expired: 9, oldestQueuedAt: t0 - 95 * MINUTE }),
    dispatch: stats(48, { atRisk: 5, expired: 2 }),
    arbitration: stats(3, { claimed: 2, offered: 0 }),
    callback: stats(0, { claimed: 1, offered: 0, oldestQueuedAt: null }),
  });
  hub.latest('floor', 'floor.seats', counts);
  hub.latest('floor', 'floor.calls', {
    offered: 9812,
    answered: 9403,
    abandoned: 396,
    answeredWithin15s: 8890,
    transferred: 41,
    wrongNumbers: 63,
    connectRate: 9403 / 9812,
    answeredWithin15sRate: 8890 / 9403,
  });
  hub.onHttp('GET /api/floor/calls', (_body, { query }) => {
    const missed = query?.measure === 'abandoned';
    const contact = query?.measure === 'transferred' || query?.measure === 'wrong_numbers';
    const items = Array.from({ length: 12 }, (_, i): FloorCall => {
      const at = t0 - (2 + 3 * i) * MINUTE;
      return {
        ...{ callId: `C-${i}`, at, seatId: missed ? null : `A00${1 + (i % 9)}`, caller: `139****${2000 + 7 * i}` },
        ...{ offeredAt: at, answeredAt: missed ? null : at + 6_000, abandonedAt: missed ? at + 30_000 : null },
        ...{ endedAt: at + 90_000, orderNo: missed || contact ? null : (work[i]?.orderNo ?? null) },
        ...(contact ? { contactId: `N-${i}` } : {}),
        ...(query?.measure === 'transferred' ? { transferredTo: '120' } : {}),
      };
    });
    return { items, next: null, total: items.length };
  });
  hub.onHttp('GET /api/floor/seats', () => seats);
  hub.onHttp('GET /api/floor/items', (_body, { query }) => {
    const waits = query?.measure === 'waiting' || query?.measure === 'at_risk' || query?.measure === 'breached';
    const items = work.filter(({ state }) => (waits ? state === 'queued' : state === 'claimed'));
    return { items, next: null, total: items.length };
  });
  const held = work.filter(({ state }) => state === 'claimed').slice(0, 2);
  for (const one of held) hub.put('seat:A002', `item:${one.itemId}`, { ...one, seatId: 'A002' });
  const line = (minutes: number, type: string, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
    at: t0 - minutes * MINUTE,
    type,
    actor: 'agent002',
    ...more,
  });
  for (const { seatId } of seats)
    hub.onHttp(`GET /api/floor/seats/${seatId}/timeline`, () => [
      line(180, 'seat.shift_started'),
      line(179, 'seat.presence_changed', { presence: 'ready', cause: 'set' }),
      line(171, 'queue.item_claimed', { queueId: 'register', how: 'offer', orderNo: work[0]?.orderNo ?? null }),
      line(166, 'queue.item_done', { queueId: 'register', orderNo: work[0]?.orderNo ?? null }),
      line(120, 'seat.presence_changed', { presence: 'break', cause: 'set' }),
      line(106, 'seat.break_overrun'),
      line(104, 'seat.presence_changed', { presence: 'ready', cause: 'set' }),
      line(40, 'queue.item_returned', { queueId: 'register', cause: 'presence', orderNo: work[2]?.orderNo ?? null }),
      line(12, 'call.answered', { presence: 'busy' }),
    ]);
  hub.answer('messageSeat', () => ({ messageId: 'M1' }));
  hub.answer('forceAssign', ({ itemId }) => ({ itemId }));
  hub.answer('takeBack', ({ itemId }) => ({ itemId }));
}
