/**
 * Whether a function handed back work that is still to be done: a promise, or a generator that nobody has run.
 * A scope that ends when the function returns wouldn't hold for that work. Nobody will handle the failure of such a
 * promise, because the caller throws.
 */
export function isUnfinished(result: unknown): boolean {
  if (typeof result !== 'object' || result === null) return false;
  if (result instanceof Promise) {
    result.catch(() => {});
    return true;
  }
  const kind: unknown = Reflect.get(result, Symbol.toStringTag);
  if (kind === 'Generator' || kind === 'AsyncGenerator') return true;
  return typeof Reflect.get(result, 'then') === 'function';
}
