import { defineOptions, flag } from '../../core/options.js';
import type { Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import type { Classifier } from './classifier.js';
import { checkImages } from './image.js';
import { initXavier } from './init.js';
import { dropoutOption, numClassesOption, widened, widthOption } from './options.js';

export interface AlexNetOptions {
  /** Default 1000. */
  readonly numClasses?: number;
  /** Probability of dropping an input of a linear layer (default 0.5). */
  readonly dropout?: number;
  /** Whether to build the network for images of 32 × 32 pixels (default false: for 224 × 224). */
  readonly smallImages?: boolean;
  /** Factor by which to multiply the numbers of channels and hidden units (default 1). */
  readonly width?: number;
}

const alexNetOptions = defineOptions({
  numClasses: numClassesOption(1000),
  dropout: dropoutOption(0.5),
  smallImages: flag(false),
  width: widthOption,
});

/**
 * AlexNet in its form for one device: five convolutions with ReLU, three of them pooled, and three linear layers with
 * dropout. The network that started the rise of deep learning.
 *
 * The weights, their names, and their initialization are torchvision's. For small images, the first convolution is
 * 5 × 5 without stride, as in Krizhevsky's networks for CIFAR-10; the pooled maps have 3 × 3 pixels instead of 6 × 6;
 * the hidden linear layers have 1,024 units instead of 4,096; and weights are initialized as in Glorot and Bengio
 * 2010, because with torchvision's initialization nothing is learned for a long time.
 *
 * @shape x (N, 3, H, W), of at least 63 pixels, 224 in the paper → logits (N, numClasses); with `smallImages`
 * of at least 15, meant for 32
 * @throws ShapeError for smaller images; ArgumentError for a width that isn't positive
 * @source notes 3.10; Krizhevsky et al. 2012; for one device Krizhevsky 2014, arXiv:1404.5997
 */
export class AlexNet extends nn.Module implements Classifier {
  readonly features: nn.Sequential;
  readonly avgpool: nn.AdaptiveAvgPool2d;
  readonly classifier: nn.Sequential;
  private readonly least: number;

  constructor(options?: AlexNetOptions) {
    super();
    const { numClasses, dropout, smallImages, width } = alexNetOptions(new.target.name, options);
    const wide = widened(width);
    const side = smallImages ? 3 : 6;
    const hidden = wide(smallImages ? 1024 : 4096);
    this.least = smallImages ? 15 : 63;
    this.features = new nn.Sequential(
      smallImages
        ? new nn.Conv2d(3, wide(64), 5, { padding: 2 })
        : new nn.Conv2d(3, wide(64), 11, { stride: 4, padding: 2 }),
      new nn.ReLU(),
      new nn.MaxPool2d(3, { stride: 2 }),
      new nn.Conv2d(wide(64), wide(192), 5, { padding: 2 }),
      new nn.ReLU(),
      new nn.MaxPool2d(3, { stride: 2 }),
      new nn.Conv2d(wide(192), wide(384), 3, { padding: 1 }),
      new nn.ReLU(),
      new nn.Conv2d(wide(384), wide(256), 3, { padding: 1 }),
      new nn.ReLU(),
      new nn.Conv2d(wide(256), wide(256), 3, { padding: 1 }),
      new nn.ReLU(),
      new nn.MaxPool2d(3, { stride: 2 }),
    );
    this.avgpool = new nn.AdaptiveAvgPool2d([side, side]);
    this.classifier = new nn.Sequential(
      new nn.Dropout(dropout),
      new nn.Linear(wide(256) * side * side, hidden),
      new nn.ReLU(),
      new nn.Dropout(dropout),
      new nn.Linear(hidden, hidden),
      new nn.ReLU(),
      new nn.Linear(hidden, numClasses),
    );
    if (smallImages) initXavier(this);
  }

  get heads(): readonly [string] {
    return ['classifier.6'];
  }

  /** What the last linear layer sees. @shape (N, 3, H, W) → (N, 4096), small images (N, 1024) */
  embed(x: Tensor): Tensor {
    checkImages('AlexNet', x, 3, this.least);
    const h = this.avgpool.forward(this.features.forward(x)); // (N, 256, 6, 6), small images (N, 256, 3, 3)
    return this.classifier.slice(0, -1).forward(h.flatten(1));
  }

  override forward(x: Tensor): Tensor {
    return this.classifier.at(-1).forward(this.embed(x));
  }
}
