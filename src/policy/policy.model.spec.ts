import fc from 'fast-check';
import { codeOf, done } from '../../test/support/queue-bench.js';
import { openPolicyBench, type PolicyBench, type PolicyNode } from '../../test/support/policy-bench.js';
import type { PolicyKey } from '../config/policy-keys.js';
import type { PolicyValue } from '../config/policy.js';
import { Settings } from '../config/settings.js';
import { LogReader } from '../event-log/log-reader.js';
import { verifyLog } from '../event-log/verify-log.js';

const KEYS = ['offer.seconds', 'wrapUp.seconds', 'shift.handover'] as const satisfies readonly PolicyKey[];
type Key = (typeof KEYS)[number];
const VALUES: Record<Key, readonly PolicyValue[]> = {
  'offer.seconds': [15, 20, 30],
  'wrapUp.seconds': [60, 70, 80],
  'shift.handover': ['next_seat', 'head'],
};
type File = Partial<Record<Key, PolicyValue>>;

type Step =
  | { do: 'set'; key: Key; nth: number }
  | { do: 'plan'; key: Key; nth: number; inMs: number }
  | { do: 'withdraw'; nth: number }
  | { do: 'pass'; ms: number }
  | { do: 'sleep'; ms: number }
  | { do: 'restart'; offMs: number; file: number }
  | { do: 'node' };

const key = fc.constantFrom(...KEYS);
const ms = fc.constantFrom(1, 999, 1_000, 1_001, 4_000);
const nth = fc.nat(9);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('set' as const), key, nth }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('plan' as const), key, nth, inMs: ms }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('withdraw' as const), nth }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sleep' as const), ms }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), offMs: ms, file: nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('node' as const) }) },
);

/** The rules once more, without clocks, rows or a log. */
class Model {
  private readonly set = new Map<Key, PolicyValue>();
  readonly planned: { key: Key; value: PolicyValue; at: number; changeId: string }[] = [];

  constructor(private file: File) {}

  value(key: Key): PolicyValue {
    return this.set.get(key) ?? this.file[key] ?? VALUES[key][0]!;
  }

  /** What will hold then. */
  valueAt(key: Key, at: number): PolicyValue {
    return this.due(at, key).at(-1)?.value ?? this.value(key);
  }

  change(key: Key, value: PolicyValue): void {
    this.set.set(key, value);
  }

  timeIs(now: number): void {
    for (const one of this.due(now)) {
      this.change(one.key, one.value);
      this.planned.splice(this.planned.indexOf(one), 1);
    }
  }

  restart(file: File): void {
    this.file = file;
  }

  private due(now: number, key?: Key) {
    const due = this.planned.filter((one) => one.at <= now && (key === undefined || one.key === key));
    return due.sort((a, b) => a.at - b.at);
  }
}

describe('the policy, whatever is set, planned, withdrawn, restarted', () => {
  it('[PC1] [PC3] [PC4] [PC7] is the same in the memory of each node, in the rows, on the cards and by the log', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), (steps) => play(steps)),
      { numRuns: 12 },
    );
  });
});

async function play(steps: readonly Step[]): Promise<void> {
  let bench = await openPolicyBench();
  let node: PolicyNode | undefined;
  const model = new Model({});
  try {
    for (const one of steps) {
      switch (one.do) {
        case 'set':
          await set(bench, model, one.key, VALUES[one.key][one.nth % VALUES[one.key].length]!);
          break;
        case 'plan':
          await plan(bench, model, one.key, VALUES[one.key][one.nth % VALUES[one.key].length]!, one.inMs);
          break;
        case 'withdraw':
          await withdraw(bench, model, one.nth);
          break;
        case 'pass':
          await bench.pass(one.ms);
          model.timeIs(bench.clock.now());
          break;
        case 'sleep':
          // The machine slept: no clock has rung, and the next step comes before any does.
          bench.clock.advance(one.ms);
          continue;
        case 'restart': {
          await node?.stop();
          node = undefined;
          const file: File = one.file % 3 === 0 ? { 'wrapUp.seconds': 80, 'shift.handover': 'head' } : {};
          const { folder, clock } = bench;
          await bench.stop();
          clock.advance(one.offMs);
          model.timeIs(clock.now());
          model.restart(file);
          bench = await openPolicyBench({ folder, clock, policy: file });
          break;
        }
        case 'node':
          if (node) await node.stop();
          node = node ? undefined : await bench.node();
          break;
      }
      await bench.pass(1_000);
      model.timeIs(bench.clock.now());
      await compare(bench, node, model);
    }
    const { auditKey } = bench.get(Settings).secrets;
    expect((await verifyLog(bench.readModel, auditKey)).first).toEqual([]);
  } finally {
    await node?.stop();
    await bench.end();
  }
}

