import { checkOption, defineOptions, flag, oneOf, type Resolved } from '../../core/options.js';
import type { Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import type { Classifier } from './classifier.js';
import { checkImages } from './image.js';
import { initConvNet } from './init.js';
import { numClassesOption } from './options.js';

export interface ResNetOptions {
  /** Default 1000. */
  readonly numClasses?: number;
  /** Whether each block adds its input to its output (default true); without, the network is `plain`. */
  readonly residual?: boolean;
  /** Whether the last batch norm of each block starts at zero, which makes blocks start as identities (default false). */
  readonly zeroInitResidual?: boolean;
}

const spec = {
  numClasses: numClassesOption(1000),
  residual: flag(true),
  zeroInitResidual: flag(false),
};
const resNetOptions = defineOptions(spec);

const conv3x3 = (inChannels: number, outChannels: number, stride = 1): nn.Conv2d =>
  new nn.Conv2d(inChannels, outChannels, 3, { stride, padding: 1, bias: false });

const conv1x1 = (inChannels: number, outChannels: number, stride = 1): nn.Conv2d =>
  new nn.Conv2d(inChannels, outChannels, 1, { stride, bias: false });

/** Gives x the shape of a block's output; null if it has that already, or if nothing is added. */
const shortcut = (
  { residual }: Pick<Resolved<typeof spec>, 'residual'>,
  inChannels: number,
  outChannels: number,
  stride: number,
): nn.Sequential | null =>
  !residual || (stride === 1 && inChannels === outChannels)
    ? null
    : new nn.Sequential(conv1x1(inChannels, outChannels, stride), new nn.BatchNorm2d(outChannels));

/** A block of ResNet, which learns how its output should differ from its input. */
interface Block extends nn.Layer {
  /** The batch norm whose output is added to the input. */
  readonly last: nn.BatchNorm2d;
}

interface BlockClass {
  /** Output channels per channel of its width. */
  readonly expansion: number;
  new (inChannels: number, width: number, stride: number, options: Resolved<typeof spec>): Block;
}

/** Two 3 × 3 convolutions. @shape (N, Cin, H, W) → (N, width, H / stride, W / stride) */
class BasicBlock extends nn.Module implements Block {
  static readonly expansion = 1;
  readonly conv1: nn.Conv2d;
  readonly bn1: nn.BatchNorm2d;
  readonly relu = new nn.ReLU();
  readonly conv2: nn.Conv2d;
  readonly bn2: nn.BatchNorm2d;
  readonly downsample: nn.Sequential | null;
  private readonly residual: boolean;

  constructor(inChannels: number, width: number, stride: number, options: Resolved<typeof spec>) {
    super();
    this.conv1 = conv3x3(inChannels, width, stride);
    this.bn1 = new nn.BatchNorm2d(width);
    this.conv2 = conv3x3(width, width);
    this.bn2 = new nn.BatchNorm2d(width);
    this.downsample = shortcut(options, inChannels, width, stride);
    this.residual = options.residual;
  }

  get last(): nn.BatchNorm2d {
    return this.bn2;
  }

  override forward(x: Tensor): Tensor {
    const h = nn.fuse(this.bn1, this.conv1.forward(x), { activation: this.relu });
    const add = this.residual ? (this.downsample?.forward(x) ?? x) : null;
    return nn.fuse(this.bn2, this.conv2.forward(h), { add, activation: this.relu });
  }
}

/**
 * A 3 × 3 convolution between two pointwise ones, which narrow and widen it.
 *
 * @shape (N, Cin, H, W) → (N, 4 · width, H / stride, W / stride)
 * @differs from the paper: the 3 × 3 convolution has the stride, as in torchvision
 */
class Bottleneck extends nn.Module implements Block {
  static readonly expansion = 4;
  readonly conv1: nn.Conv2d;
  readonly bn1: nn.BatchNorm2d;
  readonly conv2: nn.Conv2d;
  readonly bn2: nn.BatchNorm2d;
  readonly conv3: nn.Conv2d;
  readonly bn3: nn.BatchNorm2d;
  readonly relu = new nn.ReLU();
  readonly downsample: nn.Sequential | null;
  private readonly residual: boolean;

  constructor(inChannels: number, width: number, stride: number, options: Resolved<typeof spec>) {
    super();
    const outChannels = width * Bottleneck.expansion;
    this.conv1 = conv1x1(inChannels, width);
    this.bn1 = new nn.BatchNorm2d(width);
    this.conv2 = conv3x3(width, width, stride);
    this.bn2 = new nn.BatchNorm2d(width);
    this.conv3 = conv1x1(width, outChannels);
    this.bn3 = new nn.BatchNorm2d(outChannels);
    this.downsample = shortcut(options, inChannels, outChannels, stride);
    this.residual = options.residual;
  }

  get last(): nn.BatchNorm2d {
    return this.bn3;
  }

  override forward(x: Tensor): Tensor {
    let h = nn.fuse(this.bn1, this.conv1.forward(x), { activation: this.relu });
    h = nn.fuse(this.bn2, this.conv2.forward(h), { activation: this.relu });
    const add = this.residual ? (this.downsample?.forward(x) ?? x) : null;
    return nn.fuse(this.bn3, this.conv3.forward(h), { add, activation: this.relu });
  }
}

/** Layers with weights: those of table 1 of the paper. */
export type ResNetDepth = 18 | 34 | 50 | 101 | 152;

/** The kind of block and how many of them each stage has. */
const CONFIGURATIONS: Readonly<Record<ResNetDepth, readonly [BlockClass, readonly number[]]>> = {
  18: [BasicBlock, [2, 2, 2, 2]],
  34: [BasicBlock, [3, 4, 6, 3]],
  50: [Bottleneck, [3, 4, 6, 3]],
  101: [Bottleneck, [3, 4, 23, 3]],
  152: [Bottleneck, [3, 8, 36, 3]],
};

function stage(
  Block: BlockClass,
  blocks: number,
  inChannels: number,
  width: number,
  stride: number,
  options: Resolved<typeof spec>,
): nn.Sequential {
  const outChannels = width * Block.expansion;
  return new nn.Sequential(
    new Block(inChannels, width, stride, options),
    ...Array.from({ length: blocks - 1 }, () => new Block(outChannels, width, 1, options)),
  );
}

/**
 * ResNet: blocks of two or three convolutions whose input is added to their output, so gradients reach the first
 * layers and depth helps. It has strided convolutions instead of pooling, and global average pooling before its only
 * linear layer.
 *
 * The weights, their names, and their initialization are torchvision's.
 *
 * @param depth layers with weights: 18, 34, 50, 101, or 152
 * @shape x (N, 3, H, W) of any size, 224 in the paper → logits (N, numClasses)
 * @throws ShapeError for anything but color images
 * @source notes 3.10; He et al. 2015, arXiv:1512.03385
 */
export class ResNet extends nn.Module implements Classifier {
  readonly conv1: nn.Conv2d;
  readonly bn1: nn.BatchNorm2d;
  readonly relu = new nn.ReLU();
  readonly maxpool = new nn.MaxPool2d(3, { stride: 2, padding: 1 });
  readonly layer1: nn.Sequential;
  readonly layer2: nn.Sequential;
  readonly layer3: nn.Sequential;
  readonly layer4: nn.Sequential;
  readonly avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
  readonly fc: nn.Linear;

  constructor(depth: ResNetDepth, options?: ResNetOptions) {
    super();
    const name = new.target.name;
    checkOption(name, 'depth', oneOf([18, 34, 50, 101, 152], 18), depth);
    const read = resNetOptions(name, options);
    const { numClasses, zeroInitResidual } = read;
    const [Block, blocks] = CONFIGURATIONS[depth];
    const { expansion } = Block;
    this.conv1 = new nn.Conv2d(3, 64, 7, { stride: 2, padding: 3, bias: false });
    this.bn1 = new nn.BatchNorm2d(64);
    this.layer1 = stage(Block, blocks[0]!, 64, 64, 1, read);
    this.layer2 = stage(Block, blocks[1]!, 64 * expansion, 128, 2, read);
    this.layer3 = stage(Block, blocks[2]!, 128 * expansion, 256, 2, read);
    this.layer4 = stage(Block, blocks[3]!, 256 * expansion, 512, 2, read);
    this.fc = new nn.Linear(512 * expansion, numClasses);
    initConvNet(this);
    if (zeroInitResidual)
      for (const module of this.modules())
        if (module instanceof BasicBlock || module instanceof Bottleneck) nn.init.zeros_(module.last.weight!);
  }

  get heads(): readonly [string] {
    return ['fc'];
  }

  /** What the linear layer sees. @shape (N, 3, H, W) → (N, 512), from depth 50 on (N, 2048) */
  embed(x: Tensor): Tensor {
    checkImages('ResNet', x, 3, 1);
    let h = nn.fuse(this.bn1, this.conv1.forward(x), { activation: this.relu }); // (N, 64, H/2, W/2)
    h = this.maxpool.forward(h); // (N, 64, H/4, W/4)
    h = this.layer2.forward(this.layer1.forward(h)); // (N, 128 e, H/8, W/8)
    h = this.layer4.forward(this.layer3.forward(h)); // (N, 512 e, H/32, W/32)
    return this.avgpool.forward(h).flatten(1);
  }

  override forward(x: Tensor): Tensor {
    return this.fc.forward(this.embed(x));
  }
}
