import { checkOption, defineOptions, flag, oneOf } from '../../core/options.js';
import type { Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import type { Classifier } from './classifier.js';
import { checkImages } from './image.js';
import { initConvNet, initForReLU } from './init.js';
import { dropoutOption, numClassesOption, widened, widthOption } from './options.js';

/** Layers with weights: configurations A, B, D, and E of the paper. */
export type VGGDepth = 11 | 13 | 16 | 19;

export interface VGGOptions {
  /** Default 1000. */
  readonly numClasses?: number;
  /** Whether each convolution is followed by batch normalization (default false, as in the paper). */
  readonly batchNorm?: boolean;
  /** Probability of dropping an input of a linear layer (default 0.5). */
  readonly dropout?: number;
  /** Whether to build the network for images of 32 × 32 pixels (default false: for 224 × 224). */
  readonly smallImages?: boolean;
  /** Factor by which to multiply the numbers of channels and hidden units (default 1). */
  readonly width?: number;
}

const vggOptions = defineOptions({
  numClasses: numClassesOption(1000),
  batchNorm: flag(false),
  dropout: dropoutOption(0.5),
  smallImages: flag(false),
  width: widthOption,
});

/** Channels of the five stages, each ended by pooling. */
const CHANNELS = [64, 128, 256, 512, 512];

/** Convolutions in each stage. */
const CONVOLUTIONS: Readonly<Record<VGGDepth, readonly number[]>> = {
  11: [1, 1, 2, 2, 2],
  13: [2, 2, 2, 2, 2],
  16: [2, 2, 3, 3, 3],
  19: [2, 2, 4, 4, 4],
};

function stages(depth: VGGDepth, batchNorm: boolean, wide: (channels: number) => number): nn.Sequential {
  const layers: nn.Layer[] = [];
  let inChannels = 3;
  for (const [stage, channels] of CHANNELS.map(wide).entries()) {
    for (let i = 0; i < CONVOLUTIONS[depth][stage]!; i++) {
      layers.push(new nn.Conv2d(inChannels, channels, 3, { padding: 1 }));
      if (batchNorm) layers.push(new nn.BatchNorm2d(channels));
      layers.push(new nn.ReLU());
      inChannels = channels;
    }
    layers.push(new nn.MaxPool2d(2));
  }
  return new nn.Sequential(...layers);
}

/**
 * VGG: a stack of 3 × 3 convolutions in five stages, each with half the size and twice the channels of the one before
 * (512 in the last two), and three linear layers.
 *
 * The weights, their names, and their initialization are torchvision's. For small images, the convolutions are the
 * same and leave one pixel of 512 features; the hidden linear layers have 512 units instead of 4,096, and weights are
 * initialized as in He et al. 2015.
 *
 * @param depth layers with weights: 11, 13, 16, or 19
 * @shape x (N, 3, H, W), of at least 32 pixels, 224 in the paper → logits (N, numClasses)
 * @throws ShapeError for smaller images; ArgumentError for a width that isn't positive
 * @source notes 3.10; Simonyan and Zisserman 2014, arXiv:1409.1556
 */
export class VGG extends nn.Module implements Classifier {
  readonly features: nn.Sequential;
  readonly avgpool: nn.AdaptiveAvgPool2d;
  readonly classifier: nn.Sequential;

  constructor(depth: VGGDepth, options?: VGGOptions) {
    super();
    const name = new.target.name;
    checkOption(name, 'depth', oneOf([11, 13, 16, 19], 11), depth);
    const { numClasses, batchNorm, dropout, smallImages, width } = vggOptions(name, options);
    const wide = widened(width);
    const side = smallImages ? 1 : 7;
    const hidden = wide(smallImages ? 512 : 4096);
    this.features = stages(depth, batchNorm, wide);
    this.avgpool = new nn.AdaptiveAvgPool2d([side, side]);
    this.classifier = new nn.Sequential(
      new nn.Linear(wide(512) * side * side, hidden),
      new nn.ReLU(),
      new nn.Dropout(dropout),
      new nn.Linear(hidden, hidden),
      new nn.ReLU(),
      new nn.Dropout(dropout),
      new nn.Linear(hidden, numClasses),
    );
    if (smallImages) initForReLU(this);
    else initConvNet(this, { linearStd: 0.01 });
  }

  get heads(): readonly [string] {
    return ['classifier.6'];
  }

  /** What the last linear layer sees. @shape (N, 3, H, W) → (N, 4096), small images (N, 512) */
  embed(x: Tensor): Tensor {
    checkImages('VGG', x, 3, 32);
    const h = this.avgpool.forward(this.features.forward(x)); // (N, 512, 7, 7), small images (N, 512, 1, 1)
    return this.classifier.slice(0, -1).forward(h.flatten(1));
  }

  override forward(x: Tensor): Tensor {
    return this.classifier.at(-1).forward(this.embed(x));
  }
}
