import * as optim from '../src/optim/index.js';
import { LeNet5 } from '../src/vision/index.js';
import { prepareJaxLenet } from './lenet-jax.js';
import { torchTrainingStep, trainingStep } from './training-step.js';
import type { Work, Workload } from './workload.js';

/** A training step: a batch of 64 images of 32 × 32. */
function lenetStep(): Work {
  const model = new LeNet5();
  const optimizer = new optim.Adam(model.parameters());
  return trainingStep(model, optimizer, [64, 1, 32, 32], 10);
}

export const lenetWorkloads: readonly Workload[] = [
  {
    row: 'training step, LeNet-5, batch 64, Adam',
    name: 'step',
    target: 1.2,
    engine: 'native',
    ours: lenetStep,
    rival: {
      kind: 'torch',
      setup: `
class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(5 * 5 * 16, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = x.view(-1, 5 * 5 * 16)
        x = torch.tanh(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        return self.fc3(x)
model = LeNet5()
optimizer = torch.optim.Adam(model.parameters())${torchTrainingStep([64, 1, 32, 32], 10)}`,
      run: 'step()',
    },
  },
  {
    row: 'training step, LeNet-5, batch 64, Adam, WASM',
    name: 'step',
    target: 15,
    engine: 'wasm',
    ours: lenetStep,
    rival: {
      kind: 'script',
      name: 'jax-js on WASM (npm install --no-save @jax-js/jax)',
      prepare: prepareJaxLenet,
    },
  },
];
