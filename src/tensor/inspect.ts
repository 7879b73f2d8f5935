import type { TypedArray } from '../core/dtype.js';
import type { Verdict } from '../engine/fault.js';
import { dense } from './dense.js';
import type { Tensor } from './tensor.js';

/**
 * Throws what `verdict` says of the elements: at once, or, if the engine's results arrive later, at the next
 * read.
 */
export const inspect = (x: Tensor, verdict: Verdict): void => x.engine.inspect(dense(x), verdict);

/**
 * The elements, to choose the faster of two ways to the same result; null if the engine's results arrive
 * later, which takes the way that is always right.
 */
export const known = (x: Tensor): TypedArray | null => (x.engine.synchronous ? x.dataSync() : null);
