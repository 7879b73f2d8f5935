import { requireNumbers } from '../../core/arguments.js';
import { ArgumentError, DTypeError, ShapeError, type Tensor, tensor } from '../../index.js';
import { onBatch } from './images.js';
import { FixedTransform } from './transform.js';

function checkStd(operation: string, std: readonly number[]): void {
  requireNumbers(operation, 'std', std);
  if (std.includes(0)) throw new ArgumentError(operation, `std can't be 0, got [${std.join(', ')}]`);
}

/** (x − mean) / std, channel by channel; see `Normalize`. */
export function normalize(images: Tensor, mean: readonly number[], std: readonly number[]): Tensor {
  requireNumbers('normalize', 'mean', mean);
  checkStd('normalize', std);
  return onBatch('normalize', images, (x) => {
    if (x.dtype === 'uint8') throw new DTypeError('normalize', 'needs floats, got uint8; use ToTensor first');
    const perChannel = (name: string, values: readonly number[]): Tensor => {
      if (values.length !== 1 && values.length !== x.shape[1])
        throw new ShapeError('normalize', `${name} has ${values.length} numbers for ${x.shape[1]} channels`, [
          { name: 'images', axes: '(N, C, H, W)', shape: x.shape },
        ]);
      return tensor(values, { dtype: x.dtype }).reshape([values.length, 1, 1]);
    };
    return x.sub(perChannel('mean', mean)).div(perChannel('std', std));
  });
}

/**
 * Mean 0 and standard deviation 1 in each channel: (x − mean) / std.
 *
 * @param mean one number for each channel, or one for all
 * @param std likewise, the standard deviation
 * @throws ArgumentError if a std is 0; DTypeError for bytes; ShapeError for other channels
 */
export class Normalize extends FixedTransform {
  constructor(
    readonly mean: readonly number[],
    readonly std: readonly number[],
  ) {
    super();
    checkStd('Normalize', std);
  }

  override apply(images: Tensor): Tensor {
    return normalize(images, this.mean, this.std);
  }

  protected override describe(): string {
    return `mean=[${this.mean.join(', ')}], std=[${this.std.join(', ')}]`;
  }
}
