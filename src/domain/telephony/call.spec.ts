import fc from 'fast-check';
import { type Call, type CallFact, callOf, isMissed } from './call.js';
import { presenceAfter, seatMoves } from './seat-moves.js';
import type { Presence } from '@minqing-hub/client-sdk/protocol';

const fact = (key: string, type: CallFact['type'], at: number, seatId: string | null = null): CallFact => ({
  ...{ key, type, at, seatId },
  ...{ caller: null, line: null },
});
const rang = fact('1', 'offered', 1_000, 'A');
const answered = fact('2', 'answered', 5_000, 'A');
const hungUp = fact('3', 'hung_up', 60_000, 'A');

const anyFacts = fc
  .array(
    fc.record({
      type: fc.constantFrom('offered' as const, 'answered' as const, 'abandoned' as const, 'hung_up' as const),
      at: fc.integer({ min: 1, max: 20 }).map((n) => n * 1_000),
      seat: fc.constantFrom('A', 'B', null),
      caller: fc.constantFrom('x', 'y', null),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((facts) =>
    facts.map(({ seat, ...facts }, i): CallFact => ({
      ...facts,
      key: `f${i}`,
      seatId: facts.type === 'answered' ? (seat ?? 'A') : seat,
      line: null,
    })),
  );

/** The same facts in another order, some of them several times. */
const toldBadly = <T>(facts: readonly T[]) =>
  fc
    .tuple(
      fc.shuffledSubarray([...facts], { minLength: facts.length, maxLength: facts.length }),
      fc.array(fc.constantFrom(...facts), { maxLength: 4 }),
      fc.shuffledSubarray([...facts], { minLength: facts.length, maxLength: facts.length }),
    )
    .map(([first, again, last]) => [...first, ...again, ...last]);

describe('a call and its facts', () => {
  it('[CT2] goes from ringing to spoken to over', () => {
    expect(callOf([rang])).toMatchObject({ state: 'offered', seatId: 'A', live: [], endedAt: null });
    expect(callOf([rang, answered])).toMatchObject({ state: 'answered', answeredAt: 5_000, live: ['A'] });
    expect(callOf([rang, answered, hungUp])).toMatchObject({ state: 'over', endedAt: 60_000, ended: { A: 60_000 } });
    expect(callOf([fact('0', 'offered', 500), rang])).toMatchObject({ state: 'offered', offeredAt: 500 });
    expect(callOf([fact('0', 'offered', 500)])).toMatchObject({ state: 'waiting', seatId: null });
  });

  it('[CT2] moves from seat to seat, and each leaves by itself', () => {
    const atB = [fact('4', 'answered', 70_000, 'B')];
    expect(callOf([rang, answered, hungUp, ...atB])).toMatchObject({ state: 'answered', seatId: 'B', live: ['B'] });
    const over = callOf([rang, answered, hungUp, ...atB, fact('5', 'hung_up', 90_000)]);
    expect(over).toMatchObject({ state: 'over', seatId: 'B', answeredAt: 5_000, endedAt: 90_000 });
    expect(callOf([rang, fact('6', 'offered', 2_000, 'B')])).toMatchObject({ state: 'offered', seatId: 'B' });
  });

  it('[CT2] is over whatever is told late, whenever that says it happened', () => {
    for (const at of [1, 59_999, 60_000, 99_999_999]) {
      const late = callOf([fact('3', 'hung_up', 60_000), fact('2', 'answered', at, 'A')]);
      expect(late).toMatchObject({ state: 'over', live: [] });
    }
    expect(callOf([fact('3', 'abandoned', 9_000), answered])).toMatchObject({ state: 'over', live: [] });
  });

  it('[CB1] is missed when it was given up and nobody had answered', () => {
    expect(isMissed(callOf([rang, fact('3', 'abandoned', 9_000)]))).toBe(true);
    expect(isMissed(callOf([rang, answered, fact('3', 'abandoned', 9_000)]))).toBe(false);
    expect(isMissed(callOf([rang, hungUp]))).toBe(false);
  });

  it('[CT2] is the same in whatever order and however often its facts come', () => {
    const told = anyFacts.chain((facts) => fc.tuple(fc.constant(facts), toldBadly(facts)));
    fc.assert(
      fc.property(told, ([facts, badly]) => {
        expect(callOf(badly)).toEqual(callOf(facts));
      }),
      { numRuns: 500 },
    );
  });

  it('[CT2] is over for good once it was hung up everywhere', () => {
    fc.assert(
      fc.property(anyFacts, fc.integer({ min: 1, max: 30_000 }), (facts, at) => {
        expect(callOf([...facts, fact('end', 'hung_up', at)])).toMatchObject({ state: 'over', live: [] });
      }),
    );
  });
});

/** The telephone as a seat lives it: the presence moves with each fact that comes. */
class Seats {
  readonly presence: Record<string, Presence>;
  private readonly calls = new Map<string, CallFact[]>();

  constructor(
    begin: Record<string, Presence>,
    private readonly now: number,
  ) {
    this.presence = { ...begin };
  }

  hear(callId: string, told: CallFact): void {
    const facts = this.calls.get(callId) ?? [];
    if (facts.some(({ key }) => key === told.key)) return;
    const [before, after] = [callOf(facts), callOf([...facts, told])];
    this.calls.set(callId, [...facts, told]);
    for (const { seatId, to } of seatMoves(before, after, { now: this.now, wrapUpMs: 60_000, longestMs: 3_600_000 })) {
      const elsewhere = this.standing().some(([id, call]) => id !== callId && speaksAt(call, seatId));
      this.presence[seatId] = presenceAfter(this.presence[seatId]!, to, elsewhere) ?? this.presence[seatId]!;
    }
  }

  standing(): [string, Call][] {
    return [...this.calls].map(([callId, facts]) => [callId, callOf(facts)]);
  }
}

const speaksAt = ({ live }: Call, id: string) => live.includes(id);

describe('what calls do to seats', () => {
  const first = [rang, answered, hungUp];
  const second = [
    fact('21', 'offered', 61_000, 'A'),
    fact('22', 'answered', 62_000, 'A'),
    fact('23', 'hung_up', 63_000, null),
  ];
  const told = (calls: Record<string, CallFact[]>) =>
    Object.entries(calls).flatMap(([callId, facts]) => facts.map((one) => ({ callId, one })));
  const endsAs = (begin: Presence, order: readonly { callId: string; one: CallFact }[], now = 64_000) => {
    const seats = new Seats({ A: begin, B: begin }, now);
    for (const { callId, one } of order) seats.hear(callId, one);
    return seats.presence.A!;
  };

  it('[CT3] makes a seat busy while it speaks, and lets it wrap up', () => {
    expect(endsAs('ready', told({ c: [rang] }))).toBe('ready');
    expect(endsAs('ready', told({ c: [rang, answered] }))).toBe('busy');
    expect(endsAs('wrap_up', told({ c: [answered] }))).toBe('busy');
    expect(endsAs('ready', told({ c: first }))).toBe('wrap_up');
    for (const away of ['offline', 'break', 'training'] as const) {
      expect(endsAs(away, told({ c: [rang, answered] }))).toBe(away);
      expect(endsAs(away, told({ c: first }))).toBe(away);
    }
  });

  it('[CT3] leaves nothing to write up of a call that ended long ago', () => {
    expect(endsAs('ready', told({ c: [hungUp, answered] }), 60_000 + 60_000)).toBe('ready');
    expect(endsAs('ready', told({ c: first }), 60_000 + 60_000)).toBe('ready');
  });

  it('[CT2] [CT3] ends with the same presence in every order, with everything told again', () => {
    const events = told({ c1: first, c2: second });
    let orders = 0;
    for (const order of permutations(events)) {
      expect(endsAs('ready', order)).toBe('wrap_up');
      // Told once more, in the order in which it was right.
      expect(endsAs('ready', [...order, ...events])).toBe('wrap_up');
      orders += 1;
    }
    expect(orders).toBe(720);
    for (const order of permutations(told({ c1: first, c2: second.slice(0, 2) }))) {
      expect(endsAs('ready', order)).toBe('busy');
    }
  });

  it('[CT2] [CT3] ends with the same presences whatever was told, in whatever order', () => {
    const any = fc
      .tuple(anyFacts, anyFacts)
      .map(([one, two]) => told({ c1: one, c2: two.map((f) => ({ ...f, key: `2${f.key}` })) }))
      .chain((events) => fc.tuple(toldBadly(events), toldBadly(events)));
    fc.assert(
      fc.property(any, ([one, two]) => {
        expect(endsAs('ready', one, 32_000)).toBe(endsAs('ready', two, 32_000));
      }),
      { numRuns: 1_000 },
    );
  });

  it('[CT3] never leaves a seat busy once all its calls are over, whatever was told', () => {
    const any = fc.tuple(anyFacts, anyFacts).chain(([one, two]) => {
      const [last1, last2] = [fact('end1', 'hung_up', 30_000), fact('end2', 'hung_up', 31_000)];
      return toldBadly(told({ c1: [...one, last1], c2: [...two.map((f) => ({ ...f, key: `2${f.key}` })), last2] }));
    });
    fc.assert(
      fc.property(any, (order) => {
        expect(['ready', 'wrap_up']).toContain(endsAs('ready', order, 32_000));
      }),
      { numRuns: 500 },
    );
  });
});

function* permutations<T>(all: readonly T[]): Generator<T[]> {
  if (all.length === 0) yield [];
  for (const [i, one] of all.entries()) {
    for (const rest of permutations([...all.slice(0, i), ...all.slice(i + 1)])) yield [one, ...rest];
  }
}
