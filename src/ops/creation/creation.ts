import { describe, isPlainObject, plural, slip } from '../../core/describe.js';
import { bytesPerElement, category, type DType, isFloat, type TypedArray } from '../../core/dtype.js';
import { asConstant, asElement } from '../../core/element.js';
import { ArgumentError, DTypeError, EngineError, ShapeError } from '../../core/errors.js';
import {
  anyNumber,
  checkOption,
  defineOptions,
  dtype as dtypeOption,
  either,
  flag,
} from '../../core/options.js';
import { newSize, type Shape, shapeProblem, sizeOf } from '../../core/shape.js';
import { currentEngine } from '../../engine/registry.js';
import { checkTensors } from '../../tensor/argument.js';
import { remember } from '../../tensor/inspect.js';
import { empty as allocate, emptyLike as allocateLike, Tensor, view } from '../../tensor/tensor.js';

/** Options of every function that makes a tensor. */
export interface CreationOptions {
  /** Default float32, unless the function says otherwise. */
  readonly dtype?: DType;
  /** Whether the tensor collects gradients (default false). */
  readonly requiresGrad?: boolean;
}

/** Numbers or booleans, nested up to 64 levels deep; all rows of an axis have the same length. */
export type NestedNumbers = number | boolean | readonly NestedNumbers[];

/** Arrays that `tensor` takes with a shape. */
export type NumberArray =
  | TypedArray
  | Int8Array
  | Int16Array
  | Uint16Array
  | Uint32Array
  | Uint8ClampedArray
  | BigInt64Array
  | BigUint64Array;

/** @throws ShapeError unless `shape` is an array of whole numbers, 0 or more */
export function checkShape(operation: string, shape: Shape): Shape {
  if (!Array.isArray(shape))
    throw new ShapeError(operation, `a shape must be an array such as [2, 3], got ${describe(shape)}`);
  for (const n of shape)
    if (!Number.isInteger(n) || n < 0)
      throw new ShapeError(operation, `a shape must have whole numbers, 0 or more, not ${describe(n)}`, [
        { name: 'shape', shape },
      ]);
  return shape.slice();
}

/** A new tensor of a checked shape, with undefined content. */
function make(operation: string, shape: Shape, dtype: DType): Tensor {
  const checked = checkShape(operation, shape);
  return EngineError.naming(operation, () => allocate(checked, dtype, currentEngine()));
}

/** `x`, with undefined content that users see: booleans must still be 0 or 1, because kernels rely on it. */
function presentable(x: Tensor): Tensor {
  if (x.dtype === 'bool') x.engine.fill(x, 0);
  return x;
}

export const creationOptions = { dtype: dtypeOption(undefined), requiresGrad: flag(false) };
export const readCreation = defineOptions(creationOptions);

export const finish = (x: Tensor, requiresGrad: boolean): Tensor => (requiresGrad ? x.requiresGrad_() : x);

/** The value of an element. */
const element = either(anyNumber(undefined), flag(undefined));

function filled(
  operation: string,
  shape: Shape,
  value: number,
  usual: DType,
  options: CreationOptions | undefined,
): Tensor {
  const checked = checkShape(operation, shape);
  const { dtype = usual, requiresGrad } = readCreation(operation, options);
  const element = asConstant(operation, value, dtype);
  const x = make(operation, checked, dtype);
  x.engine.fill(x, element);
  return finish(x, requiresGrad);
}

/** Writes `elements` into a new tensor, converted to its dtype. */
function fromNumbers(
  operation: string,
  elements: ArrayLike<number>,
  shape: Shape,
  usual: DType,
  options: CreationOptions | undefined,
): Tensor {
  const { dtype = usual, requiresGrad } = readCreation(operation, options);
  const typed = convert(operation, elements, dtype);
  const x = make(operation, shape, dtype);
  x.engine.write(x.storage, 0, new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength));
  remember(x, typed);
  return finish(x, requiresGrad);
}

/** Numbers by their position i: first + i·step for i < half, last − (n − 1 − i)·step after that. */
interface Ramp {
  readonly n: number;
  readonly first: number;
  readonly step: number;
  readonly last: number;
  readonly half: number;
}

/** Integers are truncated toward zero. @throws DTypeError if the dtype can't hold all the numbers */
function ramp(operation: string, { n, first, step, last, half }: Ramp, dtype: DType): Tensor {
  const x = make(operation, [n], dtype);
  if (n > 0 && !isFloat(dtype)) {
    asElement(operation, first, dtype);
    asElement(operation, half < n ? last : first + (n - 1) * step, dtype);
  }
  if (
    isFloat(dtype) ||
    (dtype === 'int32' && half === n && Number.isInteger(first) && Number.isInteger(step))
  ) {
    x.engine.ramp(x, first, step, last, half);
    return x;
  }
  const exact = make(operation, [n], 'float64');
  exact.engine.ramp(exact, first, step, last, half);
  x.engine.copy(x, exact);
  return x;
}

