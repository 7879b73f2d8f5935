import * as F from '../../functional.js';
import type { Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import type { Classifier } from './classifier.js';

/**
 * LeNet-5 as the course notes build it: two convolutions with max pooling, three linear layers.
 *
 * @shape x (N, 1, 32, 32) → logits (N, 10)
 * @source notes 3.9; LeCun et al. 1998, doi:10.1109/5.726791
 */
export class LeNet5 extends nn.Module implements Classifier {
  readonly conv1 = new nn.Conv2d(1, 6, 5);
  readonly pool = new nn.MaxPool2d(2);
  readonly conv2 = new nn.Conv2d(6, 16, 5);
  readonly fc1 = new nn.Linear(5 * 5 * 16, 120);
  readonly fc2 = new nn.Linear(120, 84);
  readonly fc3 = new nn.Linear(84, 10);

  get heads(): readonly [string] {
    return ['fc3'];
  }

  /** What the last linear layer sees. @shape (N, 1, 32, 32) → (N, 84) */
  embed(x: Tensor): Tensor {
    let h = this.pool.forward(F.relu(this.conv1.forward(x))); // (N, 6, 14, 14)
    h = this.pool.forward(F.relu(this.conv2.forward(h))); // (N, 16, 5, 5)
    h = h.view([-1, 5 * 5 * 16]);
    h = F.tanh(this.fc1.forward(h));
    return F.tanh(this.fc2.forward(h));
  }

  override forward(x: Tensor): Tensor {
    return this.fc3.forward(this.embed(x));
  }
}
