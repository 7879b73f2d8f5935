import { checkInputs, defineOp } from '../autograd/op.js';
import { isFloat } from '../core/dtype.js';
import { isIntegerOf } from '../core/element.js';
import { ArgumentError, DTypeError, IndexError, ShapeError } from '../core/errors.js';
import { exact, named } from '../core/exact.js';
import { defineOptions, flag, nullable, whole, word } from '../core/options.js';
import { normalizeAxis } from '../core/shape.js';
import type { OutOfRange } from '../engine/fault.js';
import { checkTensors } from '../tensor/argument.js';
import { attach } from '../tensor/attach.js';
import { dense } from '../tensor/dense.js';
import { copied, filled } from '../tensor/filled.js';
import { tensorOption } from '../tensor/option.js';
import { empty, Tensor, view } from '../tensor/tensor.js';
import { atOnce, type Counted, steady, whenCounted } from './counted.js';
import { checkOperand, resultType } from './promotion.js';

export interface UniqueOptions {
  /** Whether to also return the group that each element belongs to (default false). */
  returnInverse?: boolean;
  /** Whether to also return how many elements each group has (default false). */
  returnCounts?: boolean;
  /** The axis whose slices to group; without it, elements are grouped. */
  dim?: number;
}

const readUnique = defineOptions({
  returnInverse: flag(false),
  returnCounts: flag(false),
  dim: whole(undefined),
});

export type Inverse = UniqueOptions & { returnInverse: true };
export type Counts = UniqueOptions & { returnCounts: true };

function groups(
  operation: string,
  x: Tensor,
  options: UniqueOptions | undefined,
  consecutive: boolean,
): Counted<Tensor | Tensor[]> {
  checkTensors(operation, { x });
  const { returnInverse, returnCounts, dim } = readUnique(operation, options);
  const axis = dim === undefined ? 0 : normalizeAxis(operation, dim, x.ndim);
  const list = (dim === undefined ? x.reshape([-1]) : x).detach();
  const rows = list.shape[axis]!;
  checkInputs(operation, [x]);
  const elements = steady(list);
  const forRows = (): Tensor => empty([rows], 'int32', x.engine);
  const first = forRows();
  const inverse = returnInverse ? forRows() : null;
  const counts = returnCounts ? forRows() : null;
  const ordered = dense(elements.movedim(axis, 0));
  const count = x.engine.unique(first, inverse, counts, ordered, rows, consecutive);
  const finish = (count: number): Tensor | Tensor[] => {
    const cut = (whole: Tensor): Tensor => view(whole, [count], [1]);
    const out = elements.indexSelect(axis, cut(first));
    const more: Tensor[] = [];
    if (inverse !== null) more.push(dim === undefined ? inverse.reshape(x.shape) : inverse);
    if (counts !== null) more.push(copied(cut(counts)));
    return more.length === 0 ? out : [out, ...more];
  };
  return { count, finish };
}

type Grouping = (operation: string, x: Tensor, options?: UniqueOptions) => Counted<Tensor | Tensor[]>;
const distinct: Grouping = (operation, x, options) => groups(operation, x, options, false);
const runs: Grouping = (operation, x, options) => groups(operation, x, options, true);

/**
 * The distinct elements, in ascending order. Each NaN is distinct from every other.
 *
 * @returns the elements; with options, an array of those of [elements, inverse, counts] that they request
 * @example
 * unique(tensor([3, 1, 3])); // [1, 3]
 */
export function unique(x: Tensor, options: Inverse & Counts): [Tensor, Tensor, Tensor];
export function unique(x: Tensor, options: Inverse | Counts): [Tensor, Tensor];
export function unique(x: Tensor, options?: UniqueOptions): Tensor;
export function unique(x: Tensor, options?: UniqueOptions): Tensor | Tensor[] {
  return atOnce('unique', distinct, x, options);
}

/** Async `unique`, which also works on engines whose results arrive later. */
export function uniqueAsync(x: Tensor, options: Inverse & Counts): Promise<[Tensor, Tensor, Tensor]>;
export function uniqueAsync(x: Tensor, options: Inverse | Counts): Promise<[Tensor, Tensor]>;
export function uniqueAsync(x: Tensor, options?: UniqueOptions): Promise<Tensor>;
export async function uniqueAsync(x: Tensor, options?: UniqueOptions): Promise<Tensor | Tensor[]> {
  return whenCounted('uniqueAsync', distinct, x, options);
}

