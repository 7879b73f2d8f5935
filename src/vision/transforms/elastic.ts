import { ArgumentError } from '../../core/errors.js';
import { defineOptions, type Resolved } from '../../core/options.js';
import { cat, linspace, ShapeError, stack, type Tensor } from '../../index.js';
import { checkTensors } from '../../tensor/argument.js';
import { oneOrTwo, pair, type Range } from './checks.js';
import type { Draws } from './draws.js';
import { blurEach } from './gaussian-blur.js';
import { onBatch } from './images.js';
import { type Interpolation, interpolationOption } from './resize.js';
import { type Fill, fillOption, sample } from './sampling.js';
import { type ImageSize, Transform } from './transform.js';

export interface ElasticOptions {
  /** Default `bilinear`. */
  readonly interpolation?: Interpolation;
  /** The value outside the image (default 0). */
  readonly fill?: Fill;
}

/** Centers of an axis's pixels between its edges at −1 and 1. */
const centers = (n: number, dtype: 'float32' | 'float64'): Tensor =>
  linspace((1 - n) / n, (n - 1) / n, n, { dtype });

const elasticSpec = { interpolation: interpolationOption('bilinear'), fill: fillOption };
const elasticOptions = defineOptions(elasticSpec);

/**
 * Images whose pixels are read at displaced positions.
 *
 * @param displacement how far, x before y, if the image is 2 wide and high
 * @shape images (N, C, H, W), displacement (N, H, W, 2) or (1, H, W, 2)
 * @throws ArgumentError, ShapeError
 */
export function elasticTransform(images: Tensor, displacement: Tensor, options?: ElasticOptions): Tensor {
  checkTensors('elasticTransform', { images, displacement });
  const read = elasticOptions('elasticTransform', options);
  return onBatch(
    'elasticTransform',
    images,
    (x) => displace('elasticTransform', x, displacement, read),
    images.requiresGrad || displacement.requiresGrad,
  );
}

function displace(
  operation: string,
  images: Tensor,
  displacement: Tensor,
  { interpolation, fill }: Resolved<typeof elasticSpec>,
): Tensor {
  const [n, , h, w] = images.shape as [number, number, number, number];
  const [count, ...rest] = displacement.shape;
  if ((count !== 1 && count !== n) || rest.join() !== [h, w, 2].join())
    throw new ShapeError(operation, "the displacement's shape doesn't match the images", [
      { name: 'images', axes: '(N, C, H, W)', shape: images.shape },
      { name: 'displacement', axes: '(N, H, W, 2)', shape: displacement.shape },
    ]);
  const dtype = images.dtype === 'float64' ? 'float64' : 'float32';
  const x = centers(w, dtype).reshape([1, 1, w]).expand([1, h, w]);
  const y = centers(h, dtype).reshape([1, h, 1]).expand([1, h, w]);
  const grid = stack([x, y], -1).add(displacement.to(dtype)).expand([n, h, w, 2]);
  return sample(operation, images, grid, interpolation, fill);
}

/** Odd, and wide enough for a bell curve of this width. */
function bellSize(sigma: number): number {
  const size = Math.trunc(8 * sigma + 1);
  return size % 2 === 0 ? size + 1 : size;
}

export interface ElasticTransformOptions extends ElasticOptions {
  /** How far pixels move, one number or [x, y] (default 50). */
  readonly alpha?: number | Range;
  /** How smoothly, in pixels: the width of the bell curve that blurs the displacements (default 5). */
  readonly sigma?: number | Range;
}

const elasticTransformOptions = defineOptions({
  alpha: oneOrTwo(50),
  sigma: oneOrTwo(5),
  ...elasticSpec,
});

/**
 * Moves each pixel by a random distance that's much like its neighbors', as handwriting varies: displacements drawn from
 * U[−1, 1), blurred, times alpha / H.
 *
 * @throws ArgumentError; ShapeError for images of at most 4·sigma pixels
 * @source Simard et al. 2003, doi:10.1109/ICDAR.2003.1227801
 */
export class ElasticTransform extends Transform<readonly [dx: Tensor, dy: Tensor]> {
  readonly alpha: Range;
  readonly sigma: Range;
  readonly options: Resolved<typeof elasticSpec>;

  constructor(given?: ElasticTransformOptions) {
    super();
    const { alpha, sigma, ...options } = elasticTransformOptions(new.target.name, given);
    this.alpha = pair(alpha);
    this.sigma = pair(sigma);
    const wrong = [...this.alpha, ...this.sigma].find((value) => value < 0);
    if (wrong !== undefined)
      throw new ArgumentError('ElasticTransform', `alpha and sigma must be at least 0, got ${wrong}`);
    if ((this.sigma[0] === 0) !== (this.sigma[1] === 0))
      throw new ArgumentError('ElasticTransform', 'sigma must be 0 for both axes or for none');
    this.options = options;
  }

  override draw({ height, width }: ImageSize, draws: Draws): readonly [Tensor, Tensor] {
    return [draws.uniforms([1, height, width]), draws.uniforms([1, height, width])];
  }

  override apply(images: Tensor, drawn: readonly (readonly [Tensor, Tensor])[]): Tensor {
    const size = images.shape.slice(2) as [number, number];
    const along = (axis: 0 | 1): Tensor => {
      const noise = stack(drawn.map((each) => each[axis]))
        .mul(2)
        .sub(1);
      const sides = [bellSize(this.sigma[axis]), bellSize(this.sigma[axis])] as const;
      const smooth =
        this.sigma[axis] === 0 ? noise : blurEach('ElasticTransform', noise, sides, [this.sigma]);
      // As in torchvision, x is scaled by the height and y by the width.
      return smooth.mul(this.alpha[axis] / size[axis]);
    };
    const displacement = cat([along(0), along(1)], 1).permute([0, 2, 3, 1]);
    return displace('ElasticTransform', images, displacement, this.options);
  }

  protected override describe(): string {
    return `alpha=[${this.alpha.join(', ')}], sigma=[${this.sigma.join(', ')}], interpolation=${this.options.interpolation}`;
  }
}