async function set(bench: PolicyBench, model: Model, key: Key, value: PolicyValue): Promise<void> {
  const answer = await bench.change({ key, value });
  model.timeIs(bench.clock.now());
  if (model.value(key) === value) {
    expect(codeOf(answer)).toBe('policy_unchanged');
    return;
  }
  done(answer);
  model.change(key, value);
}

async function plan(bench: PolicyBench, model: Model, key: Key, value: PolicyValue, inMs: number): Promise<void> {
  const at = bench.clock.now() + inMs;
  const answer = await bench.change({ key, value, effectiveAt: new Date(at).toISOString() });
  if (model.planned.some((one) => one.key === key && one.at === at)) {
    expect(codeOf(answer)).toBe('policy_change_planned');
  } else if (model.valueAt(key, at) === value) expect(codeOf(answer)).toBe('policy_unchanged');
  else model.planned.push({ key, value, at, changeId: done<{ changeId: string }>(answer).changeId });
}

async function withdraw(bench: PolicyBench, model: Model, nth: number): Promise<void> {
  const one = model.planned[nth % Math.max(1, model.planned.length)];
  if (!one) return;
  const answer = await bench.withdraw(one.changeId);
  if (one.at <= bench.clock.now()) expect(codeOf(answer)).toBe('policy_change_not_planned');
  else {
    done(answer);
    model.planned.splice(model.planned.indexOf(one), 1);
  }
}

async function compare(bench: PolicyBench, node: PolicyNode | undefined, model: Model): Promise<void> {
  await bench.settled();
  await node?.settled();
  const expected = Object.fromEntries(KEYS.map((key) => [key, model.value(key)]));
  const of = (value: (key: Key) => PolicyValue) => Object.fromEntries(KEYS.map((key) => [key, value(key)]));
  const rows = new Map((await bench.reading.all()).map((one) => [one.key, one]));
  const cards = new Map<Key, Awaited<ReturnType<PolicyBench['card']>>>();
  for (const key of KEYS) cards.set(key, await bench.card(key));
  const log = await byTheLog(bench);
  expect({
    memory: of((key) => bench.policy.value(key)),
    node: node ? of((key) => node.policy.value(key)) : expected,
    rows: of((key) => rows.get(key)!.value),
    cards: of((key) => cards.get(key)!.value),
    log: of((key) => log.values.get(key)!),
  }).toEqual({ memory: expected, node: expected, rows: expected, cards: expected, log: expected });
  for (const key of KEYS) {
    const ahead = model.planned.filter((one) => one.key === key).sort((a, b) => a.at - b.at);
    expect(cards.get(key)!.planned.map(({ value, effectiveAt }) => [value, effectiveAt])).toEqual(
      ahead.map(({ value, at }) => [value, at]),
    );
  }
  const versions = [bench.policy.version, node?.policy.version ?? log.version];
  expect(versions).toEqual([log.version, log.version]);
}

/** What somebody finds out who only reads the log from its beginning. */
async function byTheLog(bench: PolicyBench): Promise<{ values: Map<string, PolicyValue>; version: number }> {
  const values = new Map<string, PolicyValue>();
  let version = 0;
  for (const { type, data } of await bench.get(LogReader).after(0, 10_000)) {
    if (type !== 'policy.changed') continue;
    const key = data.key as string;
    expect([key, data.before]).toEqual([key, values.get(key) ?? null]);
    // The file's values come together; everything else is one higher.
    expect([version, version + 1]).toContain(data.version);
    if (data.version === version) expect(data.source).toBe('file');
    version = data.version as number;
    values.set(key, data.value as PolicyValue);
  }
  return { values, version };
}
