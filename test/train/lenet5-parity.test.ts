import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DataLoader } from '../../src/data/index.js';
import * as F from '../../src/functional.js';
import { manualSeed, setEngine, tidy } from '../../src/index.js';
import * as optim from '../../src/optim/index.js';
import { LeNet5, MNIST } from '../../src/vision/index.js';
import { testEngines } from '../helpers/engines.js';
import { mnistFolder } from '../helpers/mnist.js';

const recording = JSON.parse(readFileSync(new URL('../recordings/lenet5.json', import.meta.url), 'utf8')) as {
  seed: number;
  batchSize: number;
} & Record<'float32' | 'float64', { lr: number; losses: number[] }>;

/** In float64 the two implementations agree to rounding; in float32 rounding moves the path of the training. */
const tolerance = { float32: 1e-3, float64: 1e-9 } as const;

const runs = testEngines.flatMap((engine) =>
  (['float32', 'float64'] as const).map((dtype) => ({ engine, dtype })),
);

test.skipIf(mnistFolder === null).each(runs)(
  "200 steps of LeNet-5 with Adam on MNIST have PyTorch's losses ($engine, $dtype)",
  async ({ engine, dtype }) => {
    setEngine(engine);
    const train = await MNIST.load({ data: mnistFolder! });
    manualSeed(recording.seed);
    const { lr, losses } = recording[dtype];
    const model = new LeNet5().to(dtype);
    const optimizer = new optim.Adam(model.parameters(), { lr });
    const batches = new DataLoader(train, { batchSize: recording.batchSize, shuffle: true });
    let step = 0;
    let worst = 0;
    for await (const [images, labels] of batches) {
      const loss = tidy(() => {
        const input = F.pad(images.to(dtype).div(255), [2, 2, 2, 2]);
        const value = F.crossEntropy(model.forward(input), labels);
        optimizer.zeroGrad();
        value.backward();
        optimizer.step();
        return value;
      });
      const expected = losses[step]!;
      const found = loss.itemSync();
      const off = Math.abs(found - expected) / expected;
      expect(off, `loss of step ${step}: ${found}, PyTorch has ${expected}`).toBeLessThan(tolerance[dtype]);
      worst = Math.max(worst, off);
      if (++step === losses.length) break;
    }
    expect(step).toBe(200);
    console.log(`${engine}, ${dtype}: at most ${worst.toExponential(1)} relative from PyTorch's losses`);
  },
);