function convert(operation: string, elements: ArrayLike<number>, dtype: DType): TypedArray {
  if (dtype === 'float32') return elements instanceof Float32Array ? elements : Float32Array.from(elements);
  if (dtype === 'float64') return elements instanceof Float64Array ? elements : Float64Array.from(elements);
  if (dtype === 'int32' && elements instanceof Int32Array) return elements;
  if (dtype === 'uint8' && elements instanceof Uint8Array) return elements;
  const typed = dtype === 'int32' ? new Int32Array(elements.length) : new Uint8Array(elements.length);
  for (let i = 0; i < typed.length; i++) {
    const x = elements[i]!;
    typed[i] = x;
    if (typed[i] !== x || dtype === 'bool') typed[i] = asElement(operation, x, dtype);
  }
  return typed;
}

/** The dtype that holds an array's elements. */
function dtypeOfArray(data: NumberArray): DType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  return data instanceof Uint8Array || data instanceof Uint8ClampedArray ? 'uint8' : 'int32';
}

const toNumbers = (data: NumberArray): ArrayLike<number> =>
  data instanceof BigInt64Array || data instanceof BigUint64Array
    ? Float64Array.from(data as ArrayLike<bigint>, Number)
    : data;

function notAnElement(value: unknown): ArgumentError {
  const hint =
    value instanceof Tensor ? '\n  hint: clone() copies a tensor, stack() joins several' : slip(value);
  return new ArgumentError('tensor', `takes numbers and booleans, got ${describe(value)}${hint}`);
}

/** How deeply arrays may be nested. */
const mostNested = 64;

/** Walks nested arrays in row-major order; the first elements of each axis give the shape. */
function flatten(data: NestedNumbers): { shape: number[]; elements: number[]; dtype: DType } {
  const shape: number[] = [];
  for (let part = data; Array.isArray(part); part = part[0]!) {
    if (shape.length === mostNested)
      throw new ArgumentError(
        'tensor',
        `takes arrays nested up to ${mostNested} deep\n  hint: look for an array that contains itself`,
      );
    shape.push(part.length);
    if (part.length === 0) break;
  }
  // One array may appear in many places, so a small one in memory may have endlessly many elements.
  if (Number.isNaN(newSize(shape))) throw new EngineError('tensor', shapeProblem(shape));
  const elements: number[] = [];
  let onlyBooleans = true;
  const walk = (part: NestedNumbers, axis: number): void => {
    if (Array.isArray(part)) {
      if (part.length !== shape[axis])
        throw new ShapeError(
          'tensor',
          axis < shape.length
            ? `an array of axis ${axis} has ${plural(part.length, 'element')}, the first has ${shape[axis]}`
            : `an element at depth ${axis} is an array, the first is a number`,
        );
      for (const inner of part) walk(inner, axis + 1);
      return;
    }
    if (axis !== shape.length)
      throw new ShapeError('tensor', `an element at depth ${axis} is a number, the first is an array`);
    if (typeof part === 'number') onlyBooleans = false;
    else if (typeof part !== 'boolean') throw notAnElement(part);
    elements.push(Number(part));
  };
  walk(data, 0);
  return { shape, elements, dtype: onlyBooleans && elements.length > 0 ? 'bool' : 'float32' };
}

/**
 * A tensor of the given elements: nested arrays, or an array with a shape.
 *
 * @param options.dtype default: that of a typed array (wider integers become int32), bool for
 *   booleans, otherwise float32
 * @throws ShapeError if rows differ in length, or the shape has a different number of elements
 * @throws DTypeError for a number that an integer dtype can't hold
 * @differs whole numbers make a float32 tensor, too: JavaScript can't tell 1 from 1.0
 * @example
 * tensor([[1, 2], [3, 4]]);
 * tensor(new Int32Array([1, 2, 3, 4]), [2, 2]);
 */
export function tensor(data: NestedNumbers | NumberArray, options?: CreationOptions): Tensor;
export function tensor(
  data: readonly number[] | NumberArray,
  shape: Shape,
  options?: CreationOptions,
): Tensor;
export function tensor(
  data: NestedNumbers | NumberArray,
  shapeOrOptions?: Shape | CreationOptions,
  last?: CreationOptions,
): Tensor {
  const given = Array.isArray(shapeOrOptions) ? (shapeOrOptions as Shape) : null;
  if (given === null && last !== undefined) checkShape('tensor', shapeOrOptions as Shape);
  const options = given ? last : (shapeOrOptions as CreationOptions | undefined);
  if (ArrayBuffer.isView(data))
    return shaped(toNumbers(data), given ?? [data.length], dtypeOfArray(data), options);
  const { shape, elements, dtype } = flatten(data);
  return shaped(elements, given ?? shape, dtype, options);
}

