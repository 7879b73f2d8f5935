import { DataLoader } from '../data/index.js';
import * as F from '../functional.js';
import { manualSeed, type Tensor } from '../index.js';
import { accuracy } from '../metrics/index.js';
import * as nn from '../nn/index.js';
import * as optim from '../optim/index.js';
import { Trainer } from '../train/index.js';
import { digitsDataset, loadDigits } from './digits.js';
import type { Experiment, Recipe, RecipeContext } from './recipe.js';

/**
 * LeNet-5 as the notes build it: two convolutions with max pooling, three linear layers.
 *
 * @shape x (N, 1, 32, 32) → logits (N, 10)
 * @source notes 3.9; LeCun et al. 1998, doi:10.1109/5.726791
 */
export class LeNet5 extends nn.Module {
  readonly conv1 = new nn.Conv2d(1, 6, 5);
  readonly pool = new nn.MaxPool2d(2, 2);
  readonly conv2 = new nn.Conv2d(6, 16, 5);
  readonly fc1 = new nn.Linear(5 * 5 * 16, 120);
  readonly fc2 = new nn.Linear(120, 84);
  readonly fc3 = new nn.Linear(84, 10);

  override forward(x: Tensor): Tensor {
    let h = this.pool.forward(F.relu(this.conv1.forward(x))); // (N, 6, 14, 14)
    h = this.pool.forward(F.relu(this.conv2.forward(h))); // (N, 16, 5, 5)
    h = h.view([-1, 5 * 5 * 16]);
    h = F.tanh(this.fc1.forward(h));
    h = F.tanh(this.fc2.forward(h));
    return this.fc3.forward(h);
  }
}

/** Bytes (N, 1, 28, 28) to what the network sees: 0 to 1, with a border of two pixels, (N, 1, 32, 32). */
export const toInput = (images: Tensor): Tensor => F.pad(images.to('float32').div(255), [2, 2, 2, 2]);

/** Adam, its rate falling from `lr` to nothing along a half wave of the cosine. */
export const lenet5: Recipe = {
  name: 'lenet5',
  section: '3.9',
  title: 'LeNet-5 reads handwritten digits (MNIST)',
  defaults: { epochs: 10, batchSize: 64, lr: 2e-3, seed: 0 },

  async prepare({ options, say, callbacks = [] }: RecipeContext): Promise<Experiment> {
    const { epochs, batchSize, lr, seed } = options;
    const { train, test } = await loadDigits(options.data, say);
    manualSeed(seed);
    const model = new LeNet5();
    say('model', `LeNet-5, ${model.numParameters().toLocaleString('en')} parameters`);

    const trainBatches = new DataLoader(digitsDataset(train), { batchSize, shuffle: true });
    const testBatches = new DataLoader(digitsDataset(test), { batchSize: 500 });
    const optimizer = new optim.Adam(model.parameters(), { lr });
    const scheduler = new optim.lrScheduler.CosineAnnealingLR(optimizer, epochs * trainBatches.length);
    const trainer = new Trainer<[images: Tensor, labels: Tensor]>({
      model,
      optimizer,
      scheduler,
      callbacks,
      step([images, labels]) {
        const logits = model.forward(toInput(images));
        return { loss: F.crossEntropy(logits, labels), accuracy: accuracy(logits, labels) };
      },
    });
    return {
      train: () => trainer.fit(trainBatches, { epochs }),
      stop: () => trainer.stop(),
      get step() {
        return trainer.step;
      },
      state: () => trainer.state(),
      loadState: (state) => trainer.loadState(state),
      async evaluate() {
        const numbers = await trainer.evaluate(testBatches);
        return { line: `test accuracy: ${(100 * numbers.accuracy!).toFixed(2)} %`, numbers };
      },
    };
  },
};
