import * as F from '../../src/functional.js';
import { type EngineName, manualSeed, randint, randn, setEngine, type Tensor } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';

/** A training step of LeNet-5 (notes 3.9) at batch 64 with Adam; returns the loss. */
export function lenetStep(engine: EngineName): () => Tensor {
  setEngine(engine);
  manualSeed(0);
  const model = new nn.Sequential(
    new nn.Conv2d(1, 6, 5, { padding: 2 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(6, 16, 5),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(400, 120),
    new nn.ReLU(),
    new nn.Linear(120, 84),
    new nn.ReLU(),
    new nn.Linear(84, 10),
  );
  const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
  const images = randn([64, 1, 28, 28]);
  const labels = randint(0, 10, [64]);
  return () => {
    const loss = F.crossEntropy(model.forward(images.mul(1)), labels);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss;
  };
}
