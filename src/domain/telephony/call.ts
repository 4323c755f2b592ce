/** What a switch told of a call. Times are ms UTC. */
export interface CallFact {
  /** One event, one key, for ever. */
  key: string;
  type: 'offered' | 'answered' | 'abandoned' | 'hung_up';
  at: number;
  /** Where it rings or is spoken; `null`: it waits in the switch, or (hung up) it is over everywhere. */
  seatId: string | null;
  /** Digest of who calls, and what was dialled, where the event said so. */
  caller: string | null;
  line: string | null;
}

/**
 * [CT1] So many events of one call are taken: far more than a call has, few enough to be read again with each. More come
 * from a switch that repeats itself under new ids.
 */
export const MOST_FACTS = 200;

/** How a call stands. */
export interface Call {
  /** `waiting`: in the switch, at no seat. */
  state: 'waiting' | 'offered' | 'answered' | 'over';
  /** The seat that speaks, or else spoke last, or else where it rings. */
  seatId: string | null;
  /** The earliest of its kind, each. */
  offeredAt: number | null;
  answeredAt: number | null;
  abandonedAt: number | null;
  /** When it was over; `null` while it is not. */
  endedAt: number | null;
  /** As the earliest event said that said so. */
  caller: string | null;
  line: string | null;
  /** Seats that speak, and seats that did and do so no more, with the time at which they ended. */
  live: string[];
  ended: Record<string, number>;
}

/**
 * [CT2] A call is what the set of its facts says, so that it comes out the same in whatever order and however often they
 * come. What was hung up at a seat, or everywhere, stays so whenever the answer before it is told: a late event never
 * makes a call that is over one that goes on.
 */
export function callOf(facts: Iterable<CallFact>): Call {
  const all = [...new Map([...facts].map((fact) => [fact.key, fact])).values()].sort(byTime);
  const of = (type: CallFact['type']) => all.filter((fact) => fact.type === type);
  const [offered, answered] = [of('offered'), of('answered')];
  const abandonedAt = of('abandoned')[0]?.at ?? null;
  const closings = all.filter(({ type }) => type === 'hung_up' || type === 'abandoned');
  const closedAt = (seatId: string | null) =>
    closings.findLast((fact) => fact.seatId === null || fact.type === 'abandoned' || fact.seatId === seatId)?.at;

  const spoke = [...new Set(answered.map(({ seatId }) => seatId!))].sort();
  const live = spoke.filter((seatId) => closedAt(seatId) === undefined);
  const ended = Object.fromEntries(
    spoke.filter((seatId) => !live.includes(seatId)).map((seatId) => [seatId, closedAt(seatId)!]),
  );
  const speaks = answered.findLast(({ seatId }) => live.includes(seatId!)) ?? answered.at(-1);
  const rings = offered.findLast(({ seatId }) => seatId !== null && closedAt(seatId) === undefined);
  const rang = offered.findLast(({ seatId }) => seatId !== null);
  const over =
    answered.length > 0
      ? live.length === 0
      : closedAt(null) !== undefined || (closings.length > 0 && rings === undefined);
  return {
    state: over ? 'over' : live.length > 0 ? 'answered' : rings ? 'offered' : 'waiting',
    seatId: speaks?.seatId ?? rings?.seatId ?? rang?.seatId ?? null,
    offeredAt: offered[0]?.at ?? null,
    answeredAt: answered[0]?.at ?? null,
    abandonedAt,
    endedAt: over ? (closings.at(-1)?.at ?? null) : null,
    caller: all.find(({ caller }) => caller !== null)?.caller ?? null,
    line: all.find(({ line }) => line !== null)?.line ?? null,
    live,
    ended,
  };
}

/** Given up by the caller before anybody answered. */
export const isMissed = ({ abandonedAt, answeredAt }: Pick<Call, 'abandonedAt' | 'answeredAt'>): boolean =>
  abandonedAt !== null && answeredAt === null;

function byTime(a: CallFact, b: CallFact): number {
  return a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}
