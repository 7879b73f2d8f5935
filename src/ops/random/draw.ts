import { inPlace } from '../../autograd/inplace.js';
import { describe } from '../../core/describe.js';
import { type DType, isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError } from '../../core/errors.js';
import { defineOptions, generatorOption } from '../../core/options.js';
import { defaultGenerator, type Generator } from '../../core/random.js';
import type { Shape } from '../../core/shape.js';
import { notTensor } from '../../tensor/argument.js';
import { inspect } from '../../tensor/inspect.js';
import { empty, Tensor } from '../../tensor/tensor.js';
import {
  type CreationOptions,
  checkShape,
  creationOptions,
  finish,
  forDrawing,
} from '../creation/creation.js';
import { checkOperand } from '../promotion.js';

/** The source of random numbers. */
export interface RandomOptions {
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

export type RandomCreationOptions = CreationOptions & RandomOptions;

export type Draw = (out: Tensor, generator: Generator) => void;

export const randomOptions = { generator: generatorOption };

export const readRandom = defineOptions(randomOptions);

const readRandomCreation = defineOptions({ ...creationOptions, ...randomOptions });

/** A new tensor of numbers that `draw` draws. */
export function drawn(
  operation: string,
  shape: Shape,
  options: RandomCreationOptions | undefined,
  draw: Draw,
  usual: DType = 'float32',
  kind: 'floating' | 'any' = 'floating',
): Tensor {
  checkShape(operation, shape);
  const {
    dtype = usual,
    requiresGrad,
    generator = defaultGenerator,
  } = readRandomCreation(operation, options);
  const x = forDrawing(operation, shape, dtype, kind);
  draw(x, generator);
  return finish(x, requiresGrad);
}

export function checkLimits(operation: string, low: number, high: number): void {
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || low >= high)
    throw new ArgumentError(
      operation,
      `draws whole numbers from low to high - 1; low is ${describe(low)}, high is ${describe(high)}`,
    );
}

/** The least and greatest whole numbers that fit in a dtype; floats hold all safe integers, rounded. */
const limits: Readonly<Record<DType, readonly [number, number]>> = {
  float32: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  float64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint8: [0, 255],
  bool: [0, 1],
};

/** @throws DTypeError unless all numbers from low to high - 1 fit in the dtype */
export function checkHeld(operation: string, low: number, high: number, dtype: DType): void {
  const [least, greatest] = limits[dtype];
  if (low < least || high - 1 > greatest)
    throw new DTypeError(
      operation,
      `${dtype} holds ${least} to ${greatest}, the numbers drawn are ${low} to ${high - 1}`,
    );
}

export function checkSpread(operation: string, std: Tensor | number): void {
  checkOperand(operation, 'std', std);
  if (typeof std === 'boolean') throw notTensor(operation, 'std', std, 'a tensor or a number');
  const problem = (least: number): ArgumentError | null =>
    least >= 0 ? null : new ArgumentError(operation, `std must be 0 or more, got ${least}`);
  if (std instanceof Tensor) inspectLeast(std, problem);
  else {
    const error = problem(std);
    if (error !== null) throw error;
  }
}

/** Throws what `problem` returns for the least element, or for NaN if there is one. */
export function inspectLeast(x: Tensor, problem: (least: number) => ArgumentError | null): void {
  if (x.count > 0) inspect(x.detach().min(), ([least]) => problem(least!));
}

/** Throws what `problem` returns for the greatest element, or for NaN if there is one. */
export function inspectGreatest(x: Tensor, problem: (greatest: number) => ArgumentError | null): void {
  if (x.count > 0) inspect(x.detach().max(), ([greatest]) => problem(greatest!));
}

/** Fills `x` in place; for a view with gaps, draws densely and copies. */
export function fillDrawn(
  name: string,
  x: Tensor,
  options: RandomOptions | undefined,
  draw: Draw,
  kind: 'floating' | 'any' = 'floating',
  operands: readonly Tensor[] = [],
): Tensor {
  const { generator = defaultGenerator } = readRandom(name, options);
  if (kind === 'floating' && !isFloat(x.dtype))
    throw new DTypeError(name, `draws floating numbers, the tensor is ${x.dtype}`);
  const compute = (): Tensor => {
    const fresh = empty(x.shape, x.dtype, x.engine);
    draw(fresh, generator);
    return fresh;
  };
  return inPlace({
    name,
    target: x,
    operands,
    write: () => (x.packed ? draw(x, generator) : x.engine.copy(x, compute())),
    compute,
  });
}
