import { defineFusedMulti } from '../../autograd/fused.js';
import { contiguousStrides, type Shape, sizeOf } from '../../core/shape.js';
import type { AttentionInputs, AttentionPlan } from '../../engine/attention.js';
import { dense } from '../../tensor/dense.js';
import { empty, type Tensor, view } from '../../tensor/tensor.js';
import { type AttentionDropout, composedAttention } from './composed.js';

type Three = readonly [query: Tensor, key: Tensor, value: Tensor];
type Operands = Three | readonly [...Three, mask: Tensor];

const inputsOf = ([query, key, value, mask]: Operands): AttentionInputs<Tensor> => ({
  query,
  key,
  value,
  mask: mask ?? null,
});

/** With columns that are adjacent in memory. */
const withRows = (x: Tensor): Tensor => (x.strides.at(-1) === 1 || x.shape.at(-1) === 1 ? x : dense(x));

/** What the kernels read. */
const readable = ({ query, key, value, mask }: AttentionInputs<Tensor>): AttentionInputs<Tensor> => ({
  query: withRows(query),
  key: withRows(key),
  value: withRows(value),
  mask,
});

/**
 * A new tensor (…, H, L, E) in the order of `like`: if that's a view of (…, L, H, E), as heads of a projection are, so is
 * the new one, and what undoes the view copies nothing.
 */
function emptyInOrderOf(like: Tensor, shape: Shape): Tensor {
  const x = empty(shape, like.dtype, like.engine);
  const [headStride, rowStride] = like.strides.slice(-3);
  if (headStride! >= rowStride! || shape.at(-3) === 1 || shape.at(-2) === 1) return x;
  const swapped = [...shape.slice(0, -3), shape.at(-2)!, shape.at(-3)!, shape.at(-1)!];
  const strides = contiguousStrides(swapped);
  const rank = strides.length;
  [strides[rank - 3], strides[rank - 2]] = [strides[rank - 2]!, strides[rank - 3]!];
  return view(x, shape, strides, 0);
}

const attentionOp = defineFusedMulti<'attention', Operands, AttentionPlan, readonly [Tensor]>({
  name: 'scaledDotProductAttention',
  family: 'attention',
  composition: (operands, plan) => [composedAttention(inputsOf(operands), plan)],
  forward(kernels, ctx, operands, plan) {
    const inputs = readable(inputsOf(operands));
    const { query, value } = inputs;
    const rows = query.shape.slice(0, -1);
    const out = emptyInOrderOf(query, [...rows, value.shape.at(-1)!]);
    const lse = ctx.records ? empty(rows, query.dtype, query.engine) : null;
    kernels.attention(out, lse, inputs, plan);
    if (lse !== null) ctx.save(out, lse);
    return [out];
  },
  backward(kernels, { saved, needs, attrs }, [grad]) {
    const operands = saved.slice(0, needs.length) as unknown as Operands;
    const [out, lse] = saved.slice(needs.length) as [Tensor, Tensor];
    const inputs = readable(inputsOf(operands));
    const { query, key, value } = inputs;
    const gradients = {
      query: emptyInOrderOf(query, query.shape),
      key: emptyInOrderOf(key, key.shape),
      value: emptyInOrderOf(value, value.shape),
    };
    kernels.attentionBackward(gradients, withRows(grad!), inputs, out, lse, attrs);
    return [gradients.query, gradients.key, gradients.value, null].slice(0, needs.length);
  },
});

/** Fewer queries are products of vectors, which read keys and values where they lie. */
const fewestQueries = 4;

/** Whether the kernels compute it: they have no dropout, and no gradient of the mask. */
const suitsKernels = ({ query, key, value, mask }: AttentionInputs<Tensor>, p: number): boolean =>
  p === 0 &&
  query.dtype === 'float32' &&
  query.shape.at(-2)! >= fewestQueries &&
  mask?.requiresGrad !== true &&
  [query, key, value].every((x) => sizeOf(x.shape) > 0);

/** With an axis of heads. */
const withHeads = (x: Tensor): Tensor => (x.ndim === 2 ? x.unsqueeze(0) : x);

/** Attention of inputs that fit together, one of which is a mask of the query's dtype, bool, or null. */
export function attend(
  inputs: AttentionInputs<Tensor>,
  plan: AttentionPlan,
  dropout: AttentionDropout,
): Tensor {
  const { query, key, value, mask } = inputs;
  if (!suitsKernels(inputs, dropout.p)) return composedAttention(inputs, plan, dropout);
  const operands = [query, key, value].map(withHeads) as unknown as Three;
  const [out] = attentionOp(mask === null ? operands : [...operands, mask], plan);
  return query.ndim === 2 ? out.squeeze(0) : out;
}
