import { defineMultiOp, defineOp } from '../autograd/op.js';
import { isFloat } from '../core/dtype.js';
import { isIntegerOf } from '../core/element.js';
import { ArgumentError, DTypeError, IndexError, ShapeError } from '../core/errors.js';
import { exact, named } from '../core/exact.js';
import { defineOptions, flag, nullable, whole, word } from '../core/options.js';
import { normalizeAxis } from '../core/shape.js';
import { checkTensors } from '../tensor/argument.js';
import { attach } from '../tensor/attach.js';
import { dense } from '../tensor/dense.js';
import { copied, filled } from '../tensor/filled.js';
import { tensorOption } from '../tensor/option.js';
import { empty, Tensor, view } from '../tensor/tensor.js';
import { checkOperand, resultType } from './promotion.js';

export interface UniqueOptions {
  /** Also the group that each element belongs to (default false). */
  returnInverse?: boolean;
  /** Also how many elements each group has (default false). */
  returnCounts?: boolean;
  /** Group the slices along an axis; without it, the elements. */
  dim?: number;
}

const readUnique = defineOptions({
  returnInverse: flag(false),
  returnCounts: flag(false),
  dim: whole(undefined),
});

export type Inverse = UniqueOptions & { returnInverse: true };
export type Counts = UniqueOptions & { returnCounts: true };

interface Grouping {
  readonly rows: number;
  readonly consecutive: boolean;
  readonly returnInverse: boolean;
  readonly returnCounts: boolean;
}

/** Each group's first row and, where wanted, each row's group, each group's size. */
const groupOp = defineMultiOp<[Tensor], Grouping>({
  name: 'unique',
  forward(_, [x], { rows, consecutive, returnInverse, returnCounts }) {
    const list = (): Tensor => empty([rows], 'int32', x.engine);
    const first = list();
    const inverse = returnInverse ? list() : null;
    const counts = returnCounts ? list() : null;
    const count = x.engine.unique(first, inverse, counts, dense(x), rows, consecutive);
    const cut = (whole: Tensor): Tensor => view(whole, [count], [1]);
    return [cut(first), ...(inverse ? [inverse] : []), ...(counts ? [copied(cut(counts))] : [])];
  },
});

function groups(
  operation: string,
  x: Tensor,
  options: UniqueOptions | undefined,
  consecutive: boolean,
): Tensor | Tensor[] {
  const { returnInverse, returnCounts, dim } = readUnique(operation, options);
  const axis = dim === undefined ? 0 : normalizeAxis(operation, dim, x.ndim);
  const list = (dim === undefined ? x.reshape([-1]) : x).detach();
  const rows = list.shape[axis]!;
  const [first, ...more] = groupOp([list.movedim(axis, 0)], {
    rows,
    consecutive,
    returnInverse,
    returnCounts,
  }) as [Tensor, ...Tensor[]];
  const out = list.indexSelect(axis, first);
  if (more.length === 0) return out;
  if (returnInverse && dim === undefined) more[0] = more[0]!.reshape(x.shape);
  return [out, ...more];
}

/**
 * The different elements, in ascending order. Each NaN is different from every other.
 *
 * @returns the elements; with options an array of [elements, inverse, counts], what was asked for
 * @example
 * unique(tensor([3, 1, 3])); // [1, 3]
 */
export function unique(x: Tensor, options: Inverse & Counts): [Tensor, Tensor, Tensor];
export function unique(x: Tensor, options: Inverse | Counts): [Tensor, Tensor];
export function unique(x: Tensor, options?: UniqueOptions): Tensor;
export function unique(x: Tensor, options?: UniqueOptions): Tensor | Tensor[] {
  checkTensors('unique', { x });
  return groups('unique', x, options, false);
}

/** The first element of each run of equal neighbors; results as those of `unique`. */
export function uniqueConsecutive(x: Tensor, options: Inverse & Counts): [Tensor, Tensor, Tensor];
export function uniqueConsecutive(x: Tensor, options: Inverse | Counts): [Tensor, Tensor];
export function uniqueConsecutive(x: Tensor, options?: UniqueOptions): Tensor;
export function uniqueConsecutive(x: Tensor, options?: UniqueOptions): Tensor | Tensor[] {
  checkTensors('uniqueConsecutive', { x });
  return groups('uniqueConsecutive', x, options, true);
}