function shaped(
  elements: ArrayLike<number>,
  shape: Shape,
  dtype: DType,
  options: CreationOptions | undefined,
): Tensor {
  if (sizeOf(checkShape('tensor', shape)) !== elements.length)
    throw new ShapeError('tensor', `${elements.length} elements don't fill the shape`, [
      { name: 'shape', shape, note: plural(sizeOf(shape), 'element') },
    ]);
  return fromNumbers('tensor', elements, shape, dtype, options);
}

/** All zeros. */
export const zeros = (shape: Shape, options?: CreationOptions): Tensor =>
  filled('zeros', shape, 0, 'float32', options);

/** All ones. */
export const ones = (shape: Shape, options?: CreationOptions): Tensor =>
  filled('ones', shape, 1, 'float32', options);

/**
 * All `value`.
 *
 * @param options.dtype default bool for a boolean, otherwise float32
 * @throws DTypeError for a number that the dtype can't hold
 * @differs a whole number makes a float32 tensor, too
 */
export function full(shape: Shape, value: number | boolean, options?: CreationOptions): Tensor {
  checkOption('full', 'value', element, value);
  return filled('full', shape, Number(value), typeof value === 'boolean' ? 'bool' : 'float32', options);
}

/** A tensor with undefined content, to be written. */
export function empty(shape: Shape, options?: CreationOptions): Tensor {
  const checked = checkShape('empty', shape);
  const { dtype = 'float32', requiresGrad } = readCreation('empty', options);
  return finish(presentable(make('empty', checked, dtype)), requiresGrad);
}

function filledLike(
  operation: string,
  x: Tensor,
  value: number,
  options: CreationOptions | undefined,
): Tensor {
  checkTensors(operation, { x });
  const { dtype = x.dtype, requiresGrad } = readCreation(operation, options);
  const element = asConstant(operation, value, dtype);
  const y = EngineError.naming(operation, () => allocateLike(x, dtype));
  y.engine.fill(y, element);
  return finish(y, requiresGrad);
}

/** Zeros of the shape and dtype of `x`. */
export const zerosLike = (x: Tensor, options?: CreationOptions): Tensor =>
  filledLike('zerosLike', x, 0, options);

/** Ones of the shape and dtype of `x`. */
export const onesLike = (x: Tensor, options?: CreationOptions): Tensor =>
  filledLike('onesLike', x, 1, options);

/** `value` in the shape and dtype of `x`. */
export function fullLike(x: Tensor, value: number | boolean, options?: CreationOptions): Tensor {
  checkOption('fullLike', 'value', element, value);
  return filledLike('fullLike', x, Number(value), options);
}

/** Undefined content, in the shape and dtype of `x`. */
export function emptyLike(x: Tensor, options?: CreationOptions): Tensor {
  checkTensors('emptyLike', { x });
  const { dtype = x.dtype, requiresGrad } = readCreation('emptyLike', options);
  return finish(presentable(EngineError.naming('emptyLike', () => allocateLike(x, dtype))), requiresGrad);
}

/**
 * n × m zeros, with ones on the diagonal.
 * @param m default n
 */
export function eye(n: number, options?: CreationOptions): Tensor;
export function eye(n: number, m: number, options?: CreationOptions): Tensor;
export function eye(n: number, second?: number | CreationOptions, last?: CreationOptions): Tensor {
  const alone = last === undefined && isPlainObject(second);
  const m = alone || second === undefined ? n : (second as number);
  const options = alone ? second : last;
  const { dtype = 'float32', requiresGrad } = readCreation('eye', options);
  const x = make('eye', [n, m], dtype);
  x.engine.fill(x, 0);
  x.engine.fill(view(x, [Math.min(n, m)], [m + 1]), 1);
  return finish(x, requiresGrad);
}

/** Numbers, and the options after them. @throws ArgumentError for too few or too many numbers */
export function splitNumbers<O extends object>(
  operation: string,
  args: readonly (number | O | undefined)[],
  least: number,
  most: number,
): { numbers: number[]; options: O | undefined } {
  const given = args.filter((a) => a !== undefined);
  const options = typeof given.at(-1) === 'number' ? undefined : (given.pop() as O | undefined);
  if (given.length < least || given.length > most || given.some((a) => typeof a !== 'number'))
    throw new ArgumentError(
      operation,
      `takes ${least} to ${most} numbers and then the options, got (${args.map(describe).join(', ')})`,
    );
  return { numbers: given as number[], options };
}

