/**
 * Carries out `work` for each item, at most `limit` at a time, and hands the answers on in the items' order,
 * each as soon as those before it are done: who waits for an answer before the next item gets it.
 * `work` must answer, never throw; `write` throws when nobody reads any more.
 */
export async function inOrder<T, R>(
  items: AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<R>,
  write: (answer: R) => Promise<void>,
): Promise<void> {
  const unwritten: Promise<void>[] = [];
  let last = Promise.resolve();
  for await (const item of items) {
    const answer = work(item);
    last = last.then(async () => write(await answer));
    // It may fail while the next item is waited for; whoever awaits it below hears of it.
    last.catch(() => undefined);
    unwritten.push(last);
    if (unwritten.length >= limit) await unwritten.shift();
  }
  await last;
}
