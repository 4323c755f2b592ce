import { Logger } from '@nestjs/common';
import { FakeClock } from '../../test/support/fake-clock.js';
import { openTestStore, type TestStore } from '../../test/support/store.js';
import { until } from '../../test/support/until.js';
import type { Settings } from '../config/settings.js';
import { OwnTime } from '../storage/shared-time.js';
import type { UnitOfWork } from '../storage/unit-of-work.js';
import { Duty } from './duty.js';

describe('the duty to follow the log up', () => {
  // The faults are wanted here.
  beforeAll(() => Logger.overrideLogger(false));
  let store: TestStore;
  const clock = new FakeClock();
  const nodes: { duty: Duty }[] = [];

  beforeEach(async () => (store = await openTestStore()));
  afterEach(async () => {
    for (const { duty } of nodes.splice(0)) await duty.stop();
    await store.close();
  });

  async function node(profile: Settings['profile'] = 'cluster', unitOfWork: UnitOfWork = store.unitOfWork) {
    const duty = new Duty(unitOfWork, new OwnTime(clock), { profile } as Settings);
    const told: string[] = [];
    await duty.start({ begin: () => told.push('begin'), standBy: () => told.push('standBy') });
    nodes.push({ duty });
    return { duty, told };
  }

  it('is one node’s, and another’s as soon as that one ends in order', async () => {
    const first = await node();
    const second = await node();
    expect([first.told, second.told]).toEqual([['begin'], []]);
    await first.duty.stop();
    await until('the other to have it', () => Promise.resolve(second.told.length > 0));
    expect([first.told, second.told]).toEqual([['begin'], ['begin']]);
  });

  it('passes on when its node is not heard of, and stays there when that one comes back', async () => {
    let reachable = true;
    const { unitOfWork } = store;
    const far: Pick<UnitOfWork, 'run'> = {
      run: (work) => (reachable ? unitOfWork.run(work) : Promise.reject(new Error('no way to the database'))),
    };
    const first = await node('cluster', far as UnitOfWork);
    const second = await node();
    reachable = false;
    clock.advance(5_000);
    await until('the other to have it', () => Promise.resolve(second.told.length > 0));
    reachable = true;
    await until('the first to know of it', () => Promise.resolve(first.told.length > 1));
    expect([first.told, second.told]).toEqual([['begin', 'standBy'], ['begin']]);
  });

  it('is waited for by nobody where there is one node', async () => {
    await store.unitOfWork.run((tx) =>
      tx.insert('lease', { name: 'reactions', holder: 'a node that was killed', lease_until: clock.now() + 4_000 }),
    );
    expect((await node('embedded')).told).toEqual(['begin']);
  });
});
