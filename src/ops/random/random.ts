import type { DType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { defaultGenerator } from '../../core/random.js';
import { broadcastShapes, type Shape } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import { Tensor } from '../../tensor/tensor.js';
import { forDrawing } from '../creation/creation.js';
import { checkOperand } from '../promotion.js';
import {
  checkHeld,
  checkLimits,
  checkSpread,
  type Draw,
  drawn,
  type RandomCreationOptions,
  type RandomOptions,
  readRandom,
} from './draw.js';

const drawUniform: Draw = (out, generator) => out.engine.randomUniform(out, 0, 1, generator);

const drawNormal: Draw = (out, generator) => out.engine.randomNormal(out, 0, 1, false, generator);

/** Numbers drawn uniformly from [0, 1), as `torch.rand` draws them. */
export const rand = (shape: Shape, options?: RandomCreationOptions): Tensor =>
  drawn('rand', shape, options, drawUniform);

/** Numbers drawn from N(0, 1), as `torch.randn` draws them. */
export const randn = (shape: Shape, options?: RandomCreationOptions): Tensor =>
  drawn('randn', shape, options, drawNormal);

/** `rand` in the shape and dtype of `x`. */
export function randLike(x: Tensor, options?: RandomCreationOptions): Tensor {
  checkTensors('randLike', { x });
  return drawn('randLike', x.shape, options, drawUniform, x.dtype);
}

/** `randn` in the shape and dtype of `x`. */
export function randnLike(x: Tensor, options?: RandomCreationOptions): Tensor {
  checkTensors('randnLike', { x });
  return drawn('randnLike', x.shape, options, drawNormal, x.dtype);
}

function integers(
  operation: string,
  low: number,
  high: number,
  shape: Shape,
  options: RandomCreationOptions | undefined,
  usual: DType = 'int32',
): Tensor {
  checkLimits(operation, low, high);
  const draw: Draw = (out, generator) => {
    checkHeld(operation, low, high, out.dtype);
    out.engine.randomIntegers(out, low, high, generator);
  };
  return drawn(operation, shape, options, draw, usual, 'any');
}

/**
 * Whole numbers drawn uniformly from low (default 0) to high - 1, as `torch.randint` draws them.
 *
 * @param options.dtype default int32
 * @throws ArgumentError unless low < high, DTypeError for numbers that the dtype can't hold
 */
export function randint(high: number, shape: Shape, options?: RandomCreationOptions): Tensor;
export function randint(low: number, high: number, shape: Shape, options?: RandomCreationOptions): Tensor;
export function randint(
  first: number,
  second: number | Shape,
  third?: Shape | RandomCreationOptions,
  last?: RandomCreationOptions,
): Tensor {
  if (typeof second === 'number') return integers('randint', first, second, third as Shape, last);
  return integers('randint', 0, first, second, third as RandomCreationOptions | undefined);
}

/** `randint` in the shape and dtype of `x`. */
export function randintLike(x: Tensor, low: number, high: number, options?: RandomCreationOptions): Tensor {
  checkTensors('randintLike', { x });
  return integers('randintLike', low, high, x.shape, options, x.dtype);
}

/** The numbers 0 … n-1 in random order, int32, as `torch.randperm` shuffles them. */
export function randperm(n: number, options?: RandomOptions): Tensor {
  const { generator = defaultGenerator } = readRandom('randperm', options);
  const x = forDrawing('randperm', [n], 'int32', 'any');
  x.engine.randomPermutation(x, generator);
  return x;
}

/**
 * Numbers drawn from N(mean, std²); tensors give each element its own mean or std.
 *
 * @param shape only if both are numbers
 * @throws ArgumentError for a negative std
 */
export function normal(mean: Tensor | number, std: Tensor | number, options?: RandomOptions): Tensor;
export function normal(mean: number, std: number, shape: Shape, options?: RandomCreationOptions): Tensor;
export function normal(
  mean: Tensor | number,
  std: Tensor | number,
  third?: Shape | RandomOptions,
  last?: RandomCreationOptions,
): Tensor {
  if (typeof mean === 'number' && typeof std === 'number') {
    if (!Array.isArray(third)) throw new ShapeError('normal', 'needs a shape if mean and std are numbers');
    checkSpread('normal', std);
    return drawn('normal', third as Shape, last, (out, generator) =>
      out.engine.randomNormal(out, mean, std, false, generator),
    );
  }
  checkOperand('normal', 'mean', mean);
  checkSpread('normal', std);
  const { generator = defaultGenerator } = readRandom('normal', third as RandomOptions | undefined);
  const operand = mean instanceof Tensor ? mean : (std as Tensor);
  const shape =
    mean instanceof Tensor && std instanceof Tensor
      ? broadcastShapes('normal', mean.shape, std.shape)
      : operand.shape;
  return drawn('normal', shape, { generator, dtype: operand.dtype }, drawNormal).mul(std).add(mean);
}
