/// <reference lib="esnext.disposable" preserve="true" />
import { describe, slip } from '../core/describe.js';
import { bytesPerElement, type DType, isFloat, type TypedArray, typedArray } from '../core/dtype.js';
import {
  ArgumentError,
  AutogradError,
  EngineError,
  engineItself,
  formatShape,
  IndexError,
  ShapeError,
} from '../core/errors.js';
import { answerAssignment, answerHabits, answerSnakeCase } from '../core/foreign-names.js';
import { dataHabit, inPlaceHabit, inPlaceHabits, itemHabit, tensorHabits } from '../core/habits.js';
import type { Nothing } from '../core/nothing.js';
import { checkOption, flag } from '../core/options.js';
import {
  contiguousStrides,
  isContiguous,
  newSize,
  normalizeAxis,
  type Shape,
  sameShape,
  shapeProblem,
} from '../core/shape.js';
import type { Engine } from '../engine/engine.js';
import { disposedError, type View } from '../engine/storage.js';
import { allocate, dispose, type TensorStorage } from './memory.js';
import { notYet } from './not-yet.js';

/** The operation that made a tensor, as far as the tensor knows it; autograd knows the rest. */
export interface GradFn {
  readonly name: string;
}

/** Sees a gradient when it is computed, and may return another in its place; see `registerHook`. */
export type Hook = (grad: Tensor) => Tensor | Nothing;

const yesOrNo = flag(true);

/** Nested arrays of numbers or booleans, as `toArray` gives them. */
export type NestedArray = number | boolean | NestedArray[];

/** What autograd does about a view whose memory got another place in the graph. */
let renewView: (view: Tensor) => void;

export const onStaleView = (renew: (view: Tensor) => void): void => {
  renewView = renew;
};

/** The version of views that were made while no graph was recorded: they have no place in it, whatever happens to the base. */
export const outsideGraph = Number.POSITIVE_INFINITY;

// What a tensor can do is defined in ops/, one definition for each operation, and attached there.
/**
 * An array of numbers with a shape and a dtype: a strided view of memory, and a place in the graph of operations.
 * Functions such as `tensor`, `zeros`, and `randn` make one.
 */
export class Tensor implements View {
  /** Which of the operation's results this is. */
  gradIndex = 0;
  /** The tensor that owns the memory, or a leaf that shows it, if an operation made this one as a view of that. */
  base: Tensor | null = null;
  /** The storage's version when the view was made, or `outsideGraph`. */
  viewVersion = 0;
  /** Hooks of a leaf; those of a result are its gradFn's. */
  hooks: Hook[] | null = null;

  #gradFn: GradFn | null = null;
  #grad: Tensor | null = null;
  #leafRequiresGrad = false;

  constructor(
    readonly storage: TensorStorage,
    readonly dtype: DType,
    readonly shape: Shape,
    readonly strides: Shape,
    readonly offset: number,
    /** Number of elements. */
    readonly count: number,
    /** Whether the elements lie in row-major order without gaps. */
    readonly packed: boolean,
  ) {
    if (strides === undefined)
      throw new ArgumentError(
        'Tensor',
        'functions make tensors, not `new`\n  hint: tensor([1, 2]), zeros([2])',
      );
  }

  /**
   * The gradient that `backward` accumulated, for leaves that require one.
   * @throws ShapeError, AutogradError or DisposedError when set to what can't be a gradient of this tensor
   */
  get grad(): Tensor | null {
    return this.#grad;
  }

  set grad(value: Tensor | null) {
    if (value !== null) requireGradientOf('grad', this, value);
    this.#grad = value;
  }

  /** The operation that computed this tensor; null for leaves. */
  get gradFn(): GradFn | null {
    if (this.base !== null && this.storage.rebased > this.viewVersion) renewView(this);
    return this.#gradFn;
  }

  set gradFn(value: GradFn | null) {
    this.#gradFn = value;
  }

  /** The engine that holds the memory and computes on it. */
  get engine(): Engine {
    return this.storage.engine;
  }

  /** Number of axes. */
  get ndim(): number {
    return this.shape.length;
  }

  /** Number of axes; the same as `ndim`. */
  dim(): number {
    return this.shape.length;
  }

  /** The shape. */
  size(): Shape;
  /** The length of the axis `dim`. @throws IndexError if there's no such axis */
  size(dim: number): number;
  size(dim?: number): Shape | number {
    if (dim === undefined) return this.shape;
    if (this.ndim === 0) throw new IndexError('size', 'a tensor without axes has no lengths');
    return this.shape[normalizeAxis('size', dim, this.ndim)]!;
  }

