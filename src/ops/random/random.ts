import { inPlace } from '../../autograd/inplace.js';
import { describe } from '../../core/describe.js';
import { type DType, isFloat } from '../../core/dtype.js';
import { asConstant } from '../../core/element.js';
import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { anyNumber, checkOption, defineOptions, flag, generatorOption } from '../../core/options.js';
import { defaultGenerator, Generator } from '../../core/random.js';
import { broadcastShapes, type Shape } from '../../core/shape.js';
import { checkTensors, notTensor } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { inspect } from '../../tensor/inspect.js';
import { empty, emptyLike, Tensor } from '../../tensor/tensor.js';
import {
  type CreationOptions,
  checkShape,
  creationOptions,
  finish,
  forDrawing,
  splitNumbers,
} from '../creation/creation.js';
import { checkOperand } from '../promotion.js';

export { Generator };

/** The source of random numbers. */
export interface RandomOptions {
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

export type RandomCreationOptions = CreationOptions & RandomOptions;

type Draw = (out: Tensor, generator: Generator) => void;

const randomOptions = { generator: generatorOption };
const readRandom = defineOptions(randomOptions);
const readRandomCreation = defineOptions({ ...creationOptions, ...randomOptions });

function drawn(
  operation: string,
  shape: Shape,
  options: RandomCreationOptions | undefined,
  draw: Draw,
  usual: DType = 'float32',
): Tensor {
  checkShape(operation, shape);
  const {
    dtype = usual,
    requiresGrad,
    generator = defaultGenerator,
  } = readRandomCreation(operation, options);
  const x = forDrawing(operation, shape, dtype, 'floating');
  draw(x, generator);
  return finish(x, requiresGrad);
}

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

function checkLimits(operation: string, low: number, high: number): void {
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
function checkHeld(operation: string, low: number, high: number, dtype: DType): void {
  const [least, greatest] = limits[dtype];
  if (low < least || high - 1 > greatest)
    throw new DTypeError(
      operation,
      `${dtype} holds ${least} to ${greatest}, the numbers drawn are ${low} to ${high - 1}`,
    );
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
  checkShape(operation, shape);
  const {
    dtype = usual,
    requiresGrad,
    generator = defaultGenerator,
  } = readRandomCreation(operation, options);
  const x = forDrawing(operation, shape, dtype, 'any');
  checkHeld(operation, low, high, dtype);
  x.engine.randomIntegers(x, low, high, generator);
  return finish(x, requiresGrad);
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

function checkSpread(operation: string, std: Tensor | number): void {
  checkOperand(operation, 'std', std);
  if (typeof std === 'boolean') throw notTensor(operation, 'std', std, 'a tensor or a number');
  const problem = (least: number): ArgumentError | null =>
    least >= 0 ? null : new ArgumentError(operation, `std must be 0 or more, it is ${least}`);
  if (std instanceof Tensor) inspectLeast(std, problem);
  else {
    const error = problem(std);
    if (error !== null) throw error;
  }
}

/** Throws what `problem` returns for the least element, or for NaN if there is one. */
function inspectLeast(x: Tensor, problem: (least: number) => ArgumentError | null): void {
  if (x.count > 0) inspect(x.detach().min(), ([least]) => problem(least!));
}

/** Throws what `problem` returns for the greatest element, or for NaN if there is one. */
function inspectGreatest(x: Tensor, problem: (greatest: number) => ArgumentError | null): void {
  if (x.count > 0) inspect(x.detach().max(), ([greatest]) => problem(greatest!));
}

/** @throws ArgumentError unless each row is a distribution, up to scale */
function checkWeights(operation: string, x: Tensor): void {
  if (x.count === 0) return;
  const bad = (weight: number): ArgumentError =>
    new ArgumentError(operation, `weights must be finite and 0 or more, one is ${weight}`);
  inspectLeast(x, (least) => (least >= 0 ? null : bad(least)));
  inspectGreatest(x, (most) => (most < Number.POSITIVE_INFINITY ? null : bad(most)));
  const empty = x
    .reshape([-1, x.shape[x.ndim - 1]!])
    .gt(0)
    .any(1)
    .logicalNot();
  inspect(empty, (rows) => {
    const row = rows.indexOf(1);
    return row < 0
      ? null
      : new ArgumentError(operation, `all weights${x.ndim === 2 ? ` of row ${row}` : ''} are 0`);
  });
}

const badChance = (operation: string, p: unknown, below = false): ArgumentError =>
  new ArgumentError(operation, `p must be in [0, 1${below ? ')' : ']'}, it is ${describe(p)}`);

function checkChance(operation: string, p: number, below = false): void {
  if (!(typeof p === 'number' && p >= 0 && (below ? p < 1 : p <= 1))) throw badChance(operation, p, below);
}

/** Fills `x` in place; for a view with gaps, draws densely and copies. */
function fillDrawn(
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

const limit = anyNumber(0);

/** Fills with numbers drawn uniformly from [from, to) (default [0, 1)). */
export function uniform_(x: Tensor, from = 0, to = 1, options?: RandomOptions): Tensor {
  checkOption('uniform_', 'from', limit, from);
  checkOption('uniform_', 'to', limit, to);
  if (!(from <= to))
    throw new ArgumentError('uniform_', `from must be at most to, they are ${from} and ${to}`);
  if (!Number.isFinite(asConstant('uniform_', to - from, x.dtype)))
    throw new ArgumentError('uniform_', `cannot draw from an infinite range, from ${from} to ${to}`);
  return fillDrawn('uniform_', x, options, (out, generator) =>
    out.engine.randomUniform(out, from, to, generator),
  );
}

/** Fills with numbers drawn from N(mean, std²) (default N(0, 1)). */
export function normal_(x: Tensor, mean = 0, std = 1, options?: RandomOptions): Tensor {
  checkSpread('normal_', std);
  const oneByOne = !x.packed;
  return fillDrawn('normal_', x, options, (out, generator) =>
    out.engine.randomNormal(out, mean, std, oneByOne, generator),
  );
}

/** Fills with numbers drawn from Exp(rate): density rate·exp(-rate·x) (default rate 1). */
export function exponential_(x: Tensor, rate = 1, options?: RandomOptions): Tensor {
  if (!(typeof rate === 'number' && rate > 0))
    throw new ArgumentError('exponential_', `the rate must be positive, it is ${describe(rate)}`);
  return fillDrawn('exponential_', x, options, (out, generator) =>
    out.engine.randomExponential(out, rate, generator),
  );
}

/** Fills with e to the power of numbers drawn from N(mean, std²) (default mean 1, std 2). */
export function logNormal_(x: Tensor, mean = 1, std = 2, options?: RandomOptions): Tensor {
  checkSpread('logNormal_', std);
  return fillDrawn('logNormal_', x, options, (out, generator) =>
    out.engine.randomLogNormal(out, mean, std, generator),
  );
}

/** Fills with numbers drawn from the Cauchy distribution (default median 0, sigma 1). */
export function cauchy_(x: Tensor, median = 0, sigma = 1, options?: RandomOptions): Tensor {
  return fillDrawn('cauchy_', x, options, (out, generator) =>
    out.engine.randomCauchy(out, median, sigma, generator),
  );
}

/**
 * Fills with the number of trials up to the first success, which has probability p; integers stop at the
 * largest that their dtype holds.
 *
 * @throws DTypeError for bool
 */
export function geometric_(x: Tensor, p: number, options?: RandomOptions): Tensor {
  if (!(typeof p === 'number' && p > 0 && p < 1))
    throw new ArgumentError('geometric_', `p must be in (0, 1), it is ${describe(p)}`);
  if (x.dtype === 'bool') throw new DTypeError('geometric_', 'draws numbers from 1, the tensor is bool');
  return fillDrawn(
    'geometric_',
    x,
    options,
    (out, generator) => out.engine.randomGeometric(out, p, generator),
    'any',
  );
}

/** How many whole numbers, starting with 0, a dtype holds exactly; at most 2⁵³ - 1. */
const wholeNumbers: Readonly<Record<DType, number>> = {
  float32: 2 ** 24 + 1,
  float64: 2 ** 53 - 1,
  int32: 2 ** 31,
  uint8: 256,
  bool: 2,
};

/**
 * Fills with whole numbers drawn uniformly from low (default 0) to high - 1; without limits, from all that
 * the dtype holds, starting with 0.
 *
 * @throws DTypeError for numbers that the dtype can't hold
 */
export function random_(x: Tensor, options?: RandomOptions): Tensor;
export function random_(x: Tensor, high: number, options?: RandomOptions): Tensor;
export function random_(x: Tensor, low: number, high: number, options?: RandomOptions): Tensor;
export function random_(x: Tensor, ...args: (number | RandomOptions | undefined)[]): Tensor {
  const { numbers, options } = splitNumbers('random_', args, 0, 2);
  const high = numbers.at(-1) ?? wholeNumbers[x.dtype];
  const low = numbers.length === 2 ? numbers[0]! : 0;
  checkLimits('random_', low, high);
  checkHeld('random_', low, high, x.dtype);
  return fillDrawn(
    'random_',
    x,
    options,
    (out, generator) => out.engine.randomIntegers(out, low, high, generator),
    'any',
  );
}

/**
 * Fills with numbers drawn from N(mean, std²), truncated to [low, high].
 * In PyTorch, it's `nn.init.trunc_normal_`.
 */
export function truncatedNormal_(
  x: Tensor,
  mean: number,
  std: number,
  low: number,
  high: number,
  options?: RandomOptions,
): Tensor {
  if (!(std > 0)) throw new ArgumentError('truncNormal_', `std must be positive, it is ${std}`);
  if (!(low < high))
    throw new ArgumentError('truncNormal_', `a must be less than b, they are ${low} and ${high}`);
  return fillDrawn('truncNormal_', x, options, (out, generator) =>
    out.engine.randomTruncatedNormal(out, mean, std, low, high, generator),
  );
}

/**
 * Fills with 1 with probability p (default 0.5), otherwise 0; a tensor p has one for each element.
 * @throws ArgumentError unless p is in [0, 1]
 */
export function bernoulli_(x: Tensor, p: Tensor | number = 0.5, options?: RandomOptions): Tensor {
  if (typeof p === 'number') {
    checkChance('bernoulli_', p);
    return fillDrawn(
      'bernoulli_',
      x,
      options,
      (out, generator) => out.engine.randomBernoulli(out, p, generator),
      'any',
    );
  }
  checkTensors('bernoulli_', { p });
  requireChances('bernoulli_', p);
  const chances = dense(p.expand(x.shape));
  return fillDrawn(
    'bernoulli_',
    x,
    options,
    (out, generator) => out.engine.randomBernoulliEach(out, chances, generator),
    'any',
    [p],
  );
}

/** @throws DTypeError, ArgumentError unless each element is a probability */
function requireChances(operation: string, p: Tensor): void {
  if (!isFloat(p.dtype)) throw new DTypeError(operation, `probabilities must be floating, not ${p.dtype}`);
  inspectLeast(p, (least) => (least >= 0 ? null : badChance(operation, least)));
  inspectGreatest(p, (most) => (most <= 1 ? null : badChance(operation, most)));
}

/**
 * 1 with the probability that each element of `x` holds, otherwise 0.
 * @throws ArgumentError unless they're in [0, 1]
 */
export function bernoulli(x: Tensor, options?: RandomOptions): Tensor {
  checkTensors('bernoulli', { x });
  const { generator = defaultGenerator } = readRandom('bernoulli', options);
  requireChances('bernoulli', x);
  const out = emptyLike(x);
  x.engine.randomBernoulliEach(out, dense(x), generator);
  return out;
}

function dense(x: Tensor): Tensor {
  if (x.packed) return x;
  const copy = emptyLike(x);
  x.engine.copy(copy, x);
  return copy;
}

export interface MultinomialOptions extends RandomOptions {
  /** Whether an index may be drawn more than once (default false). */
  readonly replacement?: boolean;
}

const readMultinomial = defineOptions({ replacement: flag(false), ...randomOptions });

/**
 * Indices drawn with the probabilities in the rows of `x`, up to scale.
 *
 * @shape x (n) or (rows, n) → (samples) or (rows, samples), int32
 * @throws ArgumentError for more samples than columns without replacement, for a weight that's negative or not
 *   finite, and for a row of zeros
 */
export const multinomial = named(
  'multinomial',
  (x: Tensor, samples: number, options?: MultinomialOptions): Tensor => {
    checkTensors('multinomial', { x });
    const { replacement, generator = defaultGenerator } = readMultinomial('multinomial', options);
    if (!isFloat(x.dtype)) throw new DTypeError('multinomial', `weights must be floating, not ${x.dtype}`);
    const n = x.shape[x.ndim - 1] ?? 0;
    if (x.ndim < 1 || x.ndim > 2 || n === 0)
      throw new ShapeError('multinomial', 'needs one or two axes, and the last must not be empty', [
        { name: 'x', shape: x.shape },
      ]);
    if (!Number.isInteger(samples) || samples < 1 || (!replacement && samples > n))
      throw new ArgumentError('multinomial', `cannot draw ${describe(samples)} of ${n} without replacement`);
    checkWeights('multinomial', x.detach());
    const out = empty([...x.shape.slice(0, -1), samples], 'int32', x.engine);
    x.engine.randomMultinomial(out, dense(x.detach()), replacement, generator);
    return out;
  },
);

attach({
  uniform_,
  normal_,
  exponential_,
  logNormal_,
  cauchy_,
  geometric_,
  bernoulli_,
  bernoulli,
  multinomial,
  random_,
});
