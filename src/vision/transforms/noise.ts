import { checkOption, defineOptions, flag, number } from '../../core/options.js';
import { DTypeError, stack, type Tensor } from '../../index.js';
import type { Draws } from './draws.js';
import { type ImageSize, Transform } from './transform.js';

export interface AddNoiseOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Whether to clip the result at 0 and 1 (default true). */
  readonly clip?: boolean;
}

const noiseOptions = defineOptions({ mean: number(0), clip: flag(true) });

/**
 * Adds N(mean, std²) to each pixel of each channel.
 *
 * @param std standard deviation (default 0.1)
 * @throws ArgumentError for a negative std; DTypeError for bytes
 * @example
 * new vision.transforms.AddNoise(0.05).forward(rand([2, 3, 8, 8])).shape; // [2, 3, 8, 8]
 */
export class AddNoise extends Transform<Tensor> {
  readonly mean: number;
  readonly clip: boolean;

  constructor(
    readonly std = 0.1,
    options?: AddNoiseOptions,
  ) {
    super();
    const { mean, clip } = noiseOptions(new.target.name, options);
    checkOption(new.target.name, 'std', number(0.1, { least: 0 }), std);
    this.mean = mean;
    this.clip = clip;
  }

  override draw({ channels, height, width }: ImageSize, draws: Draws): Tensor {
    return draws.normals([channels, height, width]);
  }

  override apply(images: Tensor, drawn: readonly Tensor[]): Tensor {
    if (images.dtype === 'uint8')
      throw new DTypeError('AddNoise', 'needs floats, got uint8; use ToTensor first');
    const noisy = images.add(stack(drawn).mul(this.std).add(this.mean).to(images.dtype));
    return this.clip ? noisy.clamp(0, 1) : noisy;
  }

  protected override describe(): string {
    return `std=${this.std}, mean=${this.mean}, clip=${this.clip}`;
  }
}