/** The first element of each run of equal neighbors; returns the same as `unique`. */
export function uniqueConsecutive(x: Tensor, options: Inverse & Counts): [Tensor, Tensor, Tensor];
export function uniqueConsecutive(x: Tensor, options: Inverse | Counts): [Tensor, Tensor];
export function uniqueConsecutive(x: Tensor, options?: UniqueOptions): Tensor;
export function uniqueConsecutive(x: Tensor, options?: UniqueOptions): Tensor | Tensor[] {
  return atOnce('uniqueConsecutive', runs, x, options);
}

/** Async `uniqueConsecutive`, which also works on engines whose results arrive later. */
export function uniqueConsecutiveAsync(
  x: Tensor,
  options: Inverse & Counts,
): Promise<[Tensor, Tensor, Tensor]>;
export function uniqueConsecutiveAsync(x: Tensor, options: Inverse | Counts): Promise<[Tensor, Tensor]>;
export function uniqueConsecutiveAsync(x: Tensor, options?: UniqueOptions): Promise<Tensor>;
export async function uniqueConsecutiveAsync(x: Tensor, options?: UniqueOptions): Promise<Tensor | Tensor[]> {
  return whenCounted('uniqueConsecutiveAsync', runs, x, options);
}

const readNonzero = defineOptions({ asTuple: flag(false) });

const nonzeroOp = defineOp<[Tensor], { count: number }>({
  name: 'nonzero',
  forward(_, [x], { count }) {
    const out = empty([count, x.ndim], 'int32', x.engine);
    x.engine.nonzero(out, x);
    return out;
  },
});

function coordinates(
  operation: string,
  x: Tensor,
  options: { asTuple?: boolean } | undefined,
): Counted<Tensor | Tensor[]> {
  checkTensors(operation, { x });
  const { asTuple } = readNonzero(operation, options);
  checkInputs(operation, [x]);
  const list = dense(steady(asTuple && x.ndim === 0 ? x.reshape([1]) : x));
  const finish = (count: number): Tensor | Tensor[] => {
    const out = nonzeroOp([list], { count });
    return asTuple ? out.unbind(1) : out;
  };
  return { count: x.engine.nonzeroCount(list), finish };
}

/**
 * The coordinates of the elements other than 0, in row-major order.
 *
 * @shape x → (n, number of axes), int32; with `asTuple`, one list (n) for each axis
 */
export function nonzero(x: Tensor, options: { asTuple: true }): Tensor[];
export function nonzero(x: Tensor, options?: { asTuple?: false }): Tensor;
export function nonzero(x: Tensor, options?: { asTuple?: boolean }): Tensor | Tensor[] {
  return atOnce('nonzero', coordinates, x, options);
}

/** Async `nonzero`, which also works on engines whose results arrive later. */
export function nonzeroAsync(x: Tensor, options: { asTuple: true }): Promise<Tensor[]>;
export function nonzeroAsync(x: Tensor, options?: { asTuple?: false }): Promise<Tensor>;
export async function nonzeroAsync(x: Tensor, options?: { asTuple?: boolean }): Promise<Tensor | Tensor[]> {
  return whenCounted('nonzeroAsync', coordinates, x, options);
}

/** Another name for `nonzero`. */
export const argwhere = exact('argwhere(x)', (x: Tensor): Tensor => nonzero(x));

/** Async `argwhere`, which also works on engines whose results arrive later. */
export const argwhereAsync = exact('argwhereAsync(x)', (x: Tensor): Promise<Tensor> => nonzeroAsync(x));

export interface BincountOptions {
  /** How much each element counts (default 1). */
  weights?: Tensor | null;
  /** The result's minimum length (default 0). */
  minlength?: number;
}

const readBincount = defineOptions({
  weights: nullable(tensorOption, null),
  minlength: whole(0, { least: 0 }),
});

const bincountOp = defineOp<[Tensor, Tensor | null], { length: number }>({
  name: 'bincount',
  forward(_, [x, weights], { length }) {
    const out = empty([length], weights?.dtype ?? 'int32', x.engine);
    x.engine.bincount(out, x, weights && dense(weights));
    return out;
  },
});

