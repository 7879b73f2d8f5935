import { empty, type Tensor } from './tensor.js';

/** `x` itself if its elements lie in order without gaps, else a copy that does; outside the graph. */
export function dense(x: Tensor): Tensor {
  if (x.packed) return x;
  const copy = empty(x.shape, x.dtype, x.engine);
  x.engine.copy(copy, x);
  return copy;
}
