import { describe } from '../../core/describe.js';
import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { defineOptions, flag } from '../../core/options.js';
import { defaultGenerator } from '../../core/random.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { dense } from '../../tensor/dense.js';
import { inspect } from '../../tensor/inspect.js';
import { empty, emptyLike, type Tensor } from '../../tensor/tensor.js';
import {
  fillDrawn,
  inspectGreatest,
  inspectLeast,
  type RandomOptions,
  randomOptions,
  readRandom,
} from './draw.js';

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

const badChance = (operation: string, p: unknown): ArgumentError =>
  new ArgumentError(operation, `p must be in [0, 1], got ${describe(p)}`);

/**
 * Fills with 1 with probability p (default 0.5), otherwise 0; a tensor p has one for each element.
 * @throws ArgumentError unless p is in [0, 1]
 */
export function bernoulli_(x: Tensor, p: Tensor | number = 0.5, options?: RandomOptions): Tensor {
  if (typeof p === 'number') {
    if (!(p >= 0 && p <= 1)) throw badChance('bernoulli_', p);
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
  if (!isFloat(p.dtype)) throw new DTypeError(operation, `probabilities must be floating, got ${p.dtype}`);
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
    if (!isFloat(x.dtype)) throw new DTypeError('multinomial', `weights must be floating, got ${x.dtype}`);
    const n = x.shape[x.ndim - 1] ?? 0;
    if (x.ndim < 1 || x.ndim > 2 || n === 0)
      throw new ShapeError('multinomial', 'needs one or two axes, and the last must not be empty', [
        { name: 'x', shape: x.shape },
      ]);
    if (!Number.isInteger(samples) || samples < 1 || (!replacement && samples > n))
      throw new ArgumentError('multinomial', `can't draw ${describe(samples)} of ${n} without replacement`);
    checkWeights('multinomial', x.detach());
    const out = empty([...x.shape.slice(0, -1), samples], 'int32', x.engine);
    x.engine.randomMultinomial(out, dense(x.detach()), replacement, generator);
    return out;
  },
);

attach({
  bernoulli_,
  bernoulli,
  multinomial,
});
