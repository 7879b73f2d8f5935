import * as data from '../src/data/index.js';
import * as F from '../src/functional.js';
import { randint, randn, type Tensor } from '../src/index.js';
import * as nn from '../src/nn/index.js';
import * as optim from '../src/optim/index.js';
import { Trainer } from '../src/train/index.js';
import { torchTrainingStep, trainingStep } from './training-step.js';
import type { Workload } from './workload.js';

const network = (): nn.Sequential =>
  new nn.Sequential(
    new nn.Linear(784, 512),
    new nn.ReLU(),
    new nn.Linear(512, 256),
    new nn.ReLU(),
    new nn.Linear(256, 10),
  );

const torchNetwork =
  'model = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10))';

/** A training step: a batch of 128 vectors of 784 elements in 10 classes. */
export const mlpWorkloads: readonly Workload[] = [
  {
    row: 'training step, MLP 784-512-256-10, batch 128, Adam',
    name: 'step',
    target: 1.2,
    engine: 'native',
    ours() {
      const model = network();
      const optimizer = new optim.Adam(model.parameters());
      return trainingStep(model, optimizer, [128, 784], 10);
    },
    rival: {
      kind: 'torch',
      setup: `
${torchNetwork}
optimizer = torch.optim.Adam(model.parameters())${torchTrainingStep([128, 784], 10)}`,
      run: 'step()',
    },
  },
  {
    row: 'one epoch of an MLP over 60,000 images, with data loader and training loop',
    name: '784-512-256-10, batch 128, Adam, shuffled',
    target: 1.5,
    engine: 'native',
    ours() {
      const model = network();
      const set = new data.TensorDataset(randn([60_000, 784]), randint(0, 10, [60_000]));
      const trainer = new Trainer<[x: Tensor, y: Tensor]>({
        model,
        optimizer: new optim.Adam(model.parameters()),
        step: ([x, y]) => ({ loss: F.crossEntropy(model.forward(x), y) }),
      });
      const batches = new data.DataLoader(set, { batchSize: 128, shuffle: true });
      let epochs = 0;
      return () => trainer.fit(batches, { epochs: ++epochs });
    },
    rival: {
      kind: 'torch',
      setup: `
from torch.utils.data import DataLoader, TensorDataset
${torchNetwork}
optimizer = torch.optim.Adam(model.parameters())
data = TensorDataset(torch.randn(60000, 784), torch.randint(0, 10, (60000,)))
loader = DataLoader(data, batch_size=128, shuffle=True)
def epoch():
    total = 0.0
    for x, y in loader:
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
    return total / len(data)`,
      run: 'epoch()',
    },
  },
];
