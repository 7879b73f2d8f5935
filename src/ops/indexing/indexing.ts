import { inPlace } from '../../autograd/inplace.js';
import { requireList } from '../../core/arguments.js';
import { describe } from '../../core/describe.js';
import { asConstant } from '../../core/element.js';
import { ArgumentError, DTypeError, formatShape, IndexError, ShapeError } from '../../core/errors.js';
import { exact, named } from '../../core/exact.js';
import {
  type Geometry,
  newAxisGeometry,
  permuteGeometry,
  rangeGeometry,
  selectGeometry,
  windowOf,
} from '../../core/geometry.js';
import { checkOption, defineOptions, flag, whole } from '../../core/options.js';
import { broadcastShapes, type Shape, sizeOf } from '../../core/shape.js';
import { normalizeIndex, resolveRange } from '../../core/views.js';
import type { Engine } from '../../engine/engine.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { filled } from '../../tensor/filled.js';
import { int32Tensor } from '../../tensor/list.js';
import { Tensor, view } from '../../tensor/tensor.js';
import { asFilling } from '../cast.js';
import { afterwards, requireNow } from '../counted.js';
import { checkOperand } from '../promotion.js';
import { cut, overwritten } from '../shape/cut.js';
import { pickAt, writeAt, writtenAt } from './index-many.js';

/** A range of positions; made by `slice`. */
export class Slice {
  constructor(
    readonly start: number | null,
    readonly end: number | null,
    readonly step: number,
  ) {}
}

/** The positions `start`, `start + step`, … before `end`; null leaves an end open, and negative numbers count from the end. */
export const slice = exact(
  'slice(start, end, step)',
  (start: number | null = null, end: number | null = null, step = 1): Slice => new Slice(start, end, step),
);

/**
 * What goes between the brackets of `x[…]` in Python: a position, a range, a new axis (null), as many whole
 * axes as there's room for ('...'), positions (a list or an int32 tensor), or a mask (a bool tensor).
 */
export type Index = number | Slice | null | '...' | readonly number[] | readonly boolean[] | Tensor;

/** What indices amount to: a window of the tensor, and tensors that index the window's axes. */
interface Plan {
  readonly geometry: Geometry;
  /** The window's shape. */
  readonly shape: Shape;
  readonly tensors: readonly { readonly axis: number; readonly index: Tensor }[];
}

/** What a mask selects: positions along each axis that it covers, or along a new one of length 1 if it covers none. */
class Coordinates {
  constructor(
    /** The shape of the mask. */
    readonly shape: Shape,
    readonly lists: readonly Tensor[],
  ) {}
}

/** An index whose elements are known as far as the plan needs them. */
type Resolved = Index | Coordinates;

/** The number of the tensor's axes that an index uses up. */
function axesUsed(index: Resolved): number {
  if (index === null || index === '...') return 0;
  if (index instanceof Coordinates || (index instanceof Tensor && index.dtype === 'bool'))
    return index.shape.length;
  return 1;
}

function checkMask(operation: string, mask: Shape, shape: Shape, axis: number): void {
  const covered = shape.slice(axis, axis + mask.length);
  if (mask.some((n, i) => n !== covered[i]))
    throw new IndexError(
      operation,
      `a mask of shape ${formatShape(mask)} doesn't fit axes ${axis} to ${axis + mask.length - 1}, which are ${formatShape(covered)}`,
    );
}

/** The coordinates of a mask without axes. */
const alone = (set: number, engine: Engine): Coordinates =>
  new Coordinates([], [int32Tensor(set ? [0] : [], engine)]);

const isMask = (index: Tensor): boolean => index.dtype === 'bool';

/** What the plan needs of an index's elements. @throws EngineError if they arrive later */
function resolve(operation: string, index: Resolved): Resolved {
  if (!(index instanceof Tensor) || !(isMask(index) || (index.ndim === 0 && index.dtype === 'int32')))
    return index;
  requireNow(operation, index);
  if (!isMask(index)) return index.itemSync();
  return index.ndim === 0
    ? alone(index.itemSync(), index.engine)
    : new Coordinates(index.shape, index.nonzero().unbind(1));
}

