import type { Grads } from '../autograd/node.js';
import { defineOp } from '../autograd/op.js';
import type { Shape } from '../core/shape.js';
import { dense } from '../tensor/dense.js';
import { copied, filled } from '../tensor/filled.js';
import { empty, type Tensor, view } from '../tensor/tensor.js';
import { requireInRange } from './indices.js';
import { addInto } from './integer-sums.js';

/**
 * Several neighbouring axes, indexed together: position i is (indices[0][i], indices[1][i], …). Indices are
 * int32 tensors of one shape; negative ones count from the end.
 */
interface ManyAttrs {
  readonly operation: string;
  /** The first of the indexed axes; there are as many as indices. */
  readonly axis: number;
  /** The shape of the indexed tensor. */
  readonly shape: Shape;
}

/** `x` with the indexed axes seen as one, whose positions are distances in memory. */
function span(x: Tensor, axis: number, axes: number): Tensor {
  let length = 1;
  for (let i = axis; i < axis + axes; i++) length += Math.max(0, x.shape[i]! - 1) * x.strides[i]!;
  return view(x, x.shape.toSpliced(axis, axes, length), x.strides.toSpliced(axis, axes, 1));
}

/** Where in memory of axes of those lengths and strides each position lies. */
function distances(
  indices: readonly Tensor[],
  { operation, axis, shape }: ManyAttrs,
  strides: Shape,
): Tensor {
  const first = indices[0]!;
  const out = empty([first.count], 'int32', first.engine);
  indices.forEach((index, k) => {
    const at = axis + k;
    const bad = first.engine.indexOffsets(out, dense(index), shape[at]!, strides[at]!, k === 0);
    requireInRange(operation, bad, index, at, shape[at]!, true);
  });
  return out;
}

const pickOp = defineOp<[Tensor, ...Tensor[]], ManyAttrs>({
  name: 'at',
  forward(ctx, [x, ...indices], attrs) {
    ctx.save(...indices);
    const where = distances(indices, attrs, x.strides);
    const out = empty(x.shape.toSpliced(attrs.axis, indices.length, where.count), x.dtype, x.engine);
    x.engine.indexSelect(out, span(x, attrs.axis, indices.length), attrs.axis, where, false);
    return out;
  },
  backward: ({ attrs, saved }, grad): Grads => [
    placeOp([null, grad, ...saved], { ...attrs, accumulate: true }),
    ...saved.map(() => null),
  ],
});

/** x, or zeros if there is none, with the source written to the positions or added to what is there. */
const placeOp = defineOp<[Tensor | null, Tensor, ...Tensor[]], ManyAttrs & { accumulate: boolean }>({
  name: 'setAt',
  forward(ctx, [x, source, ...indices], attrs) {
    ctx.save(...indices);
    const out = x ? copied(x) : filled(attrs.shape, source.dtype, source.engine);
    writeAt(out, source, indices, attrs);
    return out;
  },
  backward({ attrs, saved: indices, needs }, grad): Grads {
    const erased = (): Tensor => {
      const hole = attrs.shape.toSpliced(attrs.axis, indices.length, indices[0]!.count);
      return placeOp([grad, filled(hole, grad.dtype, grad.engine), ...indices], attrs);
    };
    const toX = attrs.accumulate ? grad : needs[0] ? erased() : null;
    return [toX, needs[1] ? pickOp([grad, ...indices], attrs) : null, ...indices.map(() => null)];
  },
});

/** Writes or adds the source, (…, positions, …), into the memory of `x`. */
export function writeAt(
  x: Tensor,
  source: Tensor,
  indices: readonly Tensor[],
  attrs: ManyAttrs & { accumulate: boolean },
): void {
  const { axis, accumulate } = attrs;
  const target = (to: Tensor): Tensor => span(to, axis, indices.length);
  if (!accumulate) {
    x.engine.indexCopy(target(x), axis, distances(indices, attrs, x.strides), dense(source), false);
    return;
  }
  const { operation } = attrs;
  addInto(x, { operation, source, times: indices[0]!.count }, (to, from) =>
    x.engine.indexAdd(target(to), axis, distances(indices, attrs, to.strides), dense(from), 1, false),
  );
}

/** The elements at the positions, (…, positions, …). */
export const pickAt = (x: Tensor, axis: number, indices: readonly Tensor[]): Tensor =>
  pickOp([x, ...indices], { operation: 'at', axis, shape: x.shape });

/** `x` with the source, (…, positions, …), written to the positions or added there. */
export const placeAt = (
  x: Tensor,
  axis: number,
  indices: readonly Tensor[],
  source: Tensor,
  accumulate: boolean,
): Tensor => placeOp([x, source, ...indices], { operation: 'setAt', axis, shape: x.shape, accumulate });
