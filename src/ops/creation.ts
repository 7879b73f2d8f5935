import { category, type DType, isFloat, type TypedArray } from '../core/dtype.js';
import { asConstant, asElement } from '../core/element.js';
import { ArgumentError, DTypeError, ShapeError } from '../core/errors.js';
import { type Shape, sizeOf } from '../core/shape.js';
import type { Engine } from '../engine/engine.js';
import { currentEngine } from '../engine/registry.js';
import { checkTensors } from '../tensor/argument.js';
import { empty as allocate, emptyLike as allocateLike, type Tensor } from '../tensor/tensor.js';

/** Options of every function that makes a tensor. */
export interface CreationOptions {
  /** Default float32, unless the function says otherwise. */
  readonly dtype?: DType;
  /** Whether the tensor collects gradients (default false). */
  readonly requiresGrad?: boolean;
}

/** Numbers or booleans, nested to any depth; all rows of an axis have one length. */
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

const largest = 2 ** 31 - 1;

/** @throws ShapeError unless `shape` is an array of whole numbers from 0, 2³¹ - 1 elements at most */
export function checkShape(operation: string, shape: Shape): Shape {
  if (!Array.isArray(shape))
    throw new ShapeError(operation, `a shape is an array such as [2, 3], not ${String(shape)}`);
  for (const n of shape)
    if (!Number.isInteger(n) || n < 0)
      throw new ShapeError(operation, `a shape has whole numbers from 0, not ${n}`, [
        { name: 'shape', shape },
      ]);
  const size = sizeOf(shape);
  if (size > largest)
    throw new ShapeError(operation, `${size} elements are too many, at most ${largest} fit`, [
      { name: 'shape', shape },
    ]);
  return shape.slice();
}

/** A new tensor of a checked shape with undefined content. */
function make(operation: string, shape: Shape, dtype: DType, engine: Engine = currentEngine()): Tensor {
  return allocate(checkShape(operation, shape), dtype, engine);
}

const finish = (x: Tensor, { requiresGrad = false }: CreationOptions): Tensor =>
  requiresGrad ? x.requiresGrad_() : x;

function filled(
  operation: string,
  shape: Shape,
  value: number,
  dtype: DType,
  options: CreationOptions,
): Tensor {
  const element = asConstant(operation, value, dtype);
  const x = make(operation, shape, dtype);
  x.engine.fill(x, element);
  return finish(x, options);
}

/** Writes `elements` into a new tensor, converted to its dtype. */
function fromNumbers(
  operation: string,
  elements: ArrayLike<number>,
  shape: Shape,
  dtype: DType,
  options: CreationOptions,
): Tensor {
  const typed = convert(operation, elements, dtype);
  const x = make(operation, shape, dtype);
  x.engine.write(x.storage, 0, new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength));
  return finish(x, options);
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

/** Walks nested arrays in row-major order; the first elements of each axis give the shape. */
function flatten(data: NestedNumbers): { shape: number[]; elements: number[]; dtype: DType } {
  const shape: number[] = [];
  for (let part = data; Array.isArray(part); part = part[0]!) {
    shape.push(part.length);
    if (part.length === 0) break;
  }
  const elements: number[] = [];
  let onlyBooleans = true;
  const walk = (part: NestedNumbers, axis: number): void => {
    if (Array.isArray(part)) {
      if (part.length !== shape[axis])
        throw new ShapeError(
          'tensor',
          axis < shape.length
            ? `an array of axis ${axis} has ${part.length} elements, the first has ${shape[axis]}`
            : `an element at depth ${axis} is an array, the first is a number`,
        );
      for (const inner of part) walk(inner, axis + 1);
      return;
    }
    if (axis !== shape.length)
      throw new ShapeError('tensor', `an element at depth ${axis} is a number, the first is an array`);
    if (typeof part === 'number') onlyBooleans = false;
    else if (typeof part !== 'boolean')
      throw new ArgumentError(
        'tensor',
        `takes numbers and booleans, not ${part === null ? 'null' : typeof part}`,
      );
    elements.push(Number(part));
  };
  walk(data, 0);
  return { shape, elements, dtype: onlyBooleans && elements.length > 0 ? 'bool' : 'float32' };
}