/**
 * start, start + step, … up to but not including end: ⌈(end - start)/step⌉ elements.
 *
 * @param start default 0
 * @param step default 1
 * @param options.dtype default int32 if all numbers are whole, otherwise float32
 * @throws ArgumentError if step is 0 or leads away from end
 */
export function arange(end: number, options?: CreationOptions): Tensor;
export function arange(start: number, end: number, options?: CreationOptions): Tensor;
export function arange(start: number, end: number, step: number, options?: CreationOptions): Tensor;
export function arange(...args: (number | CreationOptions | undefined)[]): Tensor {
  const { numbers, options } = splitNumbers('arange', args, 1, 3);
  const [start, end, step = 1] =
    numbers.length === 1 ? [0, numbers[0]!] : (numbers as [number, number, number?]);
  if (!Number.isFinite(start) || !Number.isFinite(end) || !Number.isFinite(step))
    throw new ArgumentError('arange', `start, end, and step must be finite, got ${start}, ${end}, ${step}`);
  if (step === 0 || (end - start) * step < 0)
    throw new ArgumentError('arange', `a step of ${step} doesn't lead from ${start} to ${end}`);
  const n = Math.ceil((end - start) / step);
  const whole = [start, end, step].every(Number.isInteger);
  const { dtype = whole ? 'int32' : 'float32', requiresGrad } = readCreation('arange', options);
  return finish(ramp('arange', { n, first: start, step, last: end, half: n }, dtype), requiresGrad);
}

const limit = anyNumber(0);

/** `steps` numbers from start to end, counted from the nearer end, so both ends are exact. */
function spaced(operation: string, start: number, end: number, steps: number): Ramp {
  checkOption(operation, 'start', limit, start);
  checkOption(operation, 'end', limit, end);
  checkShape(operation, [steps]);
  const step = steps === 1 ? 0 : (end - start) / (steps - 1);
  return { n: steps, first: start, step, last: end, half: Math.ceil(steps / 2) };
}

/** `steps` evenly spaced numbers from start to end, including both. */
export function linspace(start: number, end: number, steps: number, options?: CreationOptions): Tensor {
  const { dtype = 'float32', requiresGrad } = readCreation('linspace', options);
  return finish(ramp('linspace', spaced('linspace', start, end, steps), dtype), requiresGrad);
}

const piece = 2 ** 16;

/** Powers as integers, where the kernel's last bit matters: 10² must not be 99.999…; written in pieces. */
function writePowers(x: Tensor, base: number, { n, first, step, last, half }: Ramp): void {
  for (let begin = 0; begin < n; begin += piece) {
    const numbers = new Float64Array(Math.min(piece, n - begin));
    for (let k = 0, i = begin; k < numbers.length; k++, i++)
      numbers[k] = base ** (i < half ? first + i * step : last - (n - 1 - i) * step);
    const { buffer, byteLength } = convert('logspace', numbers, x.dtype);
    x.engine.write(x.storage, begin * bytesPerElement[x.dtype], new Uint8Array(buffer, 0, byteLength));
  }
}

const readLogspace = defineOptions({ base: anyNumber(10), ...creationOptions });

/**
 * base^e for `steps` evenly spaced exponents e from start to end, including both.
 * @param options.base default 10
 */
export function logspace(
  start: number,
  end: number,
  steps: number,
  options?: CreationOptions & { readonly base?: number },
): Tensor {
  const { base, dtype = 'float32', requiresGrad } = readLogspace('logspace', options);
  const spacing = spaced('logspace', start, end, steps);
  const x = make('logspace', [steps], dtype);
  if (!isFloat(dtype)) {
    writePowers(x, base, spacing);
    return finish(x, requiresGrad);
  }
  const exponents = ramp('logspace', spacing, 'float64');
  const powers = make('logspace', [steps], 'float64');
  powers.engine.numberBinary('pow', powers, base, exponents);
  x.engine.copy(x, powers);
  return finish(x, requiresGrad);
}

/** A new tensor for numbers that a generator draws. @throws DTypeError for a dtype that isn't `kind` */
export function forDrawing(operation: string, shape: Shape, dtype: DType, kind: 'floating' | 'any'): Tensor {
  if (kind === 'floating' && !isFloat(dtype))
    throw new DTypeError(operation, `draws floating numbers, not ${dtype}\n  hint: randint draws integers`);
  if (category(dtype) === 0 && operation.startsWith('randint'))
    throw new DTypeError(operation, 'draws numbers, not bool\n  hint: draw uint8 and compare');
  return make(operation, shape, dtype);
}
