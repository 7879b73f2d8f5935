import { inPlace } from '../../autograd/inplace.js';
import type { Grads } from '../../autograd/node.js';
import { checkInputs, defineOp } from '../../autograd/op.js';
import { asConstant } from '../../core/element.js';
import { DTypeError, ShapeError } from '../../core/errors.js';
import { exact } from '../../core/exact.js';
import { broadcastShapes, type Shape, sameShape, sizeOf } from '../../core/shape.js';
import type { TooMany } from '../../engine/fault.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { dense } from '../../tensor/dense.js';
import { copied, filled } from '../../tensor/filled.js';
import { empty, emptyLike, Tensor } from '../../tensor/tensor.js';
import { asFilling } from '../cast.js';
import { atOnce, type Counted, steady, whenCounted } from '../counted.js';
import { checkOperand } from '../promotion.js';

function requireMask(operation: string, mask: Tensor): void {
  if (mask.dtype !== 'bool')
    throw new DTypeError(
      operation,
      `the mask must be bool, got ${mask.dtype}\n  hint: mask.ne(0), or a comparison`,
    );
}

const fillOp = defineOp<[Tensor, Tensor], { value: number }>({
  name: 'maskedFill',
  forward(ctx, [x, mask], { value }) {
    ctx.save(mask);
    const out = emptyLike(x);
    x.engine.where(out, mask, filled([], x.dtype, x.engine, value), x);
    return out;
  },
  backward: ({ saved: [mask] }, grad): Grads => [fillOp([grad, mask!], { value: 0 }), null],
});

/** `tensor`, expanded to `shape` if it doesn't have that shape already. */
const expanded = (tensor: Tensor, shape: Shape): Tensor =>
  sameShape(tensor.shape, shape) ? tensor : tensor.expand(shape);

/** @throws ShapeError for a value that is a tensor with axes */
function requireNoAxes(operation: string, value: number | Tensor): void {
  if (value instanceof Tensor && value.ndim !== 0)
    throw new ShapeError(operation, 'the value must have no axes', [{ name: 'value', shape: value.shape }]);
}

/**
 * x with `value` where the mask is set. The two broadcast.
 *
 * @param mask bool
 * @param value a number, or a tensor without axes
 * @throws DTypeError for a number that x's dtype can't hold
 */
export const maskedFill = exact(
  'maskedFill(x, mask, value)',
  (x: Tensor, mask: Tensor, value: number | Tensor): Tensor => {
    checkTensors('maskedFill', { x, mask });
    checkOperand('maskedFill', 'value', value);
    requireMask('maskedFill', mask);
    const shape = broadcastShapes('maskedFill', x.shape, mask.shape);
    const wide = expanded(mask, shape);
    if (!(value instanceof Tensor))
      return fillOp([expanded(x, shape), wide], { value: asConstant('maskedFill', value, x.dtype) });
    requireNoAxes('maskedFill', value);
    return asFilling('maskedFill', value, x.dtype).where(mask, x);
  },
);

/** Like `maskedFill`, in place; the mask broadcasts to `x`. */
export const maskedFill_ = exact(
  'maskedFill_(x, mask, value)',
  (x: Tensor, mask: Tensor, value: number | Tensor): Tensor => {
    checkTensors('maskedFill_', { mask });
    checkOperand('maskedFill_', 'value', value);
    requireNoAxes('maskedFill_', value);
    requireMask('maskedFill_', mask);
    const wide = expanded(mask, x.shape);
    const constant = !(value instanceof Tensor)
      ? filled([], x.dtype, x.engine, asConstant('maskedFill_', value, x.dtype))
      : asFilling('maskedFill_', value.clone(), x.dtype); // it may be an element of x
    const write = (): void => x.engine.where(x, wide, constant, x);
    const operands = [wide, constant];
    return inPlace({
      name: 'maskedFill_',
      target: x,
      operands,
      sharing: 'same',
      write,
      compute: () => maskedFill(x, mask, value),
    });
  },
);

interface Selection {
  /** The length of the result: the number of elements set in the mask, or more if it's padded. */
  readonly count: number;
  /** Whether zeros follow the selected elements. */
  readonly padded: boolean;
  readonly shape: Shape;
}

const selectOp = defineOp<[Tensor, Tensor], Selection>({
  name: 'maskedSelect',
  forward(ctx, [x, mask], { count, padded }) {
    ctx.save(mask);
    const out = padded ? filled([count], x.dtype, x.engine) : empty([count], x.dtype, x.engine);
    x.engine.maskedSelect(out, dense(x), dense(mask));
    return out;
  },
  backward: ({ attrs, saved: [mask] }, grad): Grads => [
    scatterOp([filled(attrs.shape, grad.dtype, grad.engine), mask!, grad], { source: grad.shape }, null),
    null,
  ],
});