/** Like `resolve`, for every engine. */
async function resolveLater(index: Index): Promise<Resolved> {
  if (!(index instanceof Tensor) || !(isMask(index) || (index.ndim === 0 && index.dtype === 'int32')))
    return index;
  if (!isMask(index)) return index.item();
  return index.ndim === 0
    ? alone(await index.item(), index.engine)
    : new Coordinates(index.shape, await index.nonzeroAsync({ asTuple: true }));
}

const position = whole(undefined, { least: -(2 ** 31), most: 2 ** 31 - 1 });

/** A list among the indices: positions, or a mask of true and false. @throws ArgumentError for anything else */
function listIndex(operation: string, list: readonly unknown[], engine: Engine): Tensor | Coordinates {
  if (list.length > 0 && list.every((item) => typeof item === 'boolean')) {
    const positions = [...list.keys()].filter((i) => list[i]);
    return new Coordinates([list.length], [int32Tensor(positions, engine)]);
  }
  for (const item of list) checkOption(operation, 'a position in a list', position, item);
  return int32Tensor(list as readonly number[], engine);
}

function plan(operation: string, x: Tensor, indices: readonly Resolved[]): Plan {
  requireList(operation, 'indices', indices);
  const used = indices.reduce<number>((n, index) => n + axesUsed(index), 0);
  if (used > x.ndim)
    throw new IndexError(
      operation,
      `${used} indices for a tensor of ${x.ndim} axes, ${formatShape(x.shape)}`,
    );
  if (indices.filter((index) => index === '...').length > 1)
    throw new IndexError(operation, "'...' may appear only once, or its number of axes is ambiguous");

  const steps: Geometry[number][] = [];
  const tensors: { axis: number; index: Tensor }[] = [];
  let shape = x.shape;
  let axis = 0;
  const apply = (geometry: Geometry): void => {
    steps.push(...geometry);
    shape = windowOf(geometry, shape, shape).shape;
  };
  for (const item of indices) {
    const index = Array.isArray(item)
      ? listIndex(operation, item as readonly unknown[], x.engine)
      : (resolve(operation, item) as Exclude<Resolved, readonly unknown[]>);
    if (index === '...') axis += x.ndim - used;
    else if (index === null) apply(newAxisGeometry(axis++));
    else if (typeof index === 'number')
      apply(selectGeometry(axis, normalizeIndex(operation, index, axis, shape[axis]!)));
    else if (index instanceof Slice) {
      const { first, count } = resolveRange(operation, shape[axis]!, index.start, index.end, index.step);
      apply(rangeGeometry(axis++, first, count, index.step));
    } else if (index instanceof Coordinates) {
      if (index.shape.length === 0) apply(newAxisGeometry(axis));
      else checkMask(operation, index.shape, shape, axis);
      for (const list of index.lists) tensors.push({ axis: axis++, index: list });
    } else if (!(index instanceof Tensor))
      throw new ArgumentError(
        operation,
        `an index must be a number, slice(), null, '...', a list, or a tensor, got ${describe(index)}`,
      );
    else if (index.dtype !== 'int32')
      throw new DTypeError(operation, `an index tensor must be int32 or bool, got ${index.dtype}`);
    else tensors.push({ axis: axis++, index });
  }
  return { geometry: steps, shape, tensors };
}

/** Index tensors broadcast to one shape, and the order of axes that makes the indexed ones neighbors. */
interface Advanced {
  readonly indices: readonly Tensor[];
  /** The shape that the index tensors broadcast to. */
  readonly positions: Shape;
  readonly order: readonly number[];
  /** The first indexed axis, after the reordering. */
  readonly axis: number;
}

