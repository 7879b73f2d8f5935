// What every result has to be, whatever the call: a view within its memory, of elements that its dtype has.
import { entries } from './scope.mjs';

const { M } = entries;
const bytes = { float32: 4, float64: 8, int32: 4, uint8: 1, bool: 1 };

function brokenTensor(x) {
  if (x.isDisposed) return undefined;
  const { shape, strides, offset, dtype, count } = x;
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0)) return `a result of shape [${shape}]`;
  if (count === 0) return undefined;
  let [low, high] = [offset, offset];
  for (const [axis, n] of shape.entries()) {
    if (strides[axis] < 0) low += strides[axis] * (n - 1);
    else high += strides[axis] * (n - 1);
  }
  if (low < 0 || (high + 1) * bytes[dtype] > x.storage.bytes)
    return `a view outside its memory: shape [${shape}], strides [${strides}], offset ${offset}`;
  if (dtype === 'bool' && count < 1e5 && x.dataSync().some((v) => v > 1))
    return 'a bool that is neither 0 nor 1';
  return undefined;
}

/** All tensors in a result that a caller would reach. */
function tensorsOf(value, depth = 0) {
  if (value instanceof M.Tensor) return [value];
  if (depth > 2 || value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap((inner) => tensorsOf(inner, depth + 1));
}

/** Waits for a result, goes back through it, and says what is wrong with it, if anything. */
export async function checkResult(value) {
  let result = await value;
  if (result !== null && typeof result === 'object' && !(result instanceof M.Tensor)) {
    const iterator =
      result[Symbol.asyncIterator]?.() ?? (typeof result.next === 'function' ? result : undefined);
    if (iterator) result = [await iterator.next(), await iterator.next()];
  }
  for (const x of tensorsOf(result)) {
    const broken = brokenTensor(x);
    if (broken) return broken;
    if (x.requiresGrad && x.gradFn !== null && x.count < 1e5 && M.isGradEnabled())
      x.backward(M.ones(x.shape, { dtype: x.dtype }), { retainGraph: true });
  }
  return undefined;
}
