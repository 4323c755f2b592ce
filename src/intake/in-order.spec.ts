import { inOrder } from './in-order.js';

async function* numbers(count: number): AsyncGenerator<number> {
  for (let n = 0; n < count; n++) yield n;
}

describe('inOrder', () => {
  it('answers in the order of the items with no more than the limit at work', async () => {
    let atWork = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    const written: number[] = [];
    const done = inOrder(
      numbers(100),
      8,
      async (n) => {
        most = Math.max(most, ++atWork);
        await new Promise<void>((resolve) => waiting.push(resolve));
        atWork--;
        return n;
      },
      async (n) => {
        written.push(n);
      },
    );
    const pump = async () => {
      while (written.length < 100) {
        waiting.pop()?.();
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await Promise.all([done, pump()]);
    expect(written).toEqual([...Array(100).keys()]);
    expect(most).toBe(8);
  });

  it('hands on an answer before the next item comes', async () => {
    const written: number[] = [];
    let go: () => void = () => undefined;
    async function* oneByOne(): AsyncGenerator<number> {
      for (let n = 0; n < 3; n++) {
        if (n > 0) await new Promise<void>((resolve) => (go = resolve));
        yield n;
      }
    }
    await inOrder(
      oneByOne(),
      32,
      async (n) => n,
      async (n) => {
        written.push(n);
        go();
      },
    );
    expect(written).toEqual([0, 1, 2]);
  });

  it('stops reading when nobody reads the answers any more', async () => {
    let taken = 0;
    async function* endless(): AsyncGenerator<number> {
      for (;;) {
        taken++;
        yield taken;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    const gone = new Error('gone');
    const written: number[] = [];
    const done = inOrder(
      endless(),
      4,
      async (n) => n,
      async (n) => {
        if (n > 5) throw gone;
        written.push(n);
      },
    );
    await expect(done).rejects.toBe(gone);
    expect(written).toEqual([1, 2, 3, 4, 5]);
    expect(taken).toBeLessThan(20);
  });
});