/** How often each of 0 … length − 1 occurs in a list of such numbers, int32. */
export const countsOf = (numbers: Tensor, length: number): Tensor =>
  bincountOp([dense(numbers), null], { length });

function occurrences(operation: string, x: Tensor, options: BincountOptions | undefined): Counted<Tensor> {
  checkTensors(operation, { x });
  const { weights, minlength } = readBincount(operation, options);
  if (isFloat(x.dtype) || x.dtype === 'bool')
    throw new DTypeError(operation, `counts integers, got ${x.dtype}`);
  if (x.ndim !== 1) throw new ShapeError(operation, 'needs a list', [{ name: 'x', shape: x.shape }]);
  if (weights !== null && (weights.ndim !== 1 || weights.count !== x.count))
    throw new ShapeError(operation, 'needs one weight for each element', [
      { name: 'x', shape: x.shape },
      { name: 'weights', shape: weights.shape },
    ]);
  const summed = weights === null || isFloat(weights.dtype) ? weights : weights.to('float64');
  const negative: OutOfRange = (position, value) =>
    new IndexError(operation, `x[${position}] is ${value}, but only numbers that are 0 or more are counted`);
  checkInputs(operation, [x, summed]);
  const list = dense(steady(x.to('int32')));
  return {
    count: x.engine.bincountSize(list, negative),
    finish: (size) => bincountOp([list, summed], { length: Math.max(size, minlength) }),
  };
}

/**
 * How often each of 0, 1, 2, … occurs, or the sum of its weights.
 *
 * @shape (n) → (largest element + 1, at least `minlength`); int32, or the dtype of floating weights, float64 for others
 * @throws IndexError for a negative element
 */
export const bincount = (x: Tensor, options?: BincountOptions): Tensor =>
  atOnce('bincount', occurrences, x, options);

/** Async `bincount`, which also works on engines whose results arrive later. */
export const bincountAsync = async (x: Tensor, options?: BincountOptions): Promise<Tensor> =>
  whenCounted('bincountAsync', occurrences, x, options);

export interface SearchOptions {
  /** Whether to insert after equal elements instead of before them (default false). */
  right?: boolean;
}

export interface SearchsortedOptions extends SearchOptions {
  /** `right`, spelled as a side. */
  side?: 'left' | 'right';
  /** The positions that sort the sequence, if it isn't sorted (int32, in its shape). */
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
    // A number that the integer dtype can't hold is between its values.
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
      'the sequence must be a list, or match the values in all axes but the last',
      [
        { name: 'sequence', shape: sequence.shape },
        { name: 'values', shape: values.shape },
      ],
    );
  return searchOp([sequence, values], { right });
}

/**
 * The position where each value would go in an ascending sequence to keep it in order.
 *
 * @param sequence a list, or rows for the rows of `values`
 * @returns int32, in the shape of `values`
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

/** The index of the interval between ascending boundaries that each element is in. @returns int32 */
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
  /** Accepted for compatibility with PyTorch, without effect (default false). */
  readonly assumeUnique?: boolean;
  /** Whether to return which elements aren't among them (default false). */
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
 * Whether each element is among `testElements`. NaN never is.
 *
 * @returns bool, in the shape of the elements
 */
export const isin = named(
  'isin',
  (elements: Tensor | number, testElements: Tensor | number, options?: IsinOptions): Tensor => {
    const { invert } = readIsin('isin', options);
    const like = elements instanceof Tensor ? elements : testElements;
    if (!(like instanceof Tensor)) throw new ArgumentError('isin', 'needs a tensor, but both are numbers');
    const dtype = resultType(elements, testElements);
    const asTensor = (x: Tensor | number): Tensor =>
      x instanceof Tensor ? x.detach().to(dtype) : filled([], dtype, like.engine, x);
    return isinOp([asTensor(elements), asTensor(testElements)], { invert });
  },
);

attach({
  unique,
  uniqueAsync,
  uniqueConsecutive,
  uniqueConsecutiveAsync,
  nonzero,
  nonzeroAsync,
  argwhere,
  argwhereAsync,
  bincount,
  bincountAsync,
  isin,
});