  /** Number of elements. */
  numel(): number {
    return this.count;
  }

  /** Whether the elements lie in row-major order without gaps; `contiguous()` makes it so. */
  isContiguous(): boolean {
    return this.packed;
  }

  /** Whether a gradient flows to or through this tensor. */
  get requiresGrad(): boolean {
    return this.gradFn !== null || this.#leafRequiresGrad;
  }

  set requiresGrad(value: boolean) {
    this.requiresGrad_(value);
  }

  /** Whether no operation made this tensor, as far as autograd knows: gradients collect in leaves. */
  get isLeaf(): boolean {
    return this.gradFn === null;
  }

  /**
   * Makes a leaf collect gradients, or stop doing so.
   * @throws AutogradError for integers and for results of operations
   */
  requiresGrad_(value = true): this {
    checkOption('requiresGrad_', 'the argument', yesOrNo, value);
    if (value && !isFloat(this.dtype))
      throw new AutogradError(
        'requiresGrad_',
        `only floating tensors have gradients, this one is ${this.dtype}`,
      );
    if (!value && this.gradFn !== null)
      throw new AutogradError(
        'requiresGrad_',
        'the result of an operation always requires grad; use detach()',
      );
    if (this.gradFn === null) this.#leafRequiresGrad = value;
    return this;
  }

  /** How often the memory was changed in place. */
  get version(): number {
    return this.storage.version;
  }

  /** The same memory, outside the graph. */
  detach(): Tensor {
    return alias(this);
  }

  /** Whether `dispose` or a `tidy` gave the memory back. */
  get isDisposed(): boolean {
    return this.storage.disposedAt !== undefined;
  }

  /** Gives the memory back now. Nobody has to: the collector does so in time. */
  dispose(): void {
    dispose(this.storage, new Error());
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** The elements in row-major order; `bool` gives bytes 0 and 1. */
  async data(): Promise<TypedArray> {
    const dense = this.#dense('data');
    const bytes = dense.count * bytesPerElement[dense.dtype];
    const buffer = await dense.engine.read(dense.storage, dense.offset * bytesPerElement[dense.dtype], bytes);
    return typedArray(this.dtype, buffer, 0, this.count);
  }

  /** As `data`, at once. @throws EngineError if the engine's results arrive later */
  dataSync(): TypedArray {
    const dense = this.#dense('dataSync');
    const bytes = dense.count * bytesPerElement[dense.dtype];
    const buffer = dense.engine.readSync(dense.storage, dense.offset * bytesPerElement[dense.dtype], bytes);
    return typedArray(this.dtype, buffer, 0, this.count);
  }

  /** The value of a tensor of one element. */
  item(): Promise<number> {
    return notYet('item', this.#item(), itemHabit);
  }

  async #item(): Promise<number> {
    this.#requireOne('item');
    return (await this.data())[0]!;
  }

  /** As `item`, at once. @throws EngineError if the engine's results arrive later */
  itemSync(): number {
    this.#requireOne('itemSync');
    return this.dataSync()[0]!;
  }

  /** The elements as nested arrays; `bool` gives booleans, a tensor without axes its value. */
  async toArray(): Promise<NestedArray> {
    requireNestable('toArray', this.shape);
    return nest(await this.data(), this.shape, this.dtype);
  }

  /** As `toArray`, at once. @throws EngineError if the engine's results arrive later */
  toArraySync(): NestedArray {
    requireNestable('toArraySync', this.shape);
    return nest(this.dataSync(), this.shape, this.dtype);
  }

  /** JSON has no place for a tensor's dtype and bytes. @throws ArgumentError always */
  toJSON(): never {
    throw new ArgumentError(
      'JSON.stringify',
      "a tensor isn't JSON\n  hint: await x.toArray() gives its numbers; files of weights are written by io.saveSafetensors",
    );
  }

  /** The text, where text is wanted: `${x}`. @throws ArgumentError for operators, which know numbers and text only */
  [Symbol.toPrimitive](wanted: 'string' | 'number' | 'default'): string {
    if (wanted === 'string') return this.toString();
    throw new ArgumentError(
      'Tensor',
      "operators don't work on tensors\n  hint: x.mul(2) and x.add(y) do; await x.item() gives a number, String(x) the text",
    );
  }

  #requireOne(operation: string): void {
    if (this.count !== 1)
      throw new ArgumentError(
        operation,
        `needs a tensor of one element, this one is ${formatShape(this.shape)}; see data()`,
      );
  }

