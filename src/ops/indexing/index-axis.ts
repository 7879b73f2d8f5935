import { inPlace } from '../../autograd/inplace.js';
import type { Grads } from '../../autograd/node.js';
import { defineOp } from '../../autograd/op.js';
import { isFloat } from '../../core/dtype.js';
import { asConstant } from '../../core/element.js';
import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { exact } from '../../core/exact.js';
import { anyNumber, checkOption, defineOptions } from '../../core/options.js';
import { normalizeAxis, type Shape } from '../../core/shape.js';
import { replaceAxis } from '../../core/views.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { dense } from '../../tensor/dense.js';
import { copied, filled } from '../../tensor/filled.js';
import { empty, Tensor } from '../../tensor/tensor.js';
import { asFilling } from '../cast.js';
import { requireWhole } from '../promotion.js';
import { addInto } from '../reduce/integer-sums.js';
import { outOfRange, requireIndexList, requireIndices } from './indices.js';

interface AxisIndex {
  readonly operation: string;
  readonly axis: number;
  /** Whether negative indices count from the end. */
  readonly wrap: boolean;
  /** The shape of the indexed tensor. */
  readonly shape: Shape;
}

const selectOp = defineOp<[Tensor, Tensor], AxisIndex>({
  name: 'indexSelect',
  forward(ctx, [x, index], { operation, axis, wrap }) {
    ctx.save(index);
    const out = empty(replaceAxis(x.shape, axis, index.count), x.dtype, x.engine);
    const fault = outOfRange(operation, index, axis, x.shape[axis]!, wrap);
    x.engine.indexSelect(out, x, axis, dense(index), wrap, fault);
    return out;
  },
  backward: ({ attrs, saved: [index] }, grad): Grads => [
    addOp([null, index!, grad], { ...attrs, alpha: 1 }),
    null,
  ],
});

/** Adds to `out`, in its memory. */
function addAt(
  out: Tensor,
  { operation, axis, wrap, alpha }: Omit<AxisIndex, 'shape'> & { alpha: number },
  index: Tensor,
  source: Tensor,
): void {
  const list = dense(index);
  const fault = outOfRange(operation, index, axis, out.shape[axis]!, wrap);
  addInto(out, { operation, source, times: index.count, alpha }, (to, from) =>
    to.engine.indexAdd(to, axis, list, dense(from), alpha, wrap, fault),
  );
}

/** x (or zeros), plus what the index adds. */
const addOp = defineOp<[Tensor | null, Tensor, Tensor], AxisIndex & { alpha: number }>({
  name: 'indexAdd',
  forward(ctx, [x, index, source], { operation, axis, wrap, alpha, shape }) {
    ctx.save(index);
    const out = x ? copied(x) : filled(shape, source.dtype, source.engine);
    addAt(out, { operation, axis, wrap, alpha }, index, source);
    return out;
  },
  backward({ attrs, saved: [index], needs }, grad): Grads {
    if (!needs[2]) return [grad, null, null];
    const picked: Tensor = selectOp([grad, index!], attrs);
    return [grad, null, attrs.alpha === 1 ? picked : picked.mul(attrs.alpha)];
  },
});

type Copying = [x: Tensor, index: Tensor, source: Tensor | null, filling: Tensor | null];

/** x with the source, or the element to fill with, or 0, at the positions of the index. */
const copyOp = defineOp<Copying, AxisIndex>({
  name: 'indexCopy',
  forward(ctx, [x, index, source, filling], { operation, axis, wrap, shape }) {
    ctx.save(index);
    const out = copied(x);
    const what = source ? dense(source) : (filling ?? filled([], x.dtype, x.engine));
    const fault = outOfRange(operation, index, axis, shape[axis]!, wrap);
    x.engine.indexCopy(out, axis, dense(index), what, wrap, fault);
    return out;
  },
  backward({ attrs, saved: [index], needs }, grad): Grads {
    return [
      needs[0] ? copyOp([grad, index!, null, null], attrs) : null,
      null,
      needs[2] ? selectOp([grad, index!], attrs) : null,
      null,
    ];
  },
});