const readNonzero = defineOptions({ asTuple: flag(false) });

const nonzeroOp = defineOp<[Tensor]>({
  name: 'nonzero',
  forward(_, [x]) {
    const list = dense(x);
    const out = empty([x.engine.nonzeroCount(list), x.ndim], 'int32', x.engine);
    x.engine.nonzero(out, list);
    return out;
  },
});

/**
 * The coordinates of the elements other than 0, in row-major order.
 *
 * @shape x → (n, number of axes), int32; with `asTuple` one list (n) for each axis
 */
export function nonzero(x: Tensor, options: { asTuple: true }): Tensor[];
export function nonzero(x: Tensor, options?: { asTuple?: false }): Tensor;
export function nonzero(x: Tensor, options?: { asTuple?: boolean }): Tensor | Tensor[] {
  checkTensors('nonzero', { x });
  const { asTuple } = readNonzero('nonzero', options);
  if (!asTuple) return nonzeroOp([x]);
  return nonzeroOp([x.ndim === 0 ? x.reshape([1]) : x]).unbind(1);
}

/** Another name of `nonzero`. */
export const argwhere = exact('argwhere(x)', (x: Tensor): Tensor => nonzero(x));

export interface BincountOptions {
  /** What each element counts for (default 1). */
  weights?: Tensor | null;
  /** Least length of the result (default 0). */
  minlength?: number;
}

const readBincount = defineOptions({
  weights: nullable(tensorOption, null),
  minlength: whole(0, { least: 0 }),
});

const bincountOp = defineOp<[Tensor, Tensor | null], { minlength: number }>({
  name: 'bincount',
  forward(_, [x, weights], { minlength }) {
    const list = dense(x);
    const size = x.engine.bincountSize(list);
    if (size < 0)
      throw new IndexError(
        'bincount',
        `x[${-1 - size}] is ${list.dataSync()[-1 - size]}, only numbers from 0 are counted`,
      );
    const out = empty([Math.max(size, minlength)], weights?.dtype ?? 'int32', x.engine);
    x.engine.bincount(out, list, weights && dense(weights));
    return out;
  },
});

/**
 * How often each of 0, 1, 2, … occurs, or the sum of the weights where it does.
 *
 * @shape (n) → (largest element + 1, at least `minlength`); int32, or the dtype of floating weights, float64 for others
 * @throws IndexError for a negative element
 */
export function bincount(x: Tensor, options?: BincountOptions): Tensor {
  checkTensors('bincount', { x });
  const { weights, minlength } = readBincount('bincount', options);
  if (isFloat(x.dtype) || x.dtype === 'bool')
    throw new DTypeError('bincount', `counts integers, got ${x.dtype}`);
  if (x.ndim !== 1) throw new ShapeError('bincount', 'needs a list', [{ name: 'x', shape: x.shape }]);
  if (weights !== null && (weights.ndim !== 1 || weights.count !== x.count))
    throw new ShapeError('bincount', 'needs one weight for each element', [
      { name: 'x', shape: x.shape },
      { name: 'weights', shape: weights.shape },
    ]);
  const summed = weights === null || isFloat(weights.dtype) ? weights : weights.to('float64');
  return bincountOp([x.to('int32'), summed], { minlength });
}

export interface SearchOptions {
  /** Behind equal elements instead of before them (default false). */
  right?: boolean;
}

export interface SearchsortedOptions extends SearchOptions {
  /** `right` in other words. */
  side?: 'left' | 'right';
  /** Positions that put the sequence in order, if it is not (int32, of its shape). */
  sorter?: Tensor;
}

const readBucketize = defineOptions({ right: flag(false) });
const readSearchsorted = defineOptions({
  right: flag(undefined),
  side: word(['left', 'right'], undefined),
  sorter: tensorOption,
});

