import type { TypedArray } from '../core/dtype.js';
import { EngineError } from '../core/errors.js';
import type { Verdict } from '../engine/fault.js';
import { dense } from './dense.js';
import type { TensorStorage } from './memory.js';
import type { Tensor } from './tensor.js';

/**
 * Throws what `verdict` says of the elements: at once, or, if the engine's results arrive later, at the next
 * read.
 */
export const inspect = (x: Tensor, verdict: Verdict): void => x.engine.inspect(dense(x), verdict);

interface Written {
  readonly version: number;
  readonly elements: TypedArray;
}

/** What the host wrote into memory whose results arrive later. */
const written = new WeakMap<TensorStorage, Written>();

/** The most elements that are kept on both sides. */
const mostRemembered = 2 ** 16;

/** Keeps elements that the host wrote into a new tensor, if the engine's results arrive later and they're few. */
export function remember(x: Tensor, elements: TypedArray): void {
  if (!x.engine.synchronous && x.count <= mostRemembered)
    written.set(x.storage, { version: x.version, elements: elements.slice() });
}

function remembered(x: Tensor): TypedArray | null {
  const found = written.get(x.storage);
  const all = found !== undefined && x.packed && x.offset === 0 && x.count === found.elements.length;
  return all && x.version === found.version && !x.isDisposed ? found.elements.slice() : null;
}

/**
 * The elements, to choose the faster of two ways to the same result; null if the engine's results arrive
 * later, which takes the way that is always right. What the host wrote itself is known on every engine.
 */
export const known = (x: Tensor): TypedArray | null => (x.engine.synchronous ? x.dataSync() : remembered(x));

/**
 * The elements, for what can't go on without them.
 *
 * @param instead what to write on an engine whose results arrive later
 * @throws EngineError with that hint if they arrive later
 */
export function elementsNow(operation: string, x: Tensor, instead: string): TypedArray {
  const elements = known(x);
  if (elements !== null) return elements;
  throw new EngineError(
    operation,
    `needs elements, which arrive later on the ${x.engine.name} engine\n  hint: ${instead}`,
  );
}