/** A tensor without axes counts as a list of one. */
const atLeastOneAxis = (x: Tensor): Tensor => (x.ndim === 0 ? x.reshape([1]) : x);

/**
 * The positions along an axis that `index` lists; a copy.
 *
 * @param index int32, one axis
 * @shape x (A, L, B), index (n) → (A, n, B)
 * @throws IndexError for an index out of range, which includes negative ones
 */
export const indexSelect = exact(
  'indexSelect(x, dim, index)',
  (x: Tensor, dim: number, index: Tensor): Tensor => {
    checkTensors('indexSelect', { x, index });
    requireIndexList('indexSelect', index);
    const axis = normalizeAxis('indexSelect', dim, x.ndim);
    const list = atLeastOneAxis(x);
    const out = selectOp([list, index], { operation: 'indexSelect', axis, wrap: false, shape: list.shape });
    return x.ndim === 0 ? out.reshape([]) : out;
  },
);

function checkSource(operation: string, x: Tensor, dim: number, index: Tensor, source: Tensor): number {
  requireIndexList(operation, index);
  const axis = normalizeAxis(operation, dim, x.ndim);
  if (source.dtype !== x.dtype)
    throw new DTypeError(
      operation,
      `source is ${source.dtype}, x is ${x.dtype}\n  hint: source.to('${x.dtype}')`,
    );
  const expected = x.ndim === 0 ? [] : replaceAxis(x.shape, axis, index.count);
  const fits = source.ndim === expected.length && expected.every((n, i) => n === source.shape[i]);
  if (!fits && !(x.ndim <= 1 && source.count === index.count))
    throw new ShapeError(operation, "the source doesn't fit", [
      { name: 'x', shape: x.shape },
      { name: 'index', shape: index.shape },
      { name: 'source', shape: source.shape, note: `expected [${expected.join(', ')}]` },
    ]);
  return axis;
}

export interface IndexAddOptions {
  /** The factor of what's added (default 1). */
  alpha?: number;
}

const readIndexAdd = defineOptions({ alpha: anyNumber(1) });

function alphaFor(operation: string, x: Tensor, options: IndexAddOptions | undefined): number {
  const { alpha } = readIndexAdd(operation, options);
  if (!isFloat(x.dtype)) requireWhole(operation, 'alpha', alpha);
  return alpha;
}

/**
 * x with alpha·source[…, i, …] added at x[…, index[i], …], for every i; equal indices add up.
 *
 * @shape x (A, L, B), index (n), source (A, n, B) → (A, L, B)
 */
export function indexAdd(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  options?: IndexAddOptions,
): Tensor {
  checkTensors('indexAdd', { x, index, source });
  const alpha = alphaFor('indexAdd', x, options);
  const axis = checkSource('indexAdd', x, dim, index, source);
  const list = atLeastOneAxis(x);
  const attrs = { operation: 'indexAdd', axis, wrap: false, shape: list.shape, alpha };
  return addOp([list, index, source], attrs).reshape(x.shape);
}

/** Like `indexAdd`, in place. */
export function indexAdd_(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  options?: IndexAddOptions,
): Tensor {
  checkTensors('indexAdd_', { index, source });
  const alpha = alphaFor('indexAdd_', x, options);
  const axis = checkSource('indexAdd_', x, dim, index, source);
  const write = (): void => {
    const list = atLeastOneAxis(x.detach());
    addAt(list, { operation: 'indexAdd_', axis, wrap: false, alpha }, index, source);
  };
  const compute = (): Tensor => indexAdd(x, dim, index, source, options);
  return inPlace({ name: 'indexAdd_', target: x, operands: [index, source], write, compute });
}

/** x with a source, or with one value, at the positions of an axis. */
function copyInto(
  operation: string,
  x: Tensor,
  axis: number,
  index: Tensor,
  source: Tensor | null,
  value: Tensor | null,
): Tensor {
  const list = atLeastOneAxis(x);
  const attrs = { operation, axis, wrap: false, shape: list.shape };
  return copyOp([list, index, source, value], attrs).reshape(x.shape);
}