const searchOp = defineOp<[Tensor, Tensor], { right: boolean }>({
  name: 'searchsorted',
  forward(_, [sequence, values], { right }) {
    const out = empty(values.shape, 'int32', values.engine);
    if (values.count > 0) values.engine.searchsorted(out, dense(sequence), dense(values), right);
    return out;
  },
});

function search(operation: string, sequence: Tensor, values: Tensor | number, right: boolean): Tensor {
  checkOperand(operation, 'the value', values);
  if (typeof values !== 'object') {
    const number = Number(values);
    // A number that the integers don't hold lies between them.
    const held = isFloat(sequence.dtype) || isIntegerOf(number, sequence.dtype);
    const among = held ? sequence : sequence.to('float64');
    return search(operation, among, filled([1], among.dtype, among.engine, number), right).reshape([]);
  }
  if (sequence.dtype !== values.dtype)
    throw new DTypeError(operation, `the sequence is ${sequence.dtype}, the values are ${values.dtype}`);
  const rows = sequence.shape.slice(0, -1);
  const fits =
    sequence.ndim === 1 || (values.ndim === sequence.ndim && rows.every((n, i) => n === values.shape[i]));
  if (!fits)
    throw new ShapeError(
      operation,
      'the sequence must be a list, or agree with the values in all axes but the last',
      [
        { name: 'sequence', shape: sequence.shape },
        { name: 'values', shape: values.shape },
      ],
    );
  return searchOp([sequence, values], { right });
}

/**
 * Where each value would go into an ascending sequence, so that it stays in order.
 *
 * @param sequence a list, or rows for the rows of `values`
 * @returns int32, of the shape of `values`
 */
export const searchsorted = named(
  'searchsorted',
  (sequence: Tensor, values: Tensor | number, options?: SearchsortedOptions): Tensor => {
    checkTensors('searchsorted', { sequence });
    const { right, side, sorter } = readSearchsorted('searchsorted', options);
    if (side !== undefined && right === true && side === 'left')
      throw new ArgumentError('searchsorted', "side 'left' contradicts right: true");
    const ordered = sorter ? sequence.takeAlongDim(sorter, -1) : sequence;
    return search('searchsorted', ordered, values, right ?? side === 'right');
  },
);

/** The number of the interval between ascending boundaries that each element falls into. @returns int32 */
export const bucketize = named(
  'bucketize',
  (x: Tensor | number, boundaries: Tensor, options?: SearchOptions): Tensor => {
    checkTensors('bucketize', { boundaries });
    const { right } = readBucketize('bucketize', options);
    if (boundaries.ndim !== 1)
      throw new ShapeError('bucketize', 'the boundaries must be a list', [
        { name: 'boundaries', shape: boundaries.shape },
      ]);
    return search('bucketize', boundaries, x, right);
  },
);

export interface IsinOptions {
  /** Accepted for PyTorch's sake: it saves nothing here (default false). */
  readonly assumeUnique?: boolean;
  /** Whether to tell which elements are not among them (default false). */
  readonly invert?: boolean;
}

const isinOp = defineOp<[Tensor, Tensor], { invert: boolean }>({
  name: 'isin',
  forward(_, [x, set], { invert }) {
    const out = empty(x.shape, 'bool', x.engine);
    x.engine.isin(out, dense(x), dense(set), invert);
    return out;
  },
});

const readIsin = defineOptions({ assumeUnique: flag(false), invert: flag(false) });

/**
 * Whether each element is among `testElements`. NaN is among nothing.
 *
 * @returns bool, of the shape of the elements
 */
export const isin = named(
  'isin',
  (elements: Tensor | number, testElements: Tensor | number, options?: IsinOptions): Tensor => {
    const { invert } = readIsin('isin', options);
    const like = elements instanceof Tensor ? elements : testElements;
    if (!(like instanceof Tensor)) throw new ArgumentError('isin', 'needs a tensor, both are numbers');
    const dtype = resultType(elements, testElements);
    const asTensor = (x: Tensor | number): Tensor =>
      x instanceof Tensor ? x.detach().to(dtype) : filled([], dtype, like.engine, x);
    return isinOp([asTensor(elements), asTensor(testElements)], { invert });
  },
);

attach({ unique, uniqueConsecutive, nonzero, argwhere, bincount, isin });
