import { HubProblem } from '@minqing-hub/client-sdk';

const FIRST_MS = 200;
const LONGEST_MS = 3_000;

/** No answer, an overloaded hub, a restart: asking again may help. */
export const isPassing = (problem: unknown): boolean =>
  problem instanceof HubProblem && (problem.status === 0 || problem.status === 429 || problem.status >= 500);

/**
 * Asks until the hub answers, for calls that may be repeated without harm. Gives up after `patienceMs`, with the last
 * problem; a refusal is an answer and is thrown at once.
 */
export async function untilAnswered<T>(call: () => Promise<T>, random: () => number, patienceMs = 600_000): Promise<T> {
  const end = performance.now() + patienceMs;
  for (let wait = FIRST_MS; ; wait = Math.min(wait * 2, LONGEST_MS)) {
    try {
      return await call();
    } catch (problem) {
      if (!isPassing(problem) || performance.now() > end) throw problem;
      await new Promise((again) => setTimeout(again, wait * (0.5 + random())));
    }
  }
}
