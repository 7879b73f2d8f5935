import * as F from '../src/functional.js';
import { randint, randn, tidy } from '../src/index.js';
import type * as nn from '../src/nn/index.js';
import type * as optim from '../src/optim/index.js';
import type { Work } from './workload.js';

/** A step on a batch of random inputs of so many classes: forward, backward, update. */
export function trainingStep(
  model: nn.Layer,
  optimizer: Pick<optim.SGD, 'zeroGrad' | 'step'>,
  shape: readonly [batch: number, ...rest: number[]],
  classes: number,
): Work {
  const x = randn(shape);
  const y = randint(0, classes, [shape[0]]);
  return () =>
    tidy(() => {
      const loss = F.crossEntropy(model.forward(x), y);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
    });
}

/** The same in PyTorch, as `step()`, for a `model` and an `optimizer`. */
export const torchTrainingStep = (shape: readonly [batch: number, ...rest: number[]], classes: number) => `
x = torch.randn(${shape.join(', ')})
y = torch.randint(0, ${classes}, (${shape[0]},))
def step():
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()`;
