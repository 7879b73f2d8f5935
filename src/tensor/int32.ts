import type { Shape } from '../core/shape.js';
import type { Engine } from '../engine/engine.js';
import { empty, type Tensor } from './tensor.js';

/** An int32 tensor of these numbers, for operations that need indices of their own. */
export function int32Tensor(
  numbers: ArrayLike<number>,
  engine: Engine,
  shape: Shape = [numbers.length],
): Tensor {
  const x = empty(shape, 'int32', engine);
  const elements = Int32Array.from(numbers);
  engine.write(x.storage, 0, new Uint8Array(elements.buffer));
  return x;
}
