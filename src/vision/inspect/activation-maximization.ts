import { requireList } from '../../core/arguments.js';
import { ArgumentError, IndexError, ShapeError } from '../../core/errors.js';
import { defineOptions, number, pairOf, text, whole } from '../../core/options.js';
import * as F from '../../functional.js';
import { Generator, grad, noGrad, randn, type Tensor, tensor, tidy } from '../../index.js';
import type * as nn from '../../nn/index.js';
import { requireModule } from '../../nn/module/argument.js';
import { inspecting } from './inspecting.js';
import { listen, silent } from './layers.js';
import { scoresOf } from './target.js';

export interface ActivationMaximizationOptions {
  /** Path of the layer that has the units (default: the model's output); a map counts by its mean. */
  readonly layer?: string | undefined;
  /** Steps uphill (default 200). */
  readonly steps?: number | undefined;
  /** How far pixels move in a step (root mean square), as a share of the range (default 0.02). */
  readonly lr?: number | undefined;
  /** Values that a pixel may have (default [0, 1]). */
  readonly range?: readonly [least: number, most: number] | undefined;
  /** Share by which each step pulls the pixels back to the middle of the range (default 0.01). */
  readonly decay?: number | undefined;
  /** Share of a pixel that each step replaces by the mean of its four neighbors (default 0.1). */
  readonly smoothing?: number | undefined;
  /** Seed of the noise that it starts from (default 0). */
  readonly seed?: number | undefined;
}

const operation = 'activationMaximization';
/** Standard deviation of the noise at the start, as a share of the range. */
const NOISE = 0.05;

const share = (defaultValue: number) => number(defaultValue, { least: 0, most: 1 });
const maximizationOptions = defineOptions({
  layer: text(undefined),
  steps: whole(200, { least: 1 }),
  lr: share(0.02),
  range: pairOf(number(0), [0, 1] as const),
  decay: share(0.01),
  smoothing: share(0.1),
  seed: whole(0),
});

function check(shape: readonly number[], units: readonly number[], range: readonly [number, number]): void {
  if (shape.length !== 3 || shape.some((n) => !Number.isInteger(n) || n < 1))
    throw new ShapeError(operation, 'the shape must be that of an image, (C, H, W)', [
      { name: 'shape', shape },
    ]);
  if (units.length === 0) throw new ArgumentError(operation, 'there are no units');
  if (range[0] >= range[1])
    throw new ArgumentError(operation, `from ${range[0]} to ${range[1]} isn't a range`);
}

/** The units' values; for maps, their means. @shape output (U, K, …), units (U, 1) → (U) */
function valuesOf(output: Tensor, units: Tensor, numbers: readonly number[]): Tensor {
  if (output.ndim < 2)
    throw new ShapeError(operation, 'the layer gives no units, (N, K) or (N, K, …)', [
      { name: 'output', shape: output.shape },
    ]);
  const count = output.shape[1]!;
  for (const unit of numbers)
    if (!Number.isInteger(unit) || unit < 0 || unit >= count)
      throw new IndexError(operation, `unit ${unit} is out of range; the layer has units 0 to ${count - 1}`);
  return scoresOf(output.ndim > 2 ? output.flatten(2).mean(2) : output, units);
}

/** Replaces a share of each pixel by the mean of its neighbors. @shape x (U, C, H, W) → the same */
function smoothed(x: Tensor, share: number): Tensor {
  const channels = x.shape[1]!;
  const beside = share / 4;
  const kernel = [
    [0, beside, 0],
    [beside, 1 - share, beside],
    [0, beside, 0],
  ];
  const weight = tensor(kernel, { dtype: x.dtype }).expand([channels, 1, 3, 3]);
  return F.conv2d(F.pad(x, [1, 1, 1, 1], { mode: 'replicate' }), weight, null, { groups: channels });
}

/**
 * Activation maximization: images that excite units most. Starting from gray noise, each step follows the gradient of
 * the unit's value, scaled to unit root mean square, pulls the pixels back to the middle of their range, and smooths
 * them a little. Without that, the images would be noise that excites the unit instead of what it was trained to see.
 *
 * The model runs in evaluation mode and isn't changed. The same seed gives the same image, no matter which
 * other units you ask for.
 *
 * @param shape the shape of an image that the model takes, (C, H, W)
 * @param units one or several: classes, or another layer's features or maps
 * @shape (U, C, H, W), or (C, H, W) for a single unit
 * @throws IndexError for a unit that the layer doesn't have
 * @throws ArgumentError for a layer that doesn't exist or returns nothing, or invalid options
 * @throws ShapeError for a shape that isn't an image's, or a layer without units
 * @source notes 3.8; Erhan et al. 2009; Yosinski et al. 2015, arXiv:1506.06579
 * @example
 * const lenet = new vision.LeNet5();
 * vision.activationMaximization(lenet, [1, 32, 32], [3, 8], { steps: 5 }).shape; // [2, 1, 32, 32]
 * vision.activationMaximization(lenet, [1, 32, 32], 2, { layer: 'conv1', steps: 5 }).shape; // [1, 32, 32]
 */
export function activationMaximization(
  model: nn.Layer,
  shape: readonly number[],
  units: number | readonly number[],
  options?: ActivationMaximizationOptions,
): Tensor {
  requireModule('activationMaximization', 'model', model);
  requireList('activationMaximization', 'shape', shape);
  const read = maximizationOptions(operation, options);
  const { layer, steps, lr, range, decay, smoothing, seed } = read;
  const numbers = typeof units === 'number' ? [units] : units;
  check(shape, numbers, range);
  const watched = layer === undefined ? [] : [model.getSubmodule(layer)];
  const [least, width] = [range[0], range[1] - range[0]];
  return inspecting(model, () => {
    const chosen = tensor([...numbers], { dtype: 'int32' }).unsqueeze(1); // (U, 1)
    const uphill = (pixels: Tensor): Tensor => {
      const x = pixels.detach().requiresGrad_();
      const { result, outputs } = listen(model, x.mul(width).add(least), watched);
      const output = layer === undefined ? result : outputs.at(-1)?.output;
      if (output === undefined) throw silent(operation, layer!);
      return grad(valuesOf(output, chosen, numbers).sum(), x)[0]!;
    };
    const step = (pixels: Tensor): Tensor => {
      const g = uphill(pixels);
      return noGrad(() => {
        const size = g.square().mean([1, 2, 3], { keepdim: true }).sqrt().add(1e-12);
        const moved = pixels.add(g.div(size).mul(lr));
        return smoothed(
          moved
            .sub(0.5)
            .mul(1 - decay)
            .add(0.5),
          smoothing,
        ).clamp(0, 1);
      });
    };
    const dtype = model.parameters()[0]?.dtype ?? 'float32';
    const noise = randn([1, ...shape], { dtype, generator: new Generator(seed) });
    let pixels = noise
      .mul(NOISE)
      .add(0.5)
      .clamp(0, 1)
      .expand([numbers.length, ...shape]);
    for (let i = 0; i < steps; i++) pixels = tidy(() => step(pixels));
    const images = pixels.mul(width).add(least);
    return typeof units === 'number' ? images.squeeze(0) : images;
  });
}
