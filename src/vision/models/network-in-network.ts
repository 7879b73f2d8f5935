import { defineOptions } from '../../core/options.js';
import type { Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import { checkImages } from './image.js';
import { dropoutOption, numClassesOption } from './options.js';

export interface NetworkInNetworkOptions {
  /** Default 10. */
  readonly numClasses?: number;
  /** Probability of dropping a value between the blocks (default 0.5). */
  readonly dropout?: number;
}

const ninOptions = defineOptions({ numClasses: numClassesOption(10), dropout: dropoutOption(0.5) });

/** A convolution and two pointwise ones: a small network that slides over the image. */
const mlpConv = (
  inChannels: number,
  [first, second, third]: readonly [number, number, number],
  kernelSize: number,
): nn.Layer[] => [
  new nn.Conv2d(inChannels, first, kernelSize, { padding: kernelSize >> 1 }),
  new nn.ReLU(),
  new nn.Conv2d(first, second, 1),
  new nn.ReLU(),
  new nn.Conv2d(second, third, 1),
  new nn.ReLU(),
];

/**
 * Network in Network: pointwise convolutions between the others, and global average pooling of one map per class
 * instead of linear layers.
 *
 * @shape x (N, 3, H, W), of at least 4 pixels, 32 in the paper → logits (N, numClasses)
 * @throws ShapeError for smaller images
 * @source notes 3.10; Lin et al. 2013, arXiv:1312.4400
 */
export class NetworkInNetwork extends nn.Module {
  readonly features: nn.Sequential;

  constructor(options?: NetworkInNetworkOptions) {
    super();
    const { numClasses, dropout } = ninOptions(new.target.name, options);
    this.features = new nn.Sequential(
      ...mlpConv(3, [192, 160, 96], 5),
      new nn.MaxPool2d(3, { stride: 2, padding: 1 }),
      new nn.Dropout(dropout),
      ...mlpConv(96, [192, 192, 192], 5),
      new nn.AvgPool2d(3, { stride: 2, padding: 1 }),
      new nn.Dropout(dropout),
      ...mlpConv(192, [192, 192, numClasses], 3),
    );
  }

  override forward(x: Tensor): Tensor {
    checkImages('NetworkInNetwork', x, 3, 4);
    return this.features.forward(x).mean([2, 3]); // (N, numClasses, H/4, W/4) → (N, numClasses)
  }
}
