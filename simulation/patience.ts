const LOOK_EVERY_MS = 20;

/**
 * Waits for a condition for as long as anything moves. Answers false when nothing moved for `stillMs`: then it will not
 * come true. Time in which the hub cannot be reached does not count, up to `awayMs`.
 */
export async function patiently(
  holds: () => boolean,
  moving: () => number,
  reachable: () => boolean,
  { stillMs = 60_000, awayMs = 600_000 } = {},
): Promise<boolean> {
  let seen = moving();
  let movedAt = performance.now();
  let thereAt = movedAt;
  while (!holds()) {
    const now = performance.now();
    if (reachable()) thereAt = now;
    if (moving() !== seen || (thereAt !== now && now - thereAt < awayMs)) {
      seen = moving();
      movedAt = now;
    }
    if (now - movedAt > stillMs) return false;
    await new Promise((again) => setTimeout(again, LOOK_EVERY_MS));
  }
  return true;
}
