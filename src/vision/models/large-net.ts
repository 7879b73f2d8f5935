import * as F from '../../functional.js';
import type { Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import type { Classifier } from './classifier.js';
import { checkImages } from './image.js';

/**
 * The course notes' example of a convolutional network for small color images: two convolutions with max
 * pooling, two linear layers.
 *
 * @shape x (N, 3, 32, 32) → logits (N, 10)
 * @throws ShapeError for images of another size
 * @source notes 3.7, figure 3.26
 */
export class LargeNet extends nn.Module implements Classifier {
  readonly conv1 = new nn.Conv2d(3, 5, 5);
  readonly pool = new nn.MaxPool2d(2);
  readonly conv2 = new nn.Conv2d(5, 10, 5);
  readonly fc1 = new nn.Linear(10 * 5 * 5, 32);
  readonly fc2 = new nn.Linear(32, 10);

  get heads(): readonly [string] {
    return ['fc2'];
  }

  /** What the last linear layer sees. @shape (N, 3, 32, 32) → (N, 32) */
  embed(x: Tensor): Tensor {
    checkImages('LargeNet', x, 3, 32);
    let h = this.pool.forward(F.relu(this.conv1.forward(x))); // (N, 5, 14, 14)
    h = this.pool.forward(F.relu(this.conv2.forward(h))); // (N, 10, 5, 5)
    h = h.flatten(1); // (N, 250)
    return F.relu(this.fc1.forward(h));
  }

  override forward(x: Tensor): Tensor {
    return this.fc2.forward(this.embed(x));
  }
}
