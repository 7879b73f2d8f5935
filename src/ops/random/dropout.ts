import { defineFused } from '../../autograd/fused.js';
import { isFloat } from '../../core/dtype.js';
import { DTypeError, ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { defineOptions, flag, generatorOption, number, withLeading } from '../../core/options.js';
import { defaultGenerator, type Generator } from '../../core/random.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { empty, type Tensor } from '../../tensor/tensor.js';

export interface DropoutOptions {
  /** The probability that an element is dropped (default 0.5). */
  readonly p?: number;
  /** Whether to drop anything at all (default true). */
  readonly training?: boolean;
  /** Where random numbers come from (default: what `manualSeed` seeds). */
  readonly generator?: Generator;
}

const readDropout = defineOptions({
  p: number(0.5, { least: 0, most: 1 }),
  training: flag(true),
  generator: generatorOption,
});

type Settings = Required<DropoutOptions>;

interface Chance {
  readonly p: number;
}

const dropoutOp = defineFused<'dropout', [Tensor], Chance, Generator>({
  name: 'dropout',
  family: 'dropout',
  composition([x], { p }, generator) {
    const mask = empty(x.shape, 'uint8', x.engine);
    x.engine.randomBernoulli(mask, 1 - p, generator);
    return masked(x, mask, p);
  },
  forward(kernels, ctx, [x], { p }, generator) {
    const y = empty(x.shape, x.dtype, x.engine);
    const mask = empty(x.shape, 'uint8', x.engine);
    kernels.randomDropout(y, mask, dense(x), p, generator);
    ctx.save(mask);
    return y;
  },
  gradient: ({ attrs, saved: [mask] }, g) => [maskedOp([g, mask!], attrs)],
});

const masked = (x: Tensor, mask: Tensor, p: number): Tensor => x.mul(mask.to(x.dtype)).div(1 - p);

/** g · mask/(1 − p); linear in g, so its gradient is itself. */
const maskedOp: (inputs: [Tensor, Tensor], chance: Chance) => Tensor = defineFused<
  'dropout',
  [Tensor, Tensor],
  Chance
>({
  name: 'dropoutBackward',
  family: 'dropout',
  composition: ([g, mask], { p }) => masked(g, mask, p),
  forward(kernels, ctx, [g, mask], { p }) {
    const y = empty(g.shape, g.dtype, g.engine);
    kernels.dropoutBackward(y, dense(g), mask, p);
    ctx.save(mask);
    return y;
  },
  gradient: ({ attrs, saved: [mask] }, g) => [maskedOp([g, mask!], attrs), null],
});

/** p on its own, or among the options. */
type GivenChance = number | DropoutOptions | undefined;

/** The options; p may also be a separate number. @throws ArgumentError, DTypeError */
function settings(operation: string, x: Tensor, p: GivenChance, rest: DropoutOptions | undefined): Settings {
  const { generator = defaultGenerator, ...given } = readDropout(
    operation,
    withLeading(operation, { p }, rest),
  );
  if (!isFloat(x.dtype)) throw new DTypeError(operation, `needs float32 or float64, x is ${x.dtype}`);
  return { ...given, generator };
}

/**
 * In training, each element becomes zero with probability p and is multiplied by 1/(1 − p)
 * otherwise, which keeps its expected value.
 *
 * @param p default 0.5; may also be one of the options
 * @throws ArgumentError unless 0 ≤ p ≤ 1
 * @source notes 2.11; Hinton et al. 2012, arXiv:1207.0580
 */
export function dropout(x: Tensor, p?: number | DropoutOptions, rest?: DropoutOptions): Tensor {
  checkTensors('dropout', { x });
  const { p: chance, training, generator } = settings('dropout', x, p, rest);
  if (!training || chance === 0 || x.count === 0) return x;
  if (chance === 1) return x.mul(0);
  return dropoutOp([x], { p: chance }, generator);
}

/** One draw for each channel, broadcast over the axes after it. */
function channelMask(x: Tensor, { p, generator }: Settings): Tensor {
  const mask = empty(
    x.shape.map((n, i) => (i < 2 ? n : 1)),
    x.dtype,
    x.engine,
  );
  mask.engine.randomBernoulli(mask, 1 - p, generator);
  return mask;
}

function dropChannels(
  operation: string,
  rank: number,
  x: Tensor,
  p: GivenChance,
  rest: DropoutOptions | undefined,
): Tensor {
  checkTensors(operation, { x });
  const all = settings(operation, x, p, rest);
  if (x.ndim !== rank + 2 && x.ndim !== rank + 1)
    throw new ShapeError(operation, `x needs ${rank + 2} axes, or ${rank + 1} without a batch`, [
      { name: 'x', shape: x.shape },
    ]);
  if (!all.training || all.p === 0 || x.count === 0) return x;
  if (all.p === 1) return x.mul(0);
  const batched = x.ndim === rank + 2 ? x : x.unsqueeze(0);
  const y = batched.mul(channelMask(batched, all).div(1 - all.p));
  return x.ndim === rank + 2 ? y : y.squeeze(0);
}

/** Like `dropout`, but drops whole channels. @shape x (N, C, L) or (C, L) */
export const dropout1d = (x: Tensor, p?: number | DropoutOptions, rest?: DropoutOptions): Tensor =>
  dropChannels('dropout1d', 1, x, p, rest);

/** Like `dropout`, but drops whole channels. @shape x (N, C, H, W) or (C, H, W) @source Tompson et al. 2015, arXiv:1411.4280 */
export const dropout2d = (x: Tensor, p?: number | DropoutOptions, rest?: DropoutOptions): Tensor =>
  dropChannels('dropout2d', 2, x, p, rest);

/** Like `dropout`, but drops whole channels. @shape x (N, C, D, H, W) or (C, D, H, W) */
export const dropout3d = (x: Tensor, p?: number | DropoutOptions, rest?: DropoutOptions): Tensor =>
  dropChannels('dropout3d', 3, x, p, rest);

/** SELU's λα: for large negative inputs, it tends to −λα. */
const saturation = 1.7580993408473766;

/** a·x·m + b, where m is the mask: dropped elements are −λα before a and b restore mean and variance. */
function alphaMasked(x: Tensor, mask: Tensor, p: number): Tensor {
  const a = 1 / Math.sqrt((saturation * saturation * p + 1) * (1 - p));
  const b = mask
    .add(-1)
    .mul(saturation * a)
    .add(saturation * a * p);
  return b.addcmul(x, mask.mul(a));
}

/**
 * Dropout that keeps the mean and variance of SELU activations: dropped elements become −λα, and the
 * result is scaled and shifted.
 *
 * @source Klambauer et al. 2017, arXiv:1706.02515
 */
export function alphaDropout(x: Tensor, p?: number | DropoutOptions, rest?: DropoutOptions): Tensor {
  checkTensors('alphaDropout', { x });
  const all = settings('alphaDropout', x, p, rest);
  if (!all.training || all.p === 0 || x.count === 0) return x;
  if (all.p === 1) return x.mul(0);
  const mask = empty(x.shape, x.dtype, x.engine);
  mask.engine.randomBernoulli(mask, 1 - all.p, all.generator);
  return alphaMasked(x, mask, all.p);
}

/** Like `alphaDropout`, but drops whole channels. @shape x (N, C, …) */
export const featureAlphaDropout = named(
  'featureAlphaDropout',
  (x: Tensor, p?: number | DropoutOptions, rest?: DropoutOptions): Tensor => {
    checkTensors('featureAlphaDropout', { x });
    const all = settings('featureAlphaDropout', x, p, rest);
    if (x.ndim < 2)
      throw new ShapeError('featureAlphaDropout', 'x needs a batch and channels', [
        { name: 'x', shape: x.shape },
      ]);
    if (!all.training || all.p === 0 || x.count === 0) return x;
    if (all.p === 1) return x.mul(0);
    return alphaMasked(x, channelMask(x, all), all.p);
  },
);
