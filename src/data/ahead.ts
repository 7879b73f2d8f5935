/** An iterator's next result, or a promise of it. */
export type Next<T> = () => Promise<IteratorResult<T, unknown>>;

/**
 * The values of `next` in order, with up to `count` requested ahead of time.
 *
 * @param close called when the reader stops
 */
export async function* ahead<T>(
  next: Next<T>,
  count: number,
  close?: () => unknown,
): AsyncGenerator<T, void> {
  const asked: Promise<IteratorResult<T, unknown>>[] = [];
  try {
    for (;;) {
      while (asked.length <= count) {
        const promise = next();
        // A failure surfaces when its turn comes, or never if nobody reads that far.
        promise.catch(() => {});
        asked.push(promise);
      }
      const { done, value } = await asked.shift()!;
      if (done) return;
      yield value as T;
    }
  } finally {
    await close?.();
  }
}
