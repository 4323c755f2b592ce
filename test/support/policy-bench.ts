import type { Actor, CommandPayload, CommandResult, PolicyCard } from '@minqing-hub/client-sdk/protocol';
import type { Answer } from '../../src/commands/command-bus.js';
import type { PolicyKey } from '../../src/config/policy-keys.js';
import { Policy, type PolicyValue, readPolicy } from '../../src/config/policy.js';
import { Beat } from '../../src/deadlines/beat.js';
import { LogReader } from '../../src/event-log/log-reader.js';
import { Placing } from '../../src/event-log/placing.js';
import { Tail } from '../../src/event-log/tail.js';
import { ChangePolicy } from '../../src/policy/commands/change-policy.js';
import { PutPolicyInForce } from '../../src/policy/commands/put-policy-in-force.js';
import { WithdrawPolicyChange } from '../../src/policy/commands/withdraw-policy-change.js';
import { LivePolicy } from '../../src/policy/live-policy.js';
import { PolicyAtStart } from '../../src/policy/policy-at-start.js';
import { PolicyDesk } from '../../src/policy/policy-desk.js';
import { PolicyReading } from '../../src/policy/policy-reading.js';
import { PolicyStore } from '../../src/policy/policy-store.js';
import { ReadModel } from '../../src/storage/unit-of-work.js';
import { FakeTimer } from './fake-timer.js';
import { done, openQueueBench, type QueueBench, type QueueBenchOptions } from './queue-bench.js';

type File = Partial<Record<PolicyKey, PolicyValue>>;

/** Another node of the hub, as far as policy goes: its own memory, its own reading of the log. */
export interface PolicyNode {
  policy: Policy;
  live: LivePolicy;
  /** Everything that was placed has been handed to it. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface PolicyBench extends QueueBench {
  policy: Policy;
  store: PolicyStore;
  reading: PolicyReading;
  admin: Actor;
  change(payload: Partial<CommandPayload<'changePolicy'>> & { key: string }): Promise<Answer>;
  /** As `change`, `inMs` from now; answers what the command did. */
  plan(key: PolicyKey, value: PolicyValue, inMs: number): Promise<CommandResult<'changePolicy'>>;
  withdraw(changeId: string): Promise<Answer>;
  /** What the room of the policy holds of it. */
  card(key: PolicyKey): Promise<PolicyCard>;
  node(): Promise<PolicyNode>;
}

/** Policy on a real database, beside queues whose numbers it sets. `policy`: what the file of this start says. */
export async function openPolicyBench(options: QueueBenchOptions = {}): Promise<PolicyBench> {
  const bench = await openQueueBench({
    ...options,
    providers: [
      ...(options.providers ?? []),
      ChangePolicy,
      WithdrawPolicyChange,
      PutPolicyInForce,
      PolicyStore,
      PolicyDesk,
      PolicyReading,
      PolicyAtStart,
      { provide: LivePolicy, inject: [Policy, PolicyStore, ReadModel, Tail, Beat], useFactory: LivePolicy.open },
    ],
  });
  const admin = await bench.seat(1, ['policy_admin']);
  const { get } = bench;
  const file: File = options.policy ?? {};
  const change: PolicyBench['change'] = (payload) =>
    bench.command(admin, 'changePolicy', { value: 1, reason: '试行', ...payload });
  return {
    ...bench,
    policy: get(Policy),
    store: get(PolicyStore),
    reading: get(PolicyReading),
    admin,
    change,
    plan: async (key, value, inMs) => {
      const effectiveAt = new Date(bench.clock.now() + inMs).toISOString();
      return done(await change({ key, value, effectiveAt }));
    },
    withdraw: (changeId) => bench.command(admin, 'withdrawPolicyChange', { changeId, reason: '不再需要' }),
    card: async (key) => (await get(LogReader).roomState('policy')).cards[`policy:${key}`] as PolicyCard,
    node: async () => {
      const policy = readPolicy('config', file);
      const timer = new FakeTimer(bench.clock);
      const tail = new Tail(get(LogReader), bench.clock, get(Placing));
      const beat = new Beat(timer);
      const live = await LivePolicy.open(policy, get(PolicyStore), bench.readModel, tail, beat);
      await tail.start();
      beat.onApplicationBootstrap();
      return {
        policy,
        live,
        settled: async () => {
          await get(Placing).settled();
          await tail.reached((await get(LogReader).head()).seq);
          await beat.idle();
        },
        stop: async () => {
          await beat.beforeApplicationShutdown();
          await tail.onApplicationShutdown();
        },
      };
    },
  };
}