function advanced(operation: string, { shape, tensors }: Plan): Advanced {
  const positions = broadcastShapes(operation, ...tensors.map(({ index }) => index.shape));
  const axes = tensors.map(({ axis }) => axis);
  const adjacent = axes.every((axis, i) => axis === axes[0]! + i);
  const others = shape.map((_, i) => i).filter((i) => !axes.includes(i));
  return {
    indices: tensors.map(({ index }) => index.expand(positions).reshape([-1])),
    positions,
    order: adjacent ? shape.map((_, i) => i) : [...axes, ...others],
    axis: adjacent ? axes[0]! : 0,
  };
}

/**
 * Indexing, like `x[…]` in Python: `x.at(0, slice(1, -1), null, '...', mask)`.
 *
 * Numbers, ranges, null, and '...' make a view. Lists and tensors pick positions and make a copy: several broadcast
 * to one shape, which replaces the axes that they index, or comes first if those aren't neighbors.
 *
 * @throws IndexError for too many indices, an index out of range, or a mask that doesn't fit
 * @differs the step of a range is at least 1, as in PyTorch and unlike NumPy
 * @example
 * const x = arange(12).reshape([3, 4]);
 * x.at(-1); // [8, 9, 10, 11]
 * x.at('...', slice(0, 2)).shape; // [3, 2]
 * x.at([0, 2], [1, 3]); // [1, 11]
 */
export function at(x: Tensor, ...indices: Index[]): Tensor {
  const mask = wholeMask('at', x, indices);
  if (mask === null) return pick('at', x, indices);
  requireNow('at', mask);
  return x.maskedSelect(mask);
}

/** Async `at`, which also works on engines whose results arrive later. */
export const atAsync = named('atAsync', async (x: Tensor, ...indices: Index[]): Promise<Tensor> => {
  checkTensors('atAsync', { x });
  const mask = wholeMask('atAsync', x, indices);
  if (mask !== null) return x.maskedSelectAsync(mask);
  return afterwards(Promise.all(indices.map(resolveLater)), (known) => pick('atAsync', x, known));
});

/** The mask for all elements, if it's the only index. @throws IndexError if it doesn't fit */
function wholeMask(operation: string, x: Tensor, [only, ...others]: readonly Index[]): Tensor | null {
  if (!(only instanceof Tensor && isMask(only) && only.ndim === x.ndim && x.ndim > 0)) return null;
  if (others.length > 0) return null;
  if (only.shape.some((n, i) => n !== x.shape[i]))
    throw new IndexError(
      operation,
      `a mask of shape ${formatShape(only.shape)} doesn't fit a tensor of shape ${formatShape(x.shape)}`,
    );
  return only;
}

function pick(operation: string, x: Tensor, indices: readonly Resolved[]): Tensor {
  const planned = plan(operation, x, indices);
  const window = cut(x, planned.geometry);
  if (planned.tensors.length === 0) return window;
  const { indices: lists, positions, order, axis } = advanced(operation, planned);
  const picked = pickAt(window.permute(order), axis, lists); // (…, positions, …)
  return picked.reshape(picked.shape.toSpliced(axis, 1, ...positions));
}

/** `value` in the shape that it's written to; superfluous leading axes of length 1 are dropped. */
function fitValue(operation: string, value: Tensor, shape: Shape, x: Tensor): Tensor {
  let source = value;
  while (source.ndim > shape.length && source.shape[0] === 1) source = source.select(0, 0);
  const added = shape.length - source.ndim;
  if (added < 0 || source.shape.some((n, i) => n !== 1 && n !== shape[i + added]))
    throw new ShapeError(operation, "the value doesn't fit where it should go", [
      { name: 'x', shape: x.shape },
      { name: 'place', shape },
      { name: 'value', shape: value.shape },
    ]);
  const fitting = source.ndim === 0 ? asFilling(operation, source, x.dtype) : source.to(x.dtype);
  return fitting.expand(shape);
}

export interface SetAtOptions {
  /** Whether to add to what's there, repeatedly for equal positions, instead of replacing it (default false). */
  accumulate?: boolean;
}

const readSetAt = defineOptions({ accumulate: flag(false) });

