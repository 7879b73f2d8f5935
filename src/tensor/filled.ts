import type { DType } from '../core/dtype.js';
import type { Shape } from '../core/shape.js';
import type { Engine } from '../engine/engine.js';
import { empty, type Tensor } from './tensor.js';

/** A new tensor with one value in every element. */
export function filled(shape: Shape, dtype: DType, engine: Engine, value = 0): Tensor {
  const x = empty(shape, dtype, engine);
  engine.fill(x, value);
  return x;
}

/** A new dense tensor with the elements of `x`, outside the graph. */
export function copied(x: Tensor): Tensor {
  const copy = empty(x.shape, x.dtype, x.engine);
  x.engine.copy(copy, x);
  return copy;
}
