import fc from 'fast-check';
import { AlarmHeap } from './alarm-heap.js';

const numbers = (size: number) => fc.array(fc.nat(1_000), { maxLength: size });

describe('alarm heap', () => {
  it('gives back what was put in, the earliest first, however adding and taking alternate', () => {
    fc.assert(
      fc.property(numbers(60), numbers(60), fc.nat(60), (before, after, taken) => {
        const heap = new AlarmHeap();
        const left = [...before];
        for (const dueAt of before) heap.add({ clockId: String(dueAt), dueAt });
        for (let i = 0; i < Math.min(taken, before.length); i++) {
          const earliest = Math.min(...left);
          expect(heap.earliest?.dueAt).toBe(earliest);
          expect(heap.take()?.dueAt).toBe(earliest);
          left.splice(left.indexOf(earliest), 1);
        }
        for (const dueAt of after) heap.add({ clockId: String(dueAt), dueAt });
        const out: number[] = [];
        for (let next = heap.take(); next; next = heap.take()) out.push(next.dueAt);
        expect(out).toEqual([...left, ...after].sort((a, b) => a - b));
        expect(heap.size).toBe(0);
      }),
    );
  });
});
