import * as F from '../../functional.js';
import { cat, type Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import type { Classifier } from './classifier.js';
import { checkImages } from './image.js';

/** Convolution without bias, batch normalization, ReLU. */
class BasicConv2d extends nn.Module {
  readonly conv: nn.Conv2d;
  readonly bn: nn.BatchNorm2d;

  constructor(inChannels: number, outChannels: number, kernelSize: number, options: nn.ConvOptions = {}) {
    super();
    this.conv = new nn.Conv2d(inChannels, outChannels, kernelSize, { bias: false, ...options });
    this.bn = new nn.BatchNorm2d(outChannels, { eps: 1e-3 });
  }

  override forward(x: Tensor): Tensor {
    return F.relu(this.bn.forward(this.conv.forward(x)));
  }
}

/** Channels that an inception block makes; `reduce` is what a pointwise convolution leaves for the next one. */
interface InceptionChannels {
  readonly pointwise: number;
  readonly middle: { readonly reduce: number; readonly out: number };
  readonly wide: { readonly reduce: number; readonly out: number };
  readonly pool: number;
}

/**
 * Convolutions of several sizes beside one another, and a pooled branch, their channels joined. Pointwise
 * convolutions keep the number of channels, and so the cost, down.
 *
 * @shape x (N, Cin, H, W) → (N, pointwise + middle.out + wide.out + pool, H, W)
 * @differs from the paper: the wide branch is 3 × 3 in place of 5 × 5, as in torchvision, whose weights it takes
 */
export class Inception extends nn.Module {
  readonly branch1: BasicConv2d;
  readonly branch2: nn.Sequential;
  readonly branch3: nn.Sequential;
  readonly branch4: nn.Sequential;

  constructor(inChannels: number, { pointwise, middle, wide, pool }: InceptionChannels) {
    super();
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

/** A classifier half-way, whose loss brings gradients to the early layers. @shape (N, Cin, H, W) → (N, numClasses) */
class InceptionAux extends nn.Module {
  readonly conv: BasicConv2d;
  readonly fc1: nn.Linear;
  readonly fc2: nn.Linear;
  readonly dropout: nn.Dropout;

  constructor(inChannels: number, numClasses: number, dropout: number) {
    super();
    this.conv = new BasicConv2d(inChannels, 128, 1);
    this.fc1 = new nn.Linear(128 * 4 * 4, 1024);
    this.fc2 = new nn.Linear(1024, numClasses);
    this.dropout = new nn.Dropout(dropout);
  }

  override forward(x: Tensor): Tensor {
    const h = this.conv.forward(F.adaptiveAvgPool2d(x, [4, 4])); // (N, 128, 4, 4)
    return this.fc2.forward(this.dropout.forward(F.relu(this.fc1.forward(h.flatten(1)))));
  }
}

/** Logits of the network and of its two auxiliary classifiers. */
export interface GoogLeNetOutputs {
  /** @shape (N, numClasses) */
  readonly logits: Tensor;
  /** Of the earlier one, behind the block 4a; null in evaluation, and without auxiliary classifiers. */
  readonly auxLogits1: Tensor | null;
  /** Of the later one, behind the block 4d. */
  readonly auxLogits2: Tensor | null;
}

export interface GoogLeNetOptions {
  /** Default 1000. */
  readonly numClasses?: number;
  /** Whether there are auxiliary classifiers (default true). */
  readonly auxLogits?: boolean;
  /** Probability with which a feature is dropped before the last layer (default 0.2). */
  readonly dropout?: number;
  /** The same in the auxiliary classifiers (default 0.7). */
  readonly dropoutAux?: number;
}

const block = (
  inChannels: number,
  pointwise: number,
  middle: readonly [reduce: number, out: number],
  wide: readonly [reduce: number, out: number],
  pool: number,
): Inception =>
  new Inception(inChannels, {
    pointwise,
    middle: { reduce: middle[0], out: middle[1] },
    wide: { reduce: wide[0], out: wide[1] },
    pool,
  });

/**
 * GoogLeNet (Inception v1) with batch normalization: 22 layers deep, nine inception blocks, global average
 * pooling and one linear layer. Two auxiliary classifiers, there in training only, help against vanishing
 * gradients.
 *
 * Weights, their names and their start are torchvision's.
 *
 * @shape x (N, 3, H, W), of at least 15 pixels, 224 in the paper → logits (N, numClasses)
 * @throws ShapeError for smaller images
 * @differs from torchvision: `forward` always gives the logits; `outputs` gives those of the auxiliary classifiers too
 * @source notes 3.10; Szegedy et al. 2014, arXiv:1409.4842
 */
export class GoogLeNet extends nn.Module implements Classifier {
  readonly conv1 = new BasicConv2d(3, 64, 7, { stride: 2, padding: 3 });
  readonly maxpool1 = new nn.MaxPool2d(3, { stride: 2, ceilMode: true });
  readonly conv2 = new BasicConv2d(64, 64, 1);
  readonly conv3 = new BasicConv2d(64, 192, 3, { padding: 1 });
  readonly maxpool2 = new nn.MaxPool2d(3, { stride: 2, ceilMode: true });

  readonly inception3a = block(192, 64, [96, 128], [16, 32], 32);
  readonly inception3b = block(256, 128, [128, 192], [32, 96], 64);
  readonly maxpool3 = new nn.MaxPool2d(3, { stride: 2, ceilMode: true });

  readonly inception4a = block(480, 192, [96, 208], [16, 48], 64);
  readonly inception4b = block(512, 160, [112, 224], [24, 64], 64);
  readonly inception4c = block(512, 128, [128, 256], [24, 64], 64);
  readonly inception4d = block(512, 112, [144, 288], [32, 64], 64);
  readonly inception4e = block(528, 256, [160, 320], [32, 128], 128);
  readonly maxpool4 = new nn.MaxPool2d(2, { stride: 2, ceilMode: true });

  readonly inception5a = block(832, 256, [160, 320], [32, 128], 128);
  readonly inception5b = block(832, 384, [192, 384], [48, 128], 128);

  readonly aux1: InceptionAux | null;
  readonly aux2: InceptionAux | null;
  readonly avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
  readonly dropout: nn.Dropout;
  readonly fc: nn.Linear;

  constructor({
    numClasses = 1000,
    auxLogits = true,
    dropout = 0.2,
    dropoutAux = 0.7,
  }: GoogLeNetOptions = {}) {
    super();
    this.aux1 = auxLogits ? new InceptionAux(512, numClasses, dropoutAux) : null;
    this.aux2 = auxLogits ? new InceptionAux(528, numClasses, dropoutAux) : null;
    this.dropout = new nn.Dropout(dropout);
    this.fc = new nn.Linear(1024, numClasses);
    for (const module of this.modules())
      if (module instanceof nn.Conv2d || module instanceof nn.Linear)
        nn.init.truncNormal_(module.weight, { std: 0.01 });
  }

  get heads(): readonly [string, ...string[]] {
    return ['fc', ...(this.aux1 ? ['aux1.fc2'] : []), ...(this.aux2 ? ['aux2.fc2'] : [])];
  }

  /** What the linear layer sees. @shape (N, 3, H, W) → (N, 1024) */
  embed(x: Tensor): Tensor {
    return this.#encode(x).embedding;
  }

  override forward(x: Tensor): Tensor {
    return this.outputs(x).logits;
  }

  /** The logits, in training with those of the auxiliary classifiers. */
  outputs(x: Tensor): GoogLeNetOutputs {
    const { embedding, ...aux } = this.#encode(x);
    return { logits: this.fc.forward(embedding), ...aux };
  }

  #encode(x: Tensor): Omit<GoogLeNetOutputs, 'logits'> & { readonly embedding: Tensor } {
    checkImages('GoogLeNet', x, 3, 15);
    let h = this.maxpool1.forward(this.conv1.forward(x)); // (N, 64, H/4, W/4)
    h = this.maxpool2.forward(this.conv3.forward(this.conv2.forward(h))); // (N, 192, H/8, W/8)
    h = this.inception3b.forward(this.inception3a.forward(h));
    h = this.inception4a.forward(this.maxpool3.forward(h)); // (N, 512, H/16, W/16)
    const auxLogits1 = this.training && this.aux1 ? this.aux1.forward(h) : null;
    h = this.inception4d.forward(this.inception4c.forward(this.inception4b.forward(h)));
    const auxLogits2 = this.training && this.aux2 ? this.aux2.forward(h) : null;
    h = this.maxpool4.forward(this.inception4e.forward(h)); // (N, 832, H/32, W/32)
    h = this.inception5b.forward(this.inception5a.forward(h)); // (N, 1024, H/32, W/32)
    const embedding = this.dropout.forward(this.avgpool.forward(h).flatten(1)); // (N, 1024)
    return { embedding, auxLogits1, auxLogits2 };
  }
}

/**
 * Cross entropy of the network, with 0.3 of that of each auxiliary classifier.
 *
 * @source Szegedy et al. 2014, section 5
 */
export function googLeNetLoss(
  { logits, auxLogits1, auxLogits2 }: GoogLeNetOutputs,
  labels: Tensor,
  { labelSmoothing = 0 }: { readonly labelSmoothing?: number } = {},
): Tensor {
  let loss = F.crossEntropy(logits, labels, { labelSmoothing });
  for (const aux of [auxLogits1, auxLogits2])
    if (aux) loss = loss.add(F.crossEntropy(aux, labels, { labelSmoothing }).mul(0.3));
  return loss;
}
