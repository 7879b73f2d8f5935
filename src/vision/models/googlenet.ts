import { requireObject } from '../../core/arguments.js';
import { defineOptions, flag, number } from '../../core/options.js';
import * as F from '../../functional.js';
import { cat, type Tensor, tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import { checkTensors } from '../../tensor/argument.js';
import type { Classifier } from './classifier.js';
import { checkImages } from './image.js';
import { initForReLU } from './init.js';
import { dropoutOption, numClassesOption, widened, widthOption } from './options.js';

/** Convolution without bias, batch normalization, ReLU. */
class BasicConv2d extends nn.Module {
  readonly conv: nn.Conv2d;
  readonly bn: nn.BatchNorm2d;
  readonly relu = new nn.ReLU();

  constructor(inChannels: number, outChannels: number, kernelSize: number, options?: nn.ConvOptions) {
    super();
    this.conv = new nn.Conv2d(inChannels, outChannels, kernelSize, { bias: false, ...options });
    this.bn = new nn.BatchNorm2d(outChannels, { eps: 1e-3 });
  }

  override forward(x: Tensor): Tensor {
    return nn.fuse(this.bn, this.conv.forward(x), { activation: this.relu });
  }
}

/** Output channels of an inception block; `reduce` is how many a pointwise convolution leaves for the next one. */
interface InceptionChannels {
  readonly pointwise: number;
  readonly middle: { readonly reduce: number; readonly out: number };
  readonly wide: { readonly reduce: number; readonly out: number };
  readonly pool: number;
}

/**
 * Convolutions of several sizes and a pooled branch, side by side; their channels are joined. Pointwise convolutions
 * keep the number of channels, and with it the cost, down.
 *
 * @shape x (N, Cin, H, W) → (N, pointwise + middle.out + wide.out + pool, H, W)
 * @differs from the paper: the wide branch is 3 × 3 instead of 5 × 5, as in torchvision, so it takes torchvision's
 * weights
 */
export class Inception extends nn.Module {
  readonly branch1: BasicConv2d;
  readonly branch2: nn.Sequential;
  readonly branch3: nn.Sequential;
  readonly branch4: nn.Sequential;

  constructor(inChannels: number, channels: InceptionChannels) {
    super();
    requireObject('Inception', 'channels', channels);
    const { pointwise, middle, wide, pool } = channels;
    requireObject('Inception', 'channels.middle', middle);
    requireObject('Inception', 'channels.wide', wide);
    this.branch1 = new BasicConv2d(inChannels, pointwise, 1);
    this.branch2 = new nn.Sequential(
      new BasicConv2d(inChannels, middle.reduce, 1),
      new BasicConv2d(middle.reduce, middle.out, 3, { padding: 1 }),
    );
    this.branch3 = new nn.Sequential(
      new BasicConv2d(inChannels, wide.reduce, 1),
      new BasicConv2d(wide.reduce, wide.out, 3, { padding: 1 }),
    );
    this.branch4 = new nn.Sequential(
      new nn.MaxPool2d(3, { stride: 1, padding: 1, ceilMode: true }),
      new BasicConv2d(inChannels, pool, 1),
    );
  }

  override forward(x: Tensor): Tensor {
    const branches = [this.branch1, this.branch2, this.branch3, this.branch4];
    return cat(
      branches.map((branch) => branch.forward(x)),
      1,
    );
  }
}

/** A classifier halfway through; its loss brings gradients to the early layers. @shape (N, Cin, H, W) → (N, numClasses) */
class InceptionAux extends nn.Module {
  readonly conv: BasicConv2d;
  readonly fc1: nn.Linear;
  readonly fc2: nn.Linear;
  readonly dropout: nn.Dropout;

  constructor(inChannels: number, channels: number, hidden: number, numClasses: number, dropout: number) {
    super();
    this.conv = new BasicConv2d(inChannels, channels, 1);
    this.fc1 = new nn.Linear(channels * 4 * 4, hidden);
    this.fc2 = new nn.Linear(hidden, numClasses);
    this.dropout = new nn.Dropout(dropout);
  }

  override forward(x: Tensor): Tensor {
    const h = this.conv.forward(F.adaptiveAvgPool2d(x, [4, 4])); // (N, 128, 4, 4)
    return this.fc2.forward(this.dropout.forward(F.relu(this.fc1.forward(h.flatten(1)))));
  }
}

/** Images normalized for ImageNet, (v − mean)/std of each channel, as (v − 0.5)/0.5. @shape (N, 3, H, W) */
function renormalized(x: Tensor): Tensor {
  const perChannel = (values: readonly number[]): Tensor => tensor(values, [1, 3, 1, 1], { dtype: x.dtype });
  const [mean, std] = [perChannel([0.485, 0.456, 0.406]), perChannel([0.229, 0.224, 0.225])];
  return x.mul(std.div(0.5)).add(mean.sub(0.5).div(0.5));
}

/** Logits of the network and of its two auxiliary classifiers. */
export interface GoogLeNetOutputs {
  /** @shape (N, numClasses) */
  readonly logits: Tensor;
  /** Of the earlier one, after block 4a; null in evaluation, and without auxiliary classifiers. */
  readonly auxLogits1: Tensor | null;
  /** Of the later one, after block 4d. */
  readonly auxLogits2: Tensor | null;
}

export interface GoogLeNetOptions {
  /** Default 1000. */
  readonly numClasses?: number;
  /** Whether there are auxiliary classifiers (default true). */
  readonly auxLogits?: boolean;
  /** Probability of dropping a feature before the last layer (default 0.2). */
  readonly dropout?: number;
  /** The same in the auxiliary classifiers (default 0.7). */
  readonly dropoutAux?: number;
  /** Whether to build the network for images of 32 × 32 pixels (default false: for 224 × 224). */
  readonly smallImages?: boolean;
  /** Factor by which to multiply the numbers of channels and hidden units (default 1). */
  readonly width?: number;
  /**
   * Whether to map images normalized for ImageNet to the range from −1 to 1, on which torchvision's weights were
   * trained (default false).
   */
  readonly transformInput?: boolean;
}

const googLeNetOptions = defineOptions({
  numClasses: numClassesOption(1000),
  auxLogits: flag(true),
  dropout: dropoutOption(0.2),
  dropoutAux: dropoutOption(0.7),
  smallImages: flag(false),
  width: widthOption,
  transformInput: flag(false),
});

/**
 * GoogLeNet (Inception v1) with batch normalization: 22 layers deep, with nine inception blocks, global average
 * pooling, and one linear layer. Two auxiliary classifiers, used in training only, help against vanishing gradients.
 *
 * The weights, their names, and their initialization are torchvision's. For small images, one 3 × 3 convolution without
 * stride comes before the inception blocks instead of three convolutions and two poolings, so an image of 32 pixels
 * looks as large to them as one of 256 does otherwise; weights are initialized as in He et al. 2015.
 *
 * @shape x (N, 3, H, W), of at least 15 pixels, 224 in the paper → logits (N, numClasses); with `smallImages`
 * of at least 4, meant for 32
 * @throws ShapeError for smaller images; ArgumentError for a width that isn't positive
 * @differs from torchvision: `forward` always gives the logits; `outputs` also gives the logits of the auxiliary
 * classifiers
 * @source notes 3.10; Szegedy et al. 2014, arXiv:1409.4842
 */
export class GoogLeNet extends nn.Module implements Classifier {
  readonly conv1: BasicConv2d;
  readonly maxpool1: nn.MaxPool2d | null;
  readonly conv2: BasicConv2d | null;
  readonly conv3: BasicConv2d | null;
  readonly maxpool2: nn.MaxPool2d | null;

  readonly inception3a: Inception;
  readonly inception3b: Inception;
  readonly maxpool3 = new nn.MaxPool2d(3, { stride: 2, ceilMode: true });

  readonly inception4a: Inception;
  readonly inception4b: Inception;
  readonly inception4c: Inception;
  readonly inception4d: Inception;
  readonly inception4e: Inception;
  readonly maxpool4 = new nn.MaxPool2d(2, { stride: 2, ceilMode: true });

  readonly inception5a: Inception;
  readonly inception5b: Inception;

  readonly aux1: InceptionAux | null;
  readonly aux2: InceptionAux | null;
  readonly avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
  readonly dropout: nn.Dropout;
  readonly fc: nn.Linear;
  private readonly least: number;
  readonly transformInput: boolean;

  constructor(options?: GoogLeNetOptions) {
    super();
    const read = googLeNetOptions(new.target.name, options);
    const { numClasses, auxLogits, dropout, dropoutAux, smallImages, width, transformInput } = read;
    const wide = widened(width);
    const pool = (): nn.MaxPool2d => new nn.MaxPool2d(3, { stride: 2, ceilMode: true });
    this.conv1 = smallImages
      ? new BasicConv2d(3, wide(192), 3, { padding: 1 })
      : new BasicConv2d(3, wide(64), 7, { stride: 2, padding: 3 });
    this.maxpool1 = smallImages ? null : pool();
    this.conv2 = smallImages ? null : new BasicConv2d(wide(64), wide(64), 1);
    this.conv3 = smallImages ? null : new BasicConv2d(wide(64), wide(192), 3, { padding: 1 });
    this.maxpool2 = smallImages ? null : pool();

    let channels = wide(192);
    /** The next block, with the paper's numbers of channels. */
    const block = (
      pointwise: number,
      [reduceMiddle, middle]: readonly [number, number],
      [reduceLarge, large]: readonly [number, number],
      pool: number,
    ): Inception => {
      const inception = new Inception(channels, {
        pointwise: wide(pointwise),
        middle: { reduce: wide(reduceMiddle), out: wide(middle) },
        wide: { reduce: wide(reduceLarge), out: wide(large) },
        pool: wide(pool),
      });
      channels = wide(pointwise) + wide(middle) + wide(large) + wide(pool);
      return inception;
    };
    this.inception3a = block(64, [96, 128], [16, 32], 32);
    this.inception3b = block(128, [128, 192], [32, 96], 64);
    this.inception4a = block(192, [96, 208], [16, 48], 64);
    const channels4a = channels;
    this.inception4b = block(160, [112, 224], [24, 64], 64);
    this.inception4c = block(128, [128, 256], [24, 64], 64);
    this.inception4d = block(112, [144, 288], [32, 64], 64);
    const channels4d = channels;
    this.inception4e = block(256, [160, 320], [32, 128], 128);
    this.inception5a = block(256, [160, 320], [32, 128], 128);
    this.inception5b = block(384, [192, 384], [48, 128], 128);

    const aux = (inChannels: number): InceptionAux | null =>
      auxLogits ? new InceptionAux(inChannels, wide(128), wide(1024), numClasses, dropoutAux) : null;
    this.aux1 = aux(channels4a);
    this.aux2 = aux(channels4d);
    this.dropout = new nn.Dropout(dropout);
    this.fc = new nn.Linear(channels, numClasses);
    this.transformInput = transformInput;
    this.least = smallImages ? 4 : 15;
    if (smallImages) {
      initForReLU(this);
      return;
    }
    for (const module of this.modules())
      if (module instanceof nn.Conv2d || module instanceof nn.Linear)
        nn.init.truncNormal_(module.weight, { std: 0.01 });
  }

  get heads(): readonly [string, ...string[]] {
    return ['fc', ...(this.aux1 ? ['aux1.fc2'] : []), ...(this.aux2 ? ['aux2.fc2'] : [])];
  }

  /** What the linear layer sees. @shape (N, 3, H, W) → (N, 1024) */
  embed(x: Tensor): Tensor {
    return this.encode(x).embedding;
  }

  override forward(x: Tensor): Tensor {
    return this.outputs(x).logits;
  }

  /** The logits; in training, also those of the auxiliary classifiers. */
  outputs(x: Tensor): GoogLeNetOutputs {
    const { embedding, ...aux } = this.encode(x);
    return { logits: this.fc.forward(embedding), ...aux };
  }

  private encode(x: Tensor): Omit<GoogLeNetOutputs, 'logits'> & { readonly embedding: Tensor } {
    checkImages('GoogLeNet', x, 3, this.least);
    let h = this.transformInput ? renormalized(x) : x;
    for (const layer of [this.conv1, this.maxpool1, this.conv2, this.conv3, this.maxpool2])
      if (layer) h = layer.forward(h); // (N, 192, H/8, W/8), small images (N, 192, H, W)
    h = this.inception3b.forward(this.inception3a.forward(h));
    h = this.inception4a.forward(this.maxpool3.forward(h)); // (N, 512, H/16, W/16), small images (N, 512, H/2, W/2)
    const auxLogits1 = this.training && this.aux1 ? this.aux1.forward(h) : null;
    h = this.inception4d.forward(this.inception4c.forward(this.inception4b.forward(h)));
    const auxLogits2 = this.training && this.aux2 ? this.aux2.forward(h) : null;
    h = this.maxpool4.forward(this.inception4e.forward(h));
    h = this.inception5b.forward(this.inception5a.forward(h)); // (N, 1024, H/32, W/32), small images (N, 1024, H/4, W/4)
    const embedding = this.dropout.forward(this.avgpool.forward(h).flatten(1)); // (N, 1024)
    return { embedding, auxLogits1, auxLogits2 };
  }
}

const lossOptions = defineOptions({ labelSmoothing: number(0, { least: 0, most: 1 }) });

/**
 * The network's cross entropy plus 0.3 times that of each auxiliary classifier.
 *
 * @source Szegedy et al. 2014, section 5
 */
export function googLeNetLoss(
  outputs: GoogLeNetOutputs,
  labels: Tensor,
  options?: { readonly labelSmoothing?: number },
): Tensor {
  requireObject('googLeNetLoss', 'outputs', outputs);
  const { logits, auxLogits1, auxLogits2 } = outputs;
  checkTensors('googLeNetLoss', { logits, labels });
  const { labelSmoothing } = lossOptions('googLeNetLoss', options);
  let loss = F.crossEntropy(logits, labels, { labelSmoothing });
  for (const aux of [auxLogits1, auxLogits2])
    if (aux) loss = loss.add(F.crossEntropy(aux, labels, { labelSmoothing }).mul(0.3));
  return loss;
}
