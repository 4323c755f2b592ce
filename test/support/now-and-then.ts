import { pace } from './pace.js';

/** Does something again and again at random moments until told to stop: the pace of faults, never a wait for an effect. */
export function nowAndThen(random: () => number, mostMs: number, fault: () => void): () => Promise<number> {
  let wanted = true;
  const ended = (async () => {
    let done = 0;
    while (wanted) {
      fault();
      done += 1;
      await pace(mostMs / 4 + (random() * mostMs * 3) / 4);
    }
    return done;
  })();
  return () => {
    wanted = false;
    return ended;
  };
}
