/** Thrown when an answer did not come in time. */
export class TooLate extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
  }
}

/** As the work ends, but no later than that; work that comes later is not listened to any more. */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timeout: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timeout = setTimeout(() => reject(new TooLate(ms)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timeout));
}
