import { bytesPerElement, typedArray } from '../core/dtype.js';
import type { Shape } from '../core/shape.js';
import type { Engine } from '../engine/engine.js';
import { remember } from './inspect.js';
import { empty, type Tensor } from './tensor.js';

function listTensor(
  numbers: ArrayLike<number>,
  dtype: Tensor['dtype'],
  engine: Engine,
  shape: Shape = [numbers.length],
): Tensor {
  const x = empty(shape, dtype, engine);
  const elements = typedArray(
    dtype,
    new ArrayBuffer(numbers.length * bytesPerElement[dtype]),
    0,
    numbers.length,
  );
  elements.set(numbers);
  engine.write(x.storage, 0, new Uint8Array(elements.buffer));
  remember(x, elements);
  return x;
}

/** An int32 tensor of these numbers, for operations that need indices of their own. */
export const int32Tensor = (numbers: ArrayLike<number>, engine: Engine, shape?: Shape): Tensor =>
  listTensor(numbers, 'int32', engine, shape);

/** A floating tensor of these numbers, for operations that need constants of their own. */
export const floatTensor = (
  numbers: ArrayLike<number>,
  dtype: Tensor['dtype'],
  engine: Engine,
  shape?: Shape,
): Tensor => listTensor(numbers, dtype, engine, shape);