/**
 * A tensor of given elements: nested arrays, or an array with a shape.
 *
 * @param options.dtype default: that of a typed array (wider integers become int32), bool for
 *   booleans, else float32
 * @throws ShapeError if rows have different lengths, or the shape has not as many elements
 * @throws DTypeError for a number that an integer dtype does not hold
 * @differs whole numbers make a float32 tensor, too: JavaScript does not tell 1 from 1.0
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
  shapeOrOptions: Shape | CreationOptions = {},
  last: CreationOptions = {},
): Tensor {
  const given = Array.isArray(shapeOrOptions) ? (shapeOrOptions as Shape) : null;
  const options = given ? last : (shapeOrOptions as CreationOptions);
  if (ArrayBuffer.isView(data)) {
    const dtype = options.dtype ?? dtypeOfArray(data);
    return shaped(toNumbers(data), given ?? [data.length], dtype, options);
  }
  const { shape, elements, dtype } = flatten(data);
  return shaped(elements, given ?? shape, options.dtype ?? dtype, options);
}

function shaped(elements: ArrayLike<number>, shape: Shape, dtype: DType, options: CreationOptions): Tensor {
  if (sizeOf(checkShape('tensor', shape)) !== elements.length)
    throw new ShapeError('tensor', `${elements.length} elements do not fill the shape`, [
      { name: 'shape', shape, note: `${sizeOf(shape)} elements` },
    ]);
  return fromNumbers('tensor', elements, shape, dtype, options);
}

/** All zeros. */
export const zeros = (shape: Shape, options: CreationOptions = {}): Tensor =>
  filled('zeros', shape, 0, options.dtype ?? 'float32', options);

/** All ones. */
export const ones = (shape: Shape, options: CreationOptions = {}): Tensor =>
  filled('ones', shape, 1, options.dtype ?? 'float32', options);

/**
 * All `value`.
 *
 * @param options.dtype default bool for a boolean, else float32
 * @throws DTypeError for a number that the dtype does not hold
 * @differs a whole number makes a float32 tensor, too
 */
export const full = (shape: Shape, value: number | boolean, options: CreationOptions = {}): Tensor =>
  filled(
    'full',
    shape,
    Number(value),
    options.dtype ?? (typeof value === 'boolean' ? 'bool' : 'float32'),
    options,
  );

/** Undefined content, to be written. */
export const empty = (shape: Shape, options: CreationOptions = {}): Tensor =>
  finish(make('empty', shape, options.dtype ?? 'float32'), options);

function filledLike(operation: string, x: Tensor, value: number, options: CreationOptions): Tensor {
  checkTensors(operation, { x });
  const element = asConstant(operation, value, options.dtype ?? x.dtype);
  const y = allocateLike(x, options.dtype);
  y.engine.fill(y, element);
  return finish(y, options);
}

/** Zeros of the shape and dtype of `x`. */
export const zerosLike = (x: Tensor, options: CreationOptions = {}): Tensor =>
  filledLike('zerosLike', x, 0, options);

/** Ones of the shape and dtype of `x`. */
export const onesLike = (x: Tensor, options: CreationOptions = {}): Tensor =>
  filledLike('onesLike', x, 1, options);

/** `value` in the shape and dtype of `x`. */
export const fullLike = (x: Tensor, value: number | boolean, options: CreationOptions = {}): Tensor =>
  filledLike('fullLike', x, Number(value), options);

/** Undefined content in the shape and dtype of `x`. */
export function emptyLike(x: Tensor, options: CreationOptions = {}): Tensor {
  checkTensors('emptyLike', { x });
  return finish(allocateLike(x, options.dtype), options);
}

/**
 * n × m zeros with ones on the diagonal.
 * @param m default n
 */
