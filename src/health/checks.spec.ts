import { Logger } from '@nestjs/common';
import { FakeClock } from '../../test/support/fake-clock.js';
import { openTestStore, type TestStore } from '../../test/support/store.js';
import { until } from '../../test/support/until.js';
import type { Check } from './checks.js';
import { Checks } from './checks.js';
import { ReactionLag } from './reaction-lag.js';
import { UnplacedEvents } from './unplaced-events.js';

describe('what a node looks at', () => {
  let store: TestStore;
  let steadyMs: number;
  let heldUpMs: number;
  let checks: Checks;
  // The faults are wanted here.
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(async () => {
    // Only there an event may be without a place.
    store = await openTestStore('cluster');
    [steadyMs, heldUpMs] = [1_000, 0];
    const steady = () => steadyMs;
    const reactions = {
      get following() {
        return [
          { name: 'review-seats', heldUpMs: 0 },
          { name: 'tell-requester', heldUpMs },
        ];
      },
    };
    const nothing = undefined as never;
    checks = new Checks(
      store.readModel,
      nothing,
      nothing,
      new UnplacedEvents(store.readModel, store.placing, steady),
      new ReactionLag(store.readModel, reactions, steady),
      nothing,
      nothing,
      new FakeClock(),
      nothing,
    );
  });
  afterEach(() => store.close());

  const check = (part: string): Check => checks.all.find((one) => one.part === part)!;
  const look = (part: string) => check(part).look();
  const write = (sql: string) => store.unitOfWork.run((tx) => tx.run(sql));

  it('[SI2] says that committed events get no place, which moves no head that a node could be behind', async () => {
    expect(await look('log.unplaced')).toBeUndefined();
    // Nobody can place it, nor what comes after it.
    await write(`INSERT INTO event (event_id, subject, type, at, recorded_at, actor_id, command_id, data, audience)
      VALUES ('stuck', 'seat:001', 'seat.presence_changed', 0, 0, 'a', 'c', '{}', '{damaged')`);
    expect(await look('log.unplaced')).toBeUndefined();
    steadyMs += 5_000;
    expect(await look('log.unplaced')).toBeUndefined();
    steadyMs += 2_000;
    expect(await look('log.unplaced')).toMatch('1 个没有编入日志，最早的已等 7 秒');
    expect(check('log.unplaced').effect).toBe('degraded');
    await write(`UPDATE event SET audience = '{"rooms":{}}' WHERE event_id = 'stuck'`);
    await until('it to have its place', async () => (await look('log.unplaced')) === undefined);
  });

  it('[SI2] names the reactions that do not get on, whether they are held up here or far behind', async () => {
    await write(`INSERT INTO consumer (name, seq) VALUES ('review-seats', 4000), ('of-old', 3)`);
    await write('UPDATE log_head SET seq = 9000');
    expect(await look('reactions.late')).toBeUndefined();
    steadyMs += 31_000;
    // What was read without effect need not be kept.
    expect(await look('reactions.late')).toBe(
      '事件的后续处理停顿：tell-requester（落后日志 9000 个事件，已 31 秒）：请看日志中 Reaction 的错误和数据库；恢复后会自动补做',
    );
    expect(check('reactions.late').effect).toBe('degraded');
    await write(`INSERT INTO consumer (name, seq) VALUES ('tell-requester', 8999)`);
    expect(await look('reactions.late')).toBeUndefined();
    heldUpMs = 40_000;
    expect(await look('reactions.late')).toMatch('tell-requester（落后日志 1 个事件，已 40 秒）');
  });
});
