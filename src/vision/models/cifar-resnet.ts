import { describe } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { defineOptions, flag } from '../../core/options.js';
import { count } from '../../core/sizes.js';
import * as F from '../../functional.js';
import type { Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import type { Classifier } from './classifier.js';
import { checkImages } from './image.js';
import { initConvNet } from './init.js';
import { numClassesOption } from './options.js';

export interface CifarResNetOptions {
  /** Default 10. */
  readonly numClasses?: number;
  /** Whether each block adds its input to its output (default true); without, the network is `plain`. */
  readonly residual?: boolean;
}

const cifarResNetOptions = defineOptions({ numClasses: numClassesOption(10), residual: flag(true) });

/**
 * Two 3 × 3 convolutions. If the output has more channels than the input, the shortcut takes every second pixel and
 * adds channels of zeros, so it has no parameters (option A of the paper).
 *
 * @shape (N, Cin, H, W) → (N, Cout, H / stride, W / stride)
 */
class Block extends nn.Module {
  readonly conv1: nn.Conv2d;
  readonly bn1: nn.BatchNorm2d;
  readonly relu = new nn.ReLU();
  readonly conv2: nn.Conv2d;
  readonly bn2: nn.BatchNorm2d;

  constructor(
    readonly inChannels: number,
    readonly outChannels: number,
    readonly stride: number,
    readonly residual: boolean,
  ) {
    super();
    this.conv1 = new nn.Conv2d(inChannels, outChannels, 3, { stride, padding: 1, bias: false });
    this.bn1 = new nn.BatchNorm2d(outChannels);
    this.conv2 = new nn.Conv2d(outChannels, outChannels, 3, { padding: 1, bias: false });
    this.bn2 = new nn.BatchNorm2d(outChannels);
  }

  private shortcut(x: Tensor): Tensor {
    const { stride, inChannels, outChannels } = this;
    if (inChannels === outChannels) return x;
    const before = (outChannels - inChannels) >> 1;
    const thinned = F.avgPool2d(x, 1, { stride }); // every second pixel
    return F.pad(thinned, [0, 0, 0, 0, before, outChannels - inChannels - before]);
  }

  override forward(x: Tensor): Tensor {
    const h = nn.fuse(this.bn1, this.conv1.forward(x), { activation: this.relu });
    const add = this.residual ? this.shortcut(x) : null;
    return nn.fuse(this.bn2, this.conv2.forward(h), { add, activation: this.relu });
  }
}

/**
 * The paper's ResNets for CIFAR-10: a convolution, three stages of n blocks with 16, 32, and 64 channels, global
 * average pooling, and a linear layer, 6n + 2 layers in all.
 *
 * @param depth 20, 32, 44, 56, 110 …: 6n + 2
 * @shape x (N, 3, H, W) of any size, 32 in the paper → logits (N, numClasses)
 * @throws ArgumentError for another depth
 * @throws ShapeError for anything but color images
 * @source notes 3.10; He et al. 2015, arXiv:1512.03385, section 4.2
 */
export class CifarResNet extends nn.Module implements Classifier {
  readonly conv1 = new nn.Conv2d(3, 16, 3, { padding: 1, bias: false });
  readonly bn1 = new nn.BatchNorm2d(16);
  readonly relu = new nn.ReLU();
  readonly layer1: nn.Sequential;
  readonly layer2: nn.Sequential;
  readonly layer3: nn.Sequential;
  readonly fc: nn.Linear;

  constructor(depth: number, options?: CifarResNetOptions) {
    super();
    const { numClasses, residual } = cifarResNetOptions(new.target.name, options);
    count('CifarResNet', 'depth', depth);
    const n = (depth - 2) / 6;
    if (!(Number.isInteger(n) && n > 0 && n <= 1000))
      throw new ArgumentError(
        'CifarResNet',
        `depth must be 6n + 2, such as 20, 32, or 56, got ${describe(depth)}`,
      );
    const stage = (inChannels: number, outChannels: number, stride: number): nn.Sequential =>
      new nn.Sequential(
        ...Array.from({ length: n }, (_, i) =>
          i === 0
            ? new Block(inChannels, outChannels, stride, residual)
            : new Block(outChannels, outChannels, 1, residual),
        ),
      );
    this.layer1 = stage(16, 16, 1);
    this.layer2 = stage(16, 32, 2);
    this.layer3 = stage(32, 64, 2);
    this.fc = new nn.Linear(64, numClasses);
    initConvNet(this);
  }

  get heads(): readonly [string] {
    return ['fc'];
  }

  /** What the linear layer sees. @shape (N, 3, H, W) → (N, 64) */
  embed(x: Tensor): Tensor {
    checkImages('CifarResNet', x, 3, 1);
    let h = nn.fuse(this.bn1, this.conv1.forward(x), { activation: this.relu }); // (N, 16, H, W)
    h = this.layer2.forward(this.layer1.forward(h)); // (N, 32, H/2, W/2)
    h = this.layer3.forward(h); // (N, 64, H/4, W/4)
    return h.mean([2, 3]);
  }

  override forward(x: Tensor): Tensor {
    return this.fc.forward(this.embed(x));
  }
}