/**
 * Writes to the part of `x` that `at(…indices)` would read, in place: `x[…] = value` in Python.
 *
 * @param value a number, or a tensor that broadcasts to that part
 * @throws ShapeError if the value doesn't broadcast, IndexError as in `at`
 * @example
 * x.setAt([slice(null, 2), 0], 1);
 */
export const setAt = (
  x: Tensor,
  indices: readonly Index[],
  value: number | Tensor,
  options?: SetAtOptions,
): Tensor => write('setAt', x, indices, value, options);

/** Async `setAt`, which also works on engines whose results arrive later. */
export const setAtAsync = named(
  'setAtAsync',
  async (
    x: Tensor,
    indices: readonly Index[],
    value: number | Tensor,
    options?: SetAtOptions,
  ): Promise<Tensor> => {
    checkTensors('setAtAsync', { x });
    requireList('setAtAsync', 'indices', indices);
    return afterwards(Promise.all(indices.map(resolveLater)), (known) =>
      write('setAtAsync', x, known, value, options),
    );
  },
);

function write(
  operation: string,
  x: Tensor,
  indices: readonly Resolved[],
  value: number | Tensor,
  options: SetAtOptions | undefined,
): Tensor {
  const { accumulate } = readSetAt(operation, options);
  const planned = plan(operation, x, indices);
  const { geometry } = planned;
  checkOperand(operation, 'value', value);
  const given =
    value instanceof Tensor ? value : filled([], x.dtype, x.engine, asConstant(operation, value, x.dtype));
  const window = windowOf(geometry, x.shape, x.strides);
  const target = view(x, window.shape, window.strides, x.offset + window.offset);
  if (planned.tensors.length === 0) {
    const source = fitValue(operation, given, window.shape, x);
    const sum = (): Tensor => (accumulate ? cut(x, geometry).add(source) : source);
    const write = (): void => x.engine.copy(target, accumulate ? target.add(source) : source);
    return inPlace({
      name: operation,
      target: x,
      written: target,
      operands: [source],
      sharing: 'same',
      write,
      compute: () => overwritten(x, geometry, sum()),
    });
  }

  const { indices: lists, positions, order, axis } = advanced(operation, planned);
  const ordered = target.permute(order);
  const place = ordered.shape.toSpliced(axis, lists.length, ...positions);
  const source = fitValue(operation, given, place, x).reshape(
    place.toSpliced(axis, positions.length, sizeOf(positions)), // (…, positions, …)
  );
  return inPlace({
    name: operation,
    target: x,
    written: target,
    operands: [given, ...lists],
    write: () => writeAt(ordered, source, lists, { operation, axis, shape: ordered.shape, accumulate }),
    compute: () => writtenAt(x, [...geometry, ...permuteGeometry(order)], axis, lists, source, accumulate),
  });
}

/** A copy of `x` with values written or added at positions: `setAt`, but makes a new tensor. */
export const indexPut = named(
  'indexPut',
  (x: Tensor, indices: readonly Index[], values: number | Tensor, options?: SetAtOptions): Tensor => {
    checkTensors('indexPut', { x });
    return setAt(x.clone(), indices, values, options);
  },
);

/** Async `indexPut`, which also works on engines whose results arrive later. */
export const indexPutAsync = named(
  'indexPutAsync',
  async (
    x: Tensor,
    indices: readonly Index[],
    values: number | Tensor,
    options?: SetAtOptions,
  ): Promise<Tensor> => {
    checkTensors('indexPutAsync', { x });
    return setAtAsync(x.clone(), indices, values, options);
  },
);

/** Like `indexPut`, in place: another name for `setAt`. */
export const indexPut_ = named('indexPut_', setAt);

/** Like `indexPutAsync`, in place: another name for `setAtAsync`. */
export const indexPutAsync_ = named('indexPutAsync_', setAtAsync);

attach({ at, atAsync, setAt, setAtAsync, indexPut, indexPutAsync, indexPut_, indexPutAsync_ });
