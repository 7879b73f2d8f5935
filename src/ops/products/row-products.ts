import { defineFused } from '../../autograd/fused.js';
import { dense } from '../../tensor/dense.js';
import { empty, type Tensor } from '../../tensor/tensor.js';

/** Σ a·b over the last axis, for floating tensors of the same shape and dtype: one pass, without making the product. */
export const rowProducts = defineFused<'distance', [Tensor, Tensor]>({
  name: 'dot',
  family: 'distance',
  composition: ([a, b]) => a.mul(b).sum(-1),
  forward(kernels, ctx, [a, b]) {
    const out = empty(a.shape.slice(0, -1), a.dtype, a.engine);
    kernels.rowProducts(out, dense(a), dense(b), a.shape.at(-1)!);
    ctx.save(a, b);
    return out;
  },
  gradient({ saved, needs }, grad) {
    const [a, b] = saved as [Tensor, Tensor];
    const g = grad.unsqueeze(-1);
    return [needs[0] ? g.mul(b) : null, needs[1] ? g.mul(a) : null];
  },
});
