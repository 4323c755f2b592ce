import type { ClientClock } from './consoles/recorded-client.js';
import type { Line } from './consoles/line.js';
import { type Lane, pause } from './servers/servers.js';

const JUMP_MS = 3 * 3_600_000;
const of = (connections: number): Promise<string> => Promise.resolve(`${connections} connections`);

/** What can happen between consoles and hub, and to consoles. */
export const lineLane = (line: Line, clocks: readonly ClientClock[]): Lane => ({
  rest: 1,
  faults: [
    { kind: 'line cut', weight: 4, befall: (random) => of(line.cut(random() * 0.5, random)) },
    {
      kind: 'line half open',
      weight: 2,
      befall: (random) => of(line.halfOpen(random() * 0.2, random, 300 + 1_500 * random())),
    },
    {
      kind: 'line delayed',
      weight: 1,
      befall: async (random) => {
        line.delay(20 + 200 * random());
        await pause(200 + 600 * random());
        line.delay(0);
        return 'line';
      },
    },
    {
      kind: 'reading stopped',
      weight: 2,
      befall: (random) => of(line.stopReading(random() * 0.3, random, 500 + 3_000 * random())),
    },
    {
      kind: 'client clock jumped',
      weight: 1,
      befall: (random) => {
        clocks[Math.floor(random() * clocks.length)]?.jump((random() - 0.5) * 2 * JUMP_MS);
        return Promise.resolve('one console');
      },
    },
  ],
});
