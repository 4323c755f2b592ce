import { chances } from '../chance.js';
import { agent, MOST_RELIEF, relief } from '../people.js';

/** One seat that changes hands in the middle of a run. */
export interface HandOver {
  seatId: string;
  /** Who goes. */
  username: string;
  /** Who comes. */
  relief: string;
  /** Who goes is sent home by the hub when their shift ends; who comes has a desk of their own and the next shift of this seat. */
  byClock: boolean;
  desk: string;
}

/** Of the seats that change hands, every so many does so by the hub's clock. */
const BY_CLOCK = 3;

/** Which seats change hands, by the seed. Seats are those of the first agents. */
export function handOvers(seats: number, share: number, seed: number): HandOver[] {
  const random = chances(seed, 'shift change');
  const changing = Array.from({ length: seats }, (_, i) => agent(i + 1)).filter(() => random() < share);
  return changing.slice(0, Math.min(MOST_RELIEF, seats)).map(({ seatId, username }, i) => ({
    seatId,
    username,
    relief: relief(i + 1),
    byClock: i % BY_CLOCK === 0,
    desk: i % BY_CLOCK === 0 ? `N${String(i + 1).padStart(3, '0')}` : seatId,
  }));
}
