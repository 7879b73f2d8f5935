import { DataLoader, drawnDigits, TensorDataset } from '../src/data/index.js';
import * as F from '../src/functional.js';
import { type Tensor, tensor, tidy } from '../src/index.js';
import * as optim from '../src/optim/index.js';
import { grayInput } from '../src/recipes/kit/images/inputs.js';
import { Trainer } from '../src/train/index.js';
import { LeNet5 } from '../src/vision/index.js';
import type { Work, Workload } from './workload.js';

type Batch = [images: Tensor, labels: Tensor];

/** 20 batches of 64 digits. */
function parts() {
  const { images, labels, count, height, width } = drawnDigits({ train: 1280, test: 1 }).train;
  const digits = new TensorDataset<Batch>(
    tensor(images, [count, 1, height, width], { dtype: 'uint8' }),
    tensor(Int32Array.from(labels), [count]),
  );
  const model = new LeNet5();
  return {
    model,
    optimizer: new optim.Adam(model.parameters()),
    batches: new DataLoader(digits, { batchSize: 64, shuffle: true }),
  };
}

/** The loop as one writes it oneself. */
function bareLoop(): Work {
  const { model, optimizer, batches } = parts();
  return async () => {
    for await (const [images, labels] of batches) {
      const loss = tidy(() => {
        const value = F.crossEntropy(model.forward(grayInput(images)), labels);
        optimizer.zeroGrad();
        value.backward();
        optimizer.step();
        return value.detach();
      });
      await loss.item();
    }
  };
}

function trainerLoop(): Work {
  const { model, optimizer, batches } = parts();
  const trainer = new Trainer<Batch>({
    model,
    optimizer,
    step: ([images, labels]) => ({ loss: F.crossEntropy(model.forward(grayInput(images)), labels) }),
  });
  return () => trainer.fit(batches, { epochs: trainer.epoch + 1 });
}

export const trainerWorkloads: readonly Workload[] = [
  {
    row: 'overhead: an epoch of LeNet-5 by the Trainer, against the bare loop',
    name: '20 batches of 64 digits',
    target: 0.95,
    engine: 'native',
    ours: trainerLoop,
    rival: { kind: 'script', name: 'the bare loop', prepare: async () => bareLoop() },
  },
];