export function eye(n: number, options?: CreationOptions): Tensor;
export function eye(n: number, m: number, options?: CreationOptions): Tensor;
export function eye(n: number, second?: number | CreationOptions, last?: CreationOptions): Tensor {
  const m = typeof second === 'number' ? second : n;
  const options = (typeof second === 'object' ? second : last) ?? {};
  const shape = checkShape('eye', [n, m]);
  const elements = new Float32Array(n * m);
  for (let i = 0; i < Math.min(n, m); i++) elements[i * m + i] = 1;
  return fromNumbers('eye', elements, shape, options.dtype ?? 'float32', options);
}

/** Arguments before the options, which may stand anywhere after the first. */
function split(args: readonly (number | CreationOptions | undefined)[]): {
  numbers: number[];
  options: CreationOptions;
} {
  const numbers = args.filter((a) => typeof a === 'number');
  return { numbers, options: args.find((a) => typeof a === 'object') ?? {} };
}

/**
 * start, start + step, … up to, without, end: ⌈(end - start)/step⌉ elements.
 *
 * @param start default 0
 * @param step default 1
 * @param options.dtype default int32 if all numbers are whole, else float32
 * @throws ArgumentError if step is 0 or leads away from end
 */
export function arange(end: number, options?: CreationOptions): Tensor;
export function arange(start: number, end: number, options?: CreationOptions): Tensor;
export function arange(start: number, end: number, step: number, options?: CreationOptions): Tensor;
export function arange(...args: (number | CreationOptions | undefined)[]): Tensor {
  const { numbers, options } = split(args);
  const [start, end, step = 1] =
    numbers.length === 1 ? [0, numbers[0]!] : (numbers as [number, number, number?]);
  if (!Number.isFinite(start) || !Number.isFinite(end) || !Number.isFinite(step))
    throw new ArgumentError(
      'arange',
      `start, end and step must be finite, they are ${start}, ${end}, ${step}`,
    );
  if (step === 0 || (end - start) * step < 0)
    throw new ArgumentError('arange', `a step of ${step} does not lead from ${start} to ${end}`);
  const n = Math.ceil((end - start) / step);
  const dtype = options.dtype ?? ([start, end, step].every(Number.isInteger) ? 'int32' : 'float32');
  checkShape('arange', [n]);
  const elements = Float64Array.from({ length: n }, (_, i) => start + i * step);
  return fromNumbers('arange', elements, [n], dtype, options);
}

function spaced(operation: string, start: number, end: number, steps: number): Float64Array {
  checkShape(operation, [steps]);
  const step = steps > 1 ? (end - start) / (steps - 1) : 0;
  // Counted from the nearer end, so that both ends are exact.
  return Float64Array.from({ length: steps }, (_, i) =>
    i < steps / 2 ? start + i * step : end - (steps - 1 - i) * step,
  );
}

/** `steps` numbers evenly spaced from start to end, both included. */
export const linspace = (start: number, end: number, steps: number, options: CreationOptions = {}): Tensor =>
  fromNumbers(
    'linspace',
    steps === 1 ? [start] : spaced('linspace', start, end, steps),
    [steps],
    options.dtype ?? 'float32',
    options,
  );

/**
 * base^e for `steps` exponents e evenly spaced from start to end, both included.
 * @param options.base default 10
 */
export function logspace(
  start: number,
  end: number,
  steps: number,
  { base = 10, ...options }: CreationOptions & { readonly base?: number } = {},
): Tensor {
  const exponents = steps === 1 ? [start] : spaced('logspace', start, end, steps);
  const elements = Float64Array.from(exponents, (e) => base ** e);
  return fromNumbers('logspace', elements, [steps], options.dtype ?? 'float32', options);
}

/** A new tensor for numbers that a generator draws. @throws DTypeError for a dtype that is not `kind` */
export function forDrawing(operation: string, shape: Shape, dtype: DType, kind: 'floating' | 'any'): Tensor {
  if (kind === 'floating' && !isFloat(dtype))
    throw new DTypeError(operation, `draws floating numbers, not ${dtype}\n  hint: randint draws integers`);
  if (category(dtype) === 0 && operation.startsWith('randint'))
    throw new DTypeError(operation, 'draws numbers, not bool\n  hint: draw uint8 and compare');
  return make(operation, shape, dtype);
}
