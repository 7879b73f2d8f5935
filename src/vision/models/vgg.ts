import type { Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import type { Classifier } from './classifier.js';
import { checkImages } from './image.js';
import { initConvNet } from './init.js';

/** Layers with weights: configurations A, B, D and E of the paper. */
export type VGGDepth = 11 | 13 | 16 | 19;

export interface VGGOptions {
  /** Default 1000. */
  readonly numClasses?: number;
  /** Whether each convolution is followed by batch normalization (default false, as in the paper). */
  readonly batchNorm?: boolean;
  /** Probability with which a value into a linear layer is dropped (default 0.5). */
  readonly dropout?: number;
}

/** Channels of the five stages, each ended by pooling. */
const CHANNELS = [64, 128, 256, 512, 512];

/** Convolutions in each stage. */
const CONVOLUTIONS: Readonly<Record<VGGDepth, readonly number[]>> = {
  11: [1, 1, 2, 2, 2],
  13: [2, 2, 2, 2, 2],
  16: [2, 2, 3, 3, 3],
  19: [2, 2, 4, 4, 4],
};

function stages(depth: VGGDepth, batchNorm: boolean): nn.Sequential {
  const layers: nn.Layer[] = [];
  let inChannels = 3;
  for (const [stage, channels] of CHANNELS.entries()) {
    for (let i = 0; i < CONVOLUTIONS[depth][stage]!; i++) {
      layers.push(new nn.Conv2d(inChannels, channels, 3, { padding: 1 }));
      if (batchNorm) layers.push(new nn.BatchNorm2d(channels));
      layers.push(new nn.ReLU());
      inChannels = channels;
    }
    layers.push(new nn.MaxPool2d(2, 2));
  }
  return new nn.Sequential(...layers);
}

/**
 * VGG: nothing but 3 × 3 convolutions, stacked, in five stages of twice the channels at half the size each,
 * and three linear layers.
 *
 * Weights, their names and their start are torchvision's.
 *
 * @param depth layers with weights: 11, 13, 16 or 19
 * @shape x (N, 3, H, W), of at least 32 pixels, 224 in the paper → logits (N, numClasses)
 * @throws ShapeError for smaller images
 * @source notes 3.10; Simonyan and Zisserman 2014, arXiv:1409.1556
 */
export class VGG extends nn.Module implements Classifier {
  readonly features: nn.Sequential;
  readonly avgpool = new nn.AdaptiveAvgPool2d([7, 7]);
  readonly classifier: nn.Sequential;

  constructor(depth: VGGDepth, { numClasses = 1000, batchNorm = false, dropout = 0.5 }: VGGOptions = {}) {
    super();
    this.features = stages(depth, batchNorm);
    this.classifier = new nn.Sequential(
      new nn.Linear(512 * 7 * 7, 4096),
      new nn.ReLU(),
      new nn.Dropout(dropout),
      new nn.Linear(4096, 4096),
      new nn.ReLU(),
      new nn.Dropout(dropout),
      new nn.Linear(4096, numClasses),
    );
    initConvNet(this, { linearStd: 0.01 });
  }

  get heads(): readonly [string] {
    return ['classifier.6'];
  }

  /** What the last linear layer sees. @shape (N, 3, H, W) → (N, 4096) */
  embed(x: Tensor): Tensor {
    checkImages('VGG', x, 3, 32);
    const h = this.avgpool.forward(this.features.forward(x)); // (N, 512, 7, 7)
    return this.classifier.slice(0, -1).forward(h.flatten(1));
  }

  override forward(x: Tensor): Tensor {
    return this.classifier.at(-1).forward(this.embed(x));
  }
}
