import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DataLoader, loadMnist } from '../../src/data/index.js';
import * as F from '../../src/functional.js';
import { manualSeed, setEngine, tidy } from '../../src/index.js';
import * as optim from '../../src/optim/index.js';
import { digitsDataset } from '../../src/recipes/digits.js';
import { toInput } from '../../src/recipes/lenet5.js';
import { LeNet5 } from '../../src/vision/index.js';
import { testEngines } from '../engines.js';
import { mnistFolder } from '../mnist.js';

const recording = JSON.parse(readFileSync(new URL('../recordings/lenet5.json', import.meta.url), 'utf8')) as {
  seed: number;
  batchSize: number;
  lr: number;
  losses: number[];
  firstLabels: number[];
};

test.skipIf(mnistFolder === null).each(testEngines)(
  "200 steps of LeNet-5 with Adam on MNIST have PyTorch's losses (%s)",
  async (engine) => {
    setEngine(engine);
    const { train } = await loadMnist({ data: mnistFolder! });
    manualSeed(recording.seed);
    const model = new LeNet5();
    const optimizer = new optim.Adam(model.parameters(), { lr: recording.lr });
    let step = 0;
    let worst = 0;
    for await (const [images, labels] of new DataLoader(digitsDataset(train), {
      batchSize: recording.batchSize,
      shuffle: true,
    })) {
      expect(labels.dataSync()[0]).toBe(recording.firstLabels[step]);
      const loss = tidy(() => {
        const value = F.crossEntropy(model.forward(toInput(images)), labels);
        optimizer.zeroGrad();
        value.backward();
        optimizer.step();
        return value;
      });
      const expected = recording.losses[step]!;
      const off = Math.abs(loss.itemSync() - expected) / expected;
      expect(off, `loss of step ${step}: ${loss.itemSync()}, PyTorch has ${expected}`).toBeLessThan(1e-3);
      worst = Math.max(worst, off);
      if (++step === recording.losses.length) break;
    }
    expect(step).toBe(200);
    console.log(
      `${engine}: at most ${worst.toExponential(1)} relative from PyTorch's losses over ${step} steps`,
    );
  },
);
