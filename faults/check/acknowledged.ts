import { isDeepStrictEqual } from 'node:util';
import type { Entry, EntryOf } from '../history/entry.js';
import { inOrder, roomLogs } from './room-logs.js';
import type { Check, Violation } from './violation.js';

/** Rooms that show every order from its first moment on: one until a unit has it, the other from then on. */
export const WITNESSES: readonly string[] = ['desk:city', 'unit:district'];

/** Answers that are given afresh each time: an outage, the form, the rights of the moment. [CM2] */
const OF_THE_MOMENT: readonly string[] = [
  'unavailable',
  'too_many_requests',
  'unauthenticated',
  'forbidden',
  'not_found',
  'order_not_found',
  'not_own_unit',
  'payload_invalid',
  'payload_malformed',
];

interface Asked {
  sent: EntryOf<'sent'>;
  answers: EntryOf<'answered'>[];
}

/** Every sending with what was answered to it. */
function asked(history: readonly Entry[]): Asked[] {
  const calls = new Map<number, Asked>();
  for (const entry of history) {
    if (entry.kind === 'sent') calls.set(entry.call, { sent: entry, answers: [] });
    else if (entry.kind === 'answered') calls.get(entry.call)?.answers.push(entry);
  }
  return [...calls.values()];
}

/** [I1] What was acknowledged is there: in the rooms that show it, and on the order's own page. */
export const acknowledged: Check = (history) => {
  const logs = roomLogs(history);
  const said = new Set<string>();
  const moves = new Map<string, Set<string>>();
  const seats = new Map<string, Set<string>>();
  for (const { events } of logs) {
    for (const { id, type, data, actor } of events.values()) {
      if (type.startsWith('order.')) said.add(`${data.orderNo} ${data.version}`);
      if (type !== CLAIMED && type !== RETURNED) continue;
      put(moves, `${type} ${String(data.itemId)} ${actor}`, id);
      put(seats, actor, String(data.seatId));
    }
  }
  const heldBefore = heldAtFirst(history);
  /** Nobody knows their seat, or it is that which had the item when the watching began. */
  const mayHaveHeld = (user: string, itemId: string): boolean => {
    const seat = heldBefore.get(itemId);
    return seat !== undefined && (seats.get(user)?.has(seat) ?? true);
  };
  const seesAll = watchedFrom(history, WITNESSES);
  const seesQueue = watchedFrom(history, [QUEUE]);
  const pages = new Map<string, number | null>();
  for (const entry of history) if (entry.kind === 'looked') pages.set(entry.orderNo, entry.version);

  const found: Violation[] = [];
  /** What was acknowledged, and by which commands. */
  const moved = new Map<string, Set<string>>();
  const missing = (subject: string, sentence: string): void =>
    void found.push({ wrong: 'acknowledged but missing', subject, sentence });
  for (const { sent, answers } of asked(history)) {
    const { result } = answers.find((answer) => answer.result !== undefined) ?? {};
    if (!result) continue;
    const { orderNo, version, itemId } = result as { orderNo?: string; version?: number; itemId?: string };
    const { name, at } = sent;
    if (orderNo !== undefined && version !== undefined) {
      const page = pages.get(orderNo);
      if (page !== undefined && (page ?? 0) < version)
        missing(orderNo, `${name} made it version ${version}, it is at ${page}`);
      if (at >= seesAll && !said.has(`${orderNo} ${version}`))
        missing(orderNo, `no room told of ${name}, version ${version}`);
    }
    const told = { claimItem: CLAIMED, returnItem: RETURNED }[name];
    if (told && itemId !== undefined && at >= seesQueue) put(moved, `${told} ${itemId} ${sent.user}`, idOf(sent));
  }
  for (const [move, ids] of moved) {
    const [type, itemId, user] = move.split(' ') as [string, string, string];
    const times = moves.get(move)?.size ?? 0;
    // Who claims what they hold already is told so, and nobody else is.
    const wanted = type === RETURNED ? ids.size : mayHaveHeld(user, itemId) ? 0 : 1;
    // Confidential items tell shared rooms nothing of what was done with them.
    if (times < wanted && !isStub(logs, itemId)) {
      missing(itemId, `${type} by ${user} was told ${times} times, acknowledged ${ids.size} times`);
    }
  }
  return found;
};

/** Whose seat had which item when somebody first saw the queue. */
function heldAtFirst(history: readonly Entry[]): Map<string, string> {
  const first = history.find((entry) => entry.kind === 'entered' && entry.room === QUEUE);
  const all = first?.kind === 'entered' ? Object.values(first.cards ?? {}) : [];
  const items = all as { itemId?: string; state?: string; seatId?: string | null }[];
  return new Map(
    items.flatMap(({ itemId, state, seatId }): [string, string][] =>
      itemId && seatId && state === 'claimed' ? [[itemId, seatId]] : [],
    ),
  );
}

const QUEUE = 'queue:register';

/** What somebody did with an item, as its queue tells it. */
const CLAIMED = 'queue.item_claimed';
const RETURNED = 'queue.item_returned';

const idOf = ({ user, commandId }: EntryOf<'sent'>): string => `${user} ${commandId}`;

