import * as F from '../src/functional.js';
import { randint, randn, tidy } from '../src/index.js';
import * as nn from '../src/nn/index.js';
import * as optim from '../src/optim/index.js';
import type { Workload } from './workload.js';

/** A training step: a batch of 128 vectors of 784 elements in 10 classes. */
export const mlpWorkloads: readonly Workload[] = [
  {
    row: 'training step, MLP 784-512-256-10, batch 128, Adam',
    name: 'step',
    target: 1.2,
    engine: 'native',
    ours() {
      const model = new nn.Sequential(
        new nn.Linear(784, 512),
        new nn.ReLU(),
        new nn.Linear(512, 256),
        new nn.ReLU(),
        new nn.Linear(256, 10),
      );
      const optimizer = new optim.Adam(model.parameters());
      const x = randn([128, 784]);
      const y = randint(0, 10, [128]);
      return () =>
        tidy(() => {
          const loss = F.crossEntropy(model.forward(x), y);
          optimizer.zeroGrad();
          loss.backward();
          optimizer.step();
        });
    },
    rival: {
      kind: 'torch',
      setup: `
model = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10))
optimizer = torch.optim.Adam(model.parameters())
x = torch.randn(128, 784)
y = torch.randint(0, 10, (128,))
def step():
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()`,
      run: 'step()',
    },
  },
];