/** Writes a source, or one value, to the positions of an axis; outside the graph. */
function copyAt(operation: string, x: Tensor, axis: number, index: Tensor, source: Tensor): void {
  const list = atLeastOneAxis(x.detach());
  const fault = outOfRange(operation, index, axis, list.shape[axis]!);
  x.engine.indexCopy(list, axis, dense(index), dense(source), false, fault);
}

/**
 * x with source[…, i, …] written to x[…, index[i], …], for every i; of equal indices, the last one wins.
 *
 * @shape x (A, L, B), index (n), source (A, n, B) → (A, L, B)
 */
export const indexCopy = exact(
  'indexCopy(x, dim, index, source)',
  (x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor => {
    checkTensors('indexCopy', { x, index, source });
    const axis = checkSource('indexCopy', x, dim, index, source);
    return copyInto('indexCopy', x, axis, index, source, null);
  },
);

/** Like `indexCopy`, in place. */
export const indexCopy_ = exact(
  'indexCopy_(x, dim, index, source)',
  (x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor => {
    checkTensors('indexCopy_', { index, source });
    const axis = checkSource('indexCopy_', x, dim, index, source);
    const write = (): void => copyAt('indexCopy_', x, axis, index, source);
    const compute = (): Tensor => indexCopy(x, dim, index, source);
    return inPlace({ name: 'indexCopy_', target: x, operands: [index, source], write, compute });
  },
);

/** The element that `indexFill` writes. */
function fillValue(operation: string, x: Tensor, value: number | Tensor): Tensor {
  if (value instanceof Tensor) {
    if (value.ndim > 0)
      throw new ArgumentError(operation, `the value has ${value.ndim} axes, but can't have any`);
    return copied(asFilling(operation, value.detach(), x.dtype)); // it may be an element of x
  }
  checkOption(operation, 'value', anyNumber(undefined), value);
  return filled([], x.dtype, x.engine, asConstant(operation, value, x.dtype));
}

/** x with `value`, a number or a tensor without axes, at the positions of an axis that `index` lists. */
export const indexFill = exact(
  'indexFill(x, dim, index, value)',
  (x: Tensor, dim: number, index: Tensor, value: number | Tensor): Tensor => {
    checkTensors('indexFill', { x, index });
    requireIndexList('indexFill', index);
    const axis = normalizeAxis('indexFill', dim, x.ndim);
    return copyInto('indexFill', x, axis, index, null, fillValue('indexFill', x, value));
  },
);

/** Like `indexFill`, in place. */
export const indexFill_ = exact(
  'indexFill_(x, dim, index, value)',
  (x: Tensor, dim: number, index: Tensor, value: number | Tensor): Tensor => {
    checkTensors('indexFill_', { index });
    requireIndexList('indexFill_', index);
    const axis = normalizeAxis('indexFill_', dim, x.ndim);
    const constant = fillValue('indexFill_', x, value);
    const write = (): void => copyAt('indexFill_', x, axis, index, constant);
    const compute = (): Tensor => indexFill(x, dim, index, constant);
    return inPlace({ name: 'indexFill_', target: x, operands: [index], write, compute });
  },
);

/**
 * The elements of the flattened tensor that `index` names, in the shape of `index`; negative indices
 * count from the end.
 */
export const take = exact('take(x, index)', (x: Tensor, index: Tensor): Tensor => {
  checkTensors('take', { x, index });
  requireIndices('take', index);
  const list = x.reshape([-1]);
  const attrs = { operation: 'take', axis: 0, wrap: true, shape: list.shape };
  return selectOp([list, index], attrs).reshape(index.shape);
});

attach({
  indexSelect,
  indexAdd,
  indexAdd_,
  indexCopy,
  indexCopy_,
  indexFill,
  indexFill_,
  take,
});
