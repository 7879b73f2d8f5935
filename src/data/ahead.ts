/** What an iterator gives next, or will give. */
export type Next<T> = () => Promise<IteratorResult<T, unknown>>;

/**
 * The values of `next` in their order, `count` of them asked for before they are needed.
 *
 * @param close called when the reader has had enough
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
        // One that fails is heard of when its turn comes, or not at all if nobody reads so far.
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