const scatterOp = defineOp<[Tensor, Tensor, Tensor], { source: Shape }, TooMany | null>({
  name: 'maskedScatter',
  forward(ctx, [x, mask, source], _, fault) {
    ctx.save(mask);
    const out = copied(x);
    x.engine.maskedScatter(out, dense(mask), dense(source), fault);
    return out;
  },
  backward({ attrs: { source }, saved: [mask], needs }, grad): Grads {
    const toSource = (): Tensor =>
      selectOp([grad, mask!], { count: sizeOf(source), padded: true, shape: grad.shape }).reshape(source);
    return [needs[0] ? fillOp([grad, mask!], { value: 0 }) : null, null, needs[2] ? toSource() : null];
  },
});

function selection(operation: string, x: Tensor, mask: Tensor): Counted<Tensor> {
  checkTensors(operation, { x, mask });
  requireMask(operation, mask);
  const shape = broadcastShapes(operation, x.shape, mask.shape);
  checkInputs(operation, [x, mask]);
  const set = dense(steady(expanded(mask, shape)));
  return {
    count: mask.engine.maskedCount(set),
    finish: (count) => selectOp([expanded(x, shape), set], { count, padded: false, shape }),
  };
}

/**
 * The elements whose mask is set, in row-major order, as a list. The two broadcast.
 *
 * @shape x, mask → (number of set elements)
 */
export const maskedSelect = exact(
  'maskedSelect(x, mask)',
  (x: Tensor, mask: Tensor): Tensor => atOnce('maskedSelect', selection, x, mask),
);

/** Async `maskedSelect`, which also works on engines whose results arrive later. */
export const maskedSelectAsync = exact(
  'maskedSelectAsync(x, mask)',
  async (x: Tensor, mask: Tensor): Promise<Tensor> => whenCounted('maskedSelectAsync', selection, x, mask),
);

function requireSameType(operation: string, x: Tensor, source: Tensor): void {
  if (source.dtype !== x.dtype)
    throw new DTypeError(
      operation,
      `source is ${source.dtype}, x is ${x.dtype}\n  hint: source.to('${x.dtype}')`,
    );
}

/** The error for a source with fewer elements than are set in the mask. */
const tooMany =
  (operation: string, mask: Tensor, source: Tensor): TooMany =>
  (count) =>
    new ShapeError(operation, `${count} elements are set in the mask, the source has ${source.count}`, [
      { name: 'mask', shape: mask.shape },
      { name: 'source', shape: source.shape },
    ]);

/**
 * x with the elements of `source`, in order, where the mask is set. x and the mask broadcast.
 *
 * @throws ShapeError if the source has fewer elements than are set in the mask
 */
export const maskedScatter = exact(
  'maskedScatter(x, mask, source)',
  (x: Tensor, mask: Tensor, source: Tensor): Tensor => {
    checkTensors('maskedScatter', { x, mask, source });
    requireMask('maskedScatter', mask);
    const shape = broadcastShapes('maskedScatter', x.shape, mask.shape);
    requireSameType('maskedScatter', x, source);
    return scatterOp(
      [expanded(x, shape), expanded(mask, shape), source],
      { source: source.shape },
      tooMany('maskedScatter', mask, source),
    );
  },
);

/** Like `maskedScatter`, in place; the mask broadcasts to `x`. */
export const maskedScatter_ = exact(
  'maskedScatter_(x, mask, source)',
  (x: Tensor, mask: Tensor, source: Tensor): Tensor => {
    checkTensors('maskedScatter_', { mask, source });
    requireMask('maskedScatter_', mask);
    requireSameType('maskedScatter_', x, source);
    const wide = expanded(mask, x.shape);
    const fault = tooMany('maskedScatter_', mask, source);
    const write = (): void => {
      const changed = copied(x);
      x.engine.maskedScatter(changed, dense(wide), dense(source), fault);
      x.engine.copy(x, changed);
    };
    const compute = (): Tensor => maskedScatter(x, mask, source);
    return inPlace({
      name: 'maskedScatter_',
      target: x,
      operands: [mask, source],
      sharing: 'any',
      write,
      compute,
    });
  },
);

attach({ maskedFill, maskedFill_, maskedSelect, maskedSelectAsync, maskedScatter, maskedScatter_ });
