import type { Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import type { Classifier } from './classifier.js';
import { checkImages } from './image.js';

export interface AlexNetOptions {
  /** Default 1000. */
  readonly numClasses?: number;
  /** Probability with which a value into a linear layer is dropped (default 0.5). */
  readonly dropout?: number;
}

/**
 * AlexNet, in the form for one device: five convolutions with ReLU, three of them pooled, and three linear
 * layers with dropout. The network with which deep learning began.
 *
 * Weights, their names and their start are torchvision's.
 *
 * @shape x (N, 3, H, W), of at least 63 pixels, 224 in the paper → logits (N, numClasses)
 * @throws ShapeError for smaller images
 * @source notes 3.10; Krizhevsky et al. 2012; for one device Krizhevsky 2014, arXiv:1404.5997
 */
export class AlexNet extends nn.Module implements Classifier {
  readonly features = new nn.Sequential(
    new nn.Conv2d(3, 64, 11, { stride: 4, padding: 2 }),
    new nn.ReLU(),
    new nn.MaxPool2d(3, 2),
    new nn.Conv2d(64, 192, 5, { padding: 2 }),
    new nn.ReLU(),
    new nn.MaxPool2d(3, 2),
    new nn.Conv2d(192, 384, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.Conv2d(384, 256, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.Conv2d(256, 256, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(3, 2),
  );
  readonly avgpool = new nn.AdaptiveAvgPool2d([6, 6]);
  readonly classifier: nn.Sequential;

  constructor({ numClasses = 1000, dropout = 0.5 }: AlexNetOptions = {}) {
    super();
    this.classifier = new nn.Sequential(
      new nn.Dropout(dropout),
      new nn.Linear(256 * 6 * 6, 4096),
      new nn.ReLU(),
      new nn.Dropout(dropout),
      new nn.Linear(4096, 4096),
      new nn.ReLU(),
      new nn.Linear(4096, numClasses),
    );
  }

  get heads(): readonly [string] {
    return ['classifier.6'];
  }

  /** What the last linear layer sees. @shape (N, 3, H, W) → (N, 4096) */
  embed(x: Tensor): Tensor {
    checkImages('AlexNet', x, 3, 63);
    const h = this.avgpool.forward(this.features.forward(x)); // (N, 256, 6, 6)
    return this.classifier.slice(0, -1).forward(h.flatten(1));
  }

  override forward(x: Tensor): Tensor {
    return this.classifier.at(-1).forward(this.embed(x));
  }
}
