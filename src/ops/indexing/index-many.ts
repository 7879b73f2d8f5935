import type { Grads } from '../../autograd/node.js';
import { defineOp } from '../../autograd/op.js';
import { type Geometry, windowOf } from '../../core/geometry.js';
import type { Shape } from '../../core/shape.js';
import { dense } from '../../tensor/dense.js';
import { copied, filled } from '../../tensor/filled.js';
import { alias, empty, type Tensor, view } from '../../tensor/tensor.js';
import { addInto } from '../reduce/integer-sums.js';
import { cut } from '../shape/cut.js';
import { outOfRange } from './indices.js';

/**
 * Several neighboring axes, indexed together: position i is (indices[0][i], indices[1][i], …). Indices are
 * int32 tensors of one shape; negative ones count from the end.
 */
interface ManyAttrs {
  readonly operation: string;
  /** The first indexed axis; there are as many as indices. */
  readonly axis: number;
  /** The shape of the indexed tensor. */
  readonly shape: Shape;
}

/** `x` with the indexed axes as a single axis, whose positions are distances in memory. */
function span(x: Tensor, axis: number, axes: number): Tensor {
  let length = 1;
  for (let i = axis; i < axis + axes; i++) length += Math.max(0, x.shape[i]! - 1) * x.strides[i]!;
  return view(x, x.shape.toSpliced(axis, axes, length), x.strides.toSpliced(axis, axes, 1));
}

/** Each position's place in memory, for axes of those lengths and strides. */
function distances(
  indices: readonly Tensor[],
  { operation, axis, shape }: ManyAttrs,
  strides: Shape,
): Tensor {
  const first = indices[0]!;
  const out = empty([first.count], 'int32', first.engine);
  indices.forEach((index, k) => {
    const at = axis + k;
    const fault = outOfRange(operation, index, at, shape[at]!, true);
    first.engine.indexOffsets(out, dense(index), shape[at]!, strides[at]!, k === 0, fault);
  });
  return out;
}

const pickOp = defineOp<[Tensor, ...Tensor[]], ManyAttrs>({
  name: 'at',
  forward(ctx, [x, ...indices], attrs) {
    ctx.save(...indices);
    const where = distances(indices, attrs, x.strides);
    const out = empty(x.shape.toSpliced(attrs.axis, indices.length, where.count), x.dtype, x.engine);
    x.engine.indexSelect(out, span(x, attrs.axis, indices.length), attrs.axis, where, false, null);
    return out;
  },
  backward: ({ attrs, saved }, grad): Grads => [
    placeOp([null, grad, ...saved], { ...attrs, window: whole, accumulate: true, into: false }),
    ...saved.map(() => null),
  ],
});

const whole: Geometry = [];

interface PlaceAttrs extends ManyAttrs {
  /** The part of the tensor that is indexed. */
  readonly window: Geometry;
  /** Whether to add to what's there instead of replacing it. */
  readonly accumulate: boolean;
  /** Whether to write to the memory of `x` itself. */
  readonly into: boolean;
}

/** x (or zeros), with the source (or zeros) written to the positions or added there. */
const placeOp = defineOp<[Tensor | null, Tensor | null, ...Tensor[]], PlaceAttrs>({
  name: 'setAt',
  forward(ctx, [x, source, ...indices], attrs) {
    ctx.save(...(indices as Tensor[]));
    const { dtype, engine } = (x ?? source)!;
    const out = x === null ? filled(attrs.shape, dtype, engine) : attrs.into ? alias(x) : copied(x);
    const { shape, strides, offset } = windowOf(attrs.window, out.shape, out.strides);
    const target = view(out, shape, strides, out.offset + offset);
    writeAt(target, source ?? filled([1], dtype, engine), indices as Tensor[], { ...attrs, shape });
    return out;
  },
  backward({ attrs, saved: indices, needs }, grad): Grads {
    const { operation, axis, window, accumulate } = attrs;
    const erased = (): Tensor => placeOp([grad, null, ...indices], { ...attrs, into: false });
    const picked = (): Tensor => {
      const part = cut(grad, window);
      return pickOp([part, ...indices], { operation, axis, shape: part.shape });
    };
    const toX = accumulate ? grad : needs[0] ? erased() : null;
    return [toX, needs[1] ? picked() : null, ...indices.map(() => null)];
  },
});

/** Writes or adds the source, (…, positions, …) or one element to write everywhere, in the memory of `x`. */
export function writeAt(
  x: Tensor,
  source: Tensor,
  indices: readonly Tensor[],
  attrs: ManyAttrs & { accumulate: boolean },
): void {
  const { axis, accumulate } = attrs;
  const target = (to: Tensor): Tensor => span(to, axis, indices.length);
  if (!accumulate) {
    x.engine.indexCopy(target(x), axis, distances(indices, attrs, x.strides), dense(source), false, null);
    return;
  }
  const { operation } = attrs;
  addInto(x, { operation, source, times: indices[0]!.count }, (to, from) =>
    x.engine.indexAdd(target(to), axis, distances(indices, attrs, to.strides), dense(from), 1, false, null),
  );
}

/** The elements at the positions, (…, positions, …). */
export const pickAt = (x: Tensor, axis: number, indices: readonly Tensor[]): Tensor =>
  pickOp([x, ...indices], { operation: 'at', axis, shape: x.shape });

/** `x` after `writeAt` into a window of its own memory; for `inPlace`. */
export const writtenAt = (
  x: Tensor,
  window: Geometry,
  axis: number,
  indices: readonly Tensor[],
  source: Tensor,
  accumulate: boolean,
): Tensor =>
  placeOp([x, source, ...indices], {
    operation: 'setAt',
    axis,
    shape: x.shape,
    window,
    accumulate,
    into: true,
  });
