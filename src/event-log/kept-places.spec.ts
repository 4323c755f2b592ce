import { openTestStore, type TestStore } from '../../test/support/store.js';
import { until } from '../../test/support/until.js';
import type { Tx } from '../storage/unit-of-work.js';
import { KeptPlaces } from './kept-places.js';

const nothing = (): void => undefined;

describe('the places of consumers', () => {
  let store: TestStore;
  let epoch: string;
  beforeEach(async () => {
    store = await openTestStore();
    ({ epoch } = await store.reader.head());
  });
  afterEach(() => store.close());

  const kept = () =>
    store.readModel.run(async (tx) =>
      Object.fromEntries(
        (await tx.all<{ name: string; seq: number }>('SELECT name, seq FROM consumer')).map(({ name, seq }) => [
          name,
          seq,
        ]),
      ),
    );

  it('are kept together, the last of each', async () => {
    let commits = 0;
    store.unitOfWork.onCommit(() => (commits += 1));
    const places = new KeptPlaces(store.unitOfWork, nothing, nothing);
    for (let seq = 1; seq <= 50; seq += 1) {
      places.move('one', seq, epoch);
      places.move('two', seq * 2, epoch);
    }
    await until('both to be kept', async () => Object.keys(await kept()).length === 2);
    expect(await kept()).toEqual({ one: 50, two: 100 });
    expect(commits).toBe(1);
    await places.stop();
  });

  it('are kept when the hub ends in order', async () => {
    const places = new KeptPlaces(store.unitOfWork, nothing, nothing);
    places.move('one', 7, epoch);
    await places.stop();
    expect(await kept()).toEqual({ one: 7 });
  });

  it('wait for a database that cannot write just now', async () => {
    const faults: unknown[] = [];
    let broken = 2;
    const run = store.unitOfWork.run.bind(store.unitOfWork);
    store.unitOfWork.run = <T>(work: (tx: Tx) => Promise<T>) => {
      broken -= 1;
      return broken >= 0 ? Promise.reject(new Error('disk full')) : run(work);
    };
    const places = new KeptPlaces(store.unitOfWork, (fault) => faults.push(fault), nothing);
    places.move('one', 1, epoch);
    await until('the first fault', () => Promise.resolve(faults.length === 1));
    places.move('one', 2, epoch);
    await until('it to be kept', async () => (await kept()).one === 2);
    expect(faults).toHaveLength(2);
    await places.stop();
  });

  it('[I3] are not kept in another log than their own, though it became one while they were on their way', async () => {
    const run = store.unitOfWork.run.bind(store.unitOfWork);
    store.unitOfWork.run = async (...work) => {
      store.unitOfWork.run = run;
      await store.placing.endEpoch(epoch);
      return run(...work);
    };
    let outdated = 0;
    const places = new KeptPlaces(store.unitOfWork, nothing, () => (outdated += 1));
    places.move('one', 7, epoch);
    await places.stop();
    expect(await kept()).toEqual({});
    expect(outdated).toBe(1);
  });

  it('[I3] are set back to the end of a log that has become another one', async () => {
    await store.unitOfWork.run((tx) => tx.insert('consumer', { name: 'one', seq: 7 }));
    await store.placing.endEpoch(epoch);
    expect(await kept()).toEqual({ one: 0 });
  });
});
