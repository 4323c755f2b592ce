const CHECK_EVERY_MS = 10;
/** Far more than it ever takes: only what never comes true waits so long, and a machine may be slow. */
const WITHIN_MS = 60_000;

/** Waits until `condition` answers something true (a throw counts as not yet). What it waited for is named when the time is up. */
export async function until(what: string, condition: () => unknown, withinMs = WITHIN_MS): Promise<void> {
  const end = performance.now() + withinMs;
  for (;;) {
    let last: unknown;
    try {
      last = await condition();
      if (last) return;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) throw new Error(`did not come true within ${withinMs} ms: ${what} (${String(last)})`);
    await new Promise((again) => setTimeout(again, CHECK_EVERY_MS));
  }
}
