const CHECK_EVERY_MS = 10;

/** Waits until `condition` answers something true (a throw counts as not yet). What it waited for is named when the time is up. */
export async function until(what: string, condition: () => unknown, withinMs = 15_000): Promise<void> {
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