  #dense(operation: string): Tensor {
    if (this.storage.disposedAt !== undefined) throw disposedError(operation, 'the tensor', this);
    if (this.packed) return this;
    const dense = empty(this.shape, this.dtype, this.engine);
    this.engine.copy(dense, this);
    return dense;
  }
}

answerHabits(Tensor.prototype, tensorHabits);
answerHabits(
  Tensor.prototype,
  Object.fromEntries(inPlaceHabits.map((name) => [`${name}_`, inPlaceHabit(name)])),
);
answerSnakeCase(Tensor.prototype, 'x');
answerAssignment(Tensor.prototype, 'data', dataHabit);

/** The most elements and arrays that `toArray` makes: half a gigabyte. */
const mostNested = 2 ** 25;

function requireNestable(operation: string, shape: Shape): void {
  // Each axis multiplies the arrays, and the last one the elements; one of length 0 ends that.
  let [things, total] = [1, 0];
  for (const length of shape) total += things *= length;
  if (total > mostNested)
    throw new ArgumentError(
      operation,
      `nested arrays of ${formatShape(shape)} would be ${total} arrays and elements, but at most ${mostNested} are made\n  hint: data() gives the elements in one typed array`,
    );
}

function nest(data: TypedArray, shape: Shape, dtype: DType): NestedArray {
  let at = 0;
  const build = (axis: number): NestedArray => {
    if (axis === shape.length) {
      const value = data[at++]!;
      return dtype === 'bool' ? value !== 0 : value;
    }
    return Array.from({ length: shape[axis]! }, () => build(axis + 1));
  };
  return build(0);
}

/** @throws ShapeError, AutogradError or DisposedError unless a value can be the gradient of `x` */
export function requireGradientOf(operation: string, x: Tensor, value: unknown): asserts value is Tensor {
  const problem = (text: string): AutogradError => new AutogradError(operation, text);
  if (!(value instanceof Tensor))
    throw problem(`a gradient must be a tensor, got ${describe(value)}${slip(value)}`);
  if (!sameShape(value.shape, x.shape))
    throw new ShapeError(operation, "the gradient's shape doesn't match the tensor's", [
      { name: 'tensor', shape: x.shape },
      { name: 'gradient', shape: value.shape },
    ]);
  if (value.dtype !== x.dtype) throw problem(`the gradient is ${value.dtype}, the tensor is ${x.dtype}`);
  const [engine, own] = [value.storage.engine, x.storage.engine];
  if (engine !== own)
    throw problem(`the gradient is on engine ${engine.name}, the tensor on ${own.name}
  hint: move it with to()`);
  if (value.storage.disposedAt !== undefined) throw disposedError(operation, 'the gradient', value);
}

/**
 * A new tensor with undefined content. The building block of every operation's result.
 * @throws EngineError if there can't be such a tensor
 */
export function empty(shape: Shape, dtype: DType, engine: Engine): Tensor {
  const size = newSize(shape);
  const storage = allocate(engine, size, dtype, shape);
  return new Tensor(storage, dtype, shape, contiguousStrides(shape), 0, size, true);
}

/** As `empty`, with the shape and the engine of `x`, and its dtype unless another is given. */
export function emptyLike(x: Tensor, dtype: DType = x.dtype): Tensor {
  if (!x.packed) return empty(x.shape, dtype, x.storage.engine);
  const storage = allocate(x.storage.engine, x.count, dtype, x.shape);
  return new Tensor(storage, dtype, x.shape, x.strides, 0, x.count, true);
}

/**
 * Another view of the memory of `x`, outside the graph. Doesn't check that it stays in bounds.
 * @throws EngineError for more elements, repeated ones, than kernels can count
 */
export function view(x: Tensor, shape: Shape, strides: Shape, offset: number = x.offset): Tensor {
  const size = newSize(shape);
  if (Number.isNaN(size)) throw new EngineError(engineItself, shapeProblem(shape));
  return new Tensor(x.storage, x.dtype, shape, strides, offset, size, isContiguous(shape, strides));
}

/** The same view of the same memory, outside the graph. */
export function alias(x: Tensor): Tensor {
  return new Tensor(x.storage, x.dtype, x.shape, x.strides, x.offset, x.count, x.packed);
}
