import { AskedTogether, MOST_TOGETHER } from './asked-together.js';

describe('[LD3] what is asked in one moment', () => {
  it('is looked up together, and each has its own answer', async () => {
    const looks: number[] = [];
    const together = new AskedTogether<number, string>(async (all) => {
      looks.push(all.length);
      await Promise.resolve();
      return all.map(String);
    });
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => together.ask(n)));
    expect(answers).toEqual(Array.from({ length: 100 }, (_, n) => String(n)));
    expect(looks.length).toBeLessThanOrEqual(10);
    expect(Math.max(...looks)).toBeLessThanOrEqual(MOST_TOGETHER);
    expect(await together.ask(100)).toBe('100');
  });

  it('fails together when the database does, and nothing else with it', async () => {
    let looks = 0;
    const together = new AskedTogether<number, number>(async (all) => {
      looks += 1;
      if (looks === 3) throw new Error('it went away');
      return all;
    });
    const all = await Promise.allSettled(Array.from({ length: 40 }, (_, n) => together.ask(n)));
    const failed = all.filter(({ status }) => status === 'rejected').length;
    expect(failed).toBeGreaterThan(0);
    expect(failed).toBeLessThanOrEqual(MOST_TOGETHER);
  });

  it('does not wait for one look that stands still', async () => {
    let go: () => void = () => undefined;
    const stands = new Promise<void>((over) => (go = over));
    const together = new AskedTogether<number, number>(async (all) => {
      if (all.includes(0)) await stands;
      return all;
    });
    const first = together.ask(0);
    expect(await Promise.all(Array.from({ length: 50 }, (_, n) => together.ask(n + 1)))).toHaveLength(50);
    go();
    expect(await first).toBe(0);
  });
});