const put = (map: Map<string, Set<string>>, key: string, value: string): void =>
  void map.set(key, (map.get(key) ?? new Set()).add(value));

/** From when on these rooms are known without a hole until all is quiet; `Infinity`: they are not. */
function watchedFrom(history: readonly Entry[], rooms: readonly string[]): number {
  const whole = new Set(
    roomLogs(history)
      .filter((log) => inOrder(log).whole)
      .map(({ room }) => room),
  );
  const ended = new Set(history.flatMap((entry) => (entry.kind === 'fresh' ? [entry.room] : [])));
  const begun = rooms.map((room) => {
    if (!whole.has(room) || !ended.has(room)) return Infinity;
    return history.find((entry) => entry.kind === 'entered' && entry.room === room)?.at ?? Infinity;
  });
  return Math.max(...begun);
}

function isStub(logs: ReturnType<typeof roomLogs>, itemId: string): boolean {
  return logs.some(({ events }) =>
    [...events.values()].some(({ data }) => data.card?.key === `item:${itemId}` && !('itemId' in data)),
  );
}

/** [I7] The same command again has the same answer and no second effect; the same id for something else is refused. */
export const answers: Check = (history) => {
  const found: Violation[] = [];
  const byId = new Map<string, Asked[]>();
  const bySource = new Map<string, string>();
  for (const call of asked(history)) {
    const { name, payload, malformed } = call.sent;
    const id = idOf(call.sent);
    byId.set(id, [...(byId.get(id) ?? []), call]);
    for (const { code, result } of call.answers) {
      if (code === 'internal') found.push({ wrong: 'answered wrongly', subject: id, sentence: `${name} broke down` });
      const badForm = code === 'payload_invalid' || code === 'payload_malformed';
      if (badForm !== (malformed === true) && (badForm || result)) {
        const sentence = malformed
          ? 'was taken, though it is out of form'
          : `was told ${code}, though its form is right`;
        found.push({ wrong: 'answered wrongly', subject: id, sentence: `${name} ${sentence}` });
      }
      if (typeof payload.sourceId !== 'string' || typeof result?.orderNo !== 'string') continue;
      const before = bySource.get(payload.sourceId) ?? result.orderNo;
      bySource.set(payload.sourceId, before);
      if (before === result.orderNo) continue;
      const sentence = `the request ${payload.sourceId} became ${before} and ${result.orderNo}`;
      found.push({ wrong: 'applied twice', subject: payload.sourceId, sentence });
    }
  }
  for (const [id, calls] of byId) found.push(...sameAnswer(id, calls));
  return [...found, ...noSecondEffect(history)];
};

function sameAnswer(id: string, calls: readonly Asked[]): Violation[] {
  const lasting = calls.flatMap(({ sent, answers: all }) =>
    all
      .filter(({ code }) => code !== 'command_id_reused' && !OF_THE_MOMENT.includes(code ?? ''))
      .map(({ result, code }) => ({ sent, said: { result, code } })),
  );
  const [first, ...others] = lasting;
  if (!first) return [];
  return others.flatMap(({ sent, said }): Violation[] => {
    if (!isDeepStrictEqual([sent.name, sent.payload], [first.sent.name, first.sent.payload])) {
      const sentence = `${sent.name} was carried out, though its id stands for another payload`;
      return [{ wrong: 'answered wrongly', subject: id, sentence }];
    }
    if (isDeepStrictEqual(said, first.said)) return [];
    const sentence = `${sent.name} answered ${JSON.stringify(first.said)}, and again ${JSON.stringify(said)}`;
    return [{ wrong: 'applied twice', subject: id, sentence }];
  });
}

/** What comes as often as it was asked for, however often the asking was repeated. */
const ADDING: Record<string, string> = {
  'order.registered': 'register',
  'order.progressed': 'addProgress',
  'order.contacted': 'recordContact',
  'order.contact_failed': 'recordContact',
};

/** A registration makes its order; everything else is asked for of one. */
const whatOf = (name: string, orderNo: unknown): string => (name === 'register' ? name : `${name} ${String(orderNo)}`);

function noSecondEffect(history: readonly Entry[]): Violation[] {
  const wanted = new Map<string, Set<string>>();
  const effects = new Map<string, Set<string>>();
  for (const { sent, answers: all } of asked(history)) {
    if (!all.some(refusedForGood)) put(wanted, whatOf(sent.name, sent.payload.orderNo), idOf(sent));
  }
  for (const entry of history) {
    if (entry.kind !== 'frame') continue;
    for (const { id, type, data } of entry.events) {
      const name = ADDING[type];
      if (name) put(effects, whatOf(name, data.orderNo), id);
    }
  }
  return [...effects].flatMap(([what, had]): Violation[] => {
    const times = wanted.get(what)?.size ?? 0;
    // Of orders that others work on, or of before, nothing is known.
    if (times === 0 || had.size <= times) return [];
    const sentence = `asked for ${times} times, it came about ${had.size} times`;
    return [{ wrong: 'applied twice', subject: what, sentence }];
  });
}

/** Then nothing came of that sending, and nothing will. */
const refusedForGood = ({ result, code }: EntryOf<'answered'>): boolean =>
  result === undefined && !OF_THE_MOMENT.includes(code ?? 'unavailable');
