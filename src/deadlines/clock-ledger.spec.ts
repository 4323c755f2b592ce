import fc from 'fast-check';
import { onEachDatabase, type TestStore } from '../../test/support/store.js';
import type { Alarms } from './alarms.js';
import { ClockLedger } from './clock-ledger.js';

describe('clock ledger', () =>
  onEachDatabase((open) => {
    let store: TestStore;
    let clocks: ClockLedger;
    let armed: string[];
    const T = 1_800_000_000_000;

    beforeEach(async () => {
      store = await open();
      armed = [];
      clocks = new ClockLedger({ arm: (clockId: string) => void armed.push(clockId) } as unknown as Alarms);
    });
    afterEach(() => store.close());

    const start = (clockId: string, dueAt: number) =>
      store.unitOfWork.run((tx) =>
        clocks.start(
          tx,
          { clockId, kind: 'OFFER', subject: 'item:1', dueAt, command: { name: 'expireOffer', payload: {} } },
          T,
        ),
      );
    const stop = (clockId: string, now: number) => store.unitOfWork.run((tx) => clocks.stop(tx, clockId, now));
    const ring = (clockId: string, now: number) => store.unitOfWork.run((tx) => clocks.ring(tx, clockId, now));
    const state = (clockId: string) =>
      store.readModel.run(
        async (tx) => (await tx.one<{ state: string }>('SELECT state FROM clock WHERE clock_id = ?', [clockId]))?.state,
      );

    it('[CK1] lets exactly one of any number of stops and rings at once win', async () => {
      let nth = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(fc.constantFrom('stop', 'ring'), { minLength: 2, maxLength: 12 }), async (moves) => {
          const clockId = `offer:${(nth += 1)}`;
          await start(clockId, T + 10);
          const won = await Promise.all(
            moves.map((move) => (move === 'stop' ? stop(clockId, T + 10) : ring(clockId, T + 10))),
          );
          expect(won.filter(Boolean)).toHaveLength(1);
          const winner = moves[won.indexOf(true)];
          expect(await state(clockId)).toBe(winner === 'stop' ? 'stopped' : 'rung');
        }),
        { numRuns: 40 },
      );
    });

    it('[CK2] does not ring before the time, and does at it', async () => {
      await start('offer:a', T + 1_000);
      expect(await ring('offer:a', T + 999)).toBe(false);
      expect(await state('offer:a')).toBe('running');
      expect(await ring('offer:a', T + 1_000)).toBe(true);
      expect(await ring('offer:a', T + 1_000)).toBe(false);
    });

    it('knows nothing of a clock whose transaction was undone', async () => {
      const undone = store.unitOfWork.run(async (tx) => {
        await clocks.start(
          tx,
          { clockId: 'offer:a', kind: 'OFFER', subject: 'item:1', dueAt: T, command: { name: 'x', payload: {} } },
          T,
        );
        throw new Error('undone');
      });
      await expect(undone).rejects.toThrow('undone');
      expect(await ring('offer:a', T + 1)).toBe(false);
      expect(await stop('offer:a', T + 1)).toBe(false);
    });

    it('gives a clock an alarm when it starts, and refuses a second one of its name', async () => {
      await start('offer:a', T + 1);
      expect(armed).toEqual(['offer:a']);
      const [second] = await Promise.allSettled([start('offer:a', T + 1)]);
      expect(second.status).toBe('rejected');
    });
  }));
