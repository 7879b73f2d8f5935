import { DataLoader, randomSplit } from '../data/index.js';
import * as F from '../functional.js';
import { Generator, manualSeed, type Tensor } from '../index.js';
import { accuracy, ConfusionMatrix } from '../metrics/index.js';
import * as optim from '../optim/index.js';
import { Trainer } from '../train/index.js';
import { LeNet5 } from '../vision/index.js';
import { digitNames, digitsDataset, loadDigits } from './digits.js';
import { batchSize, epochs, lr, validation } from './options.js';
import { defineRecipe } from './recipe.js';
import { training } from './training.js';

/** Bytes (N, 1, 28, 28) to what the network sees: 0 to 1, with a border of two pixels, (N, 1, 32, 32). */
export const toInput = (images: Tensor): Tensor => F.pad(images.to('float32').div(255), [2, 2, 2, 2]);

/** Adam, its rate falling from `lr` to nothing along a half wave of the cosine. */
export const lenet5 = defineRecipe({
  name: 'lenet5',
  section: '3.9',
  title: 'LeNet-5 reads handwritten digits (MNIST)',
  about:
    'The convolutional network of LeCun et al. (1998): two convolutions, each followed by pooling, and three ' +
    'fully connected layers. Ten epochs take about a minute and reach 99.2 % on the test images.',
  dataset: 'MNIST',
  options: { epochs: epochs(10), batchSize: batchSize(64), lr: lr(2e-3), validation: validation(0) },

  async prepare({ options, say, callbacks = [] }) {
    const { epochs, batchSize, lr, seed } = options;
    const { train, test } = await loadDigits(options.data, say);
    manualSeed(seed);
    const model = new LeNet5();
    say('model', `LeNet-5, ${model.numParameters().toLocaleString('en')} parameters`);

    const set = digitsDataset(train);
    const held = Math.round(options.validation * set.length);
    const [rest, heldBack] = randomSplit(set, [set.length - held, held], { generator: new Generator(seed) });
    const batches = new DataLoader(held > 0 ? rest! : set, { batchSize, shuffle: true });
    const testSet = digitsDataset(test);
    const testBatches = new DataLoader(testSet, { batchSize: 500 });
    const optimizer = new optim.Adam(model.parameters(), { lr });
    const scheduler = new optim.lrScheduler.CosineAnnealingLR(optimizer, epochs * batches.length);
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
    return training({
      trainer,
      batches,
      epochs,
      network: { model, toInput, shape: [1, test.height, test.width], classes: digitNames, test: testSet },
      ...(held > 0 ? { validation: new DataLoader(heldBack!, { batchSize: 500 }) } : {}),
      async evaluate() {
        const confusion = new ConfusionMatrix({ classes: digitNames.length });
        const numbers = await trainer.evaluate(testBatches, ([images, labels]) => {
          const logits = model.forward(toInput(images));
          confusion.update(logits, labels);
          return { loss: F.crossEntropy(logits, labels), accuracy: accuracy(logits, labels) };
        });
        return {
          line: `test accuracy: ${(100 * numbers.accuracy!).toFixed(2)} %`,
          numbers,
          confusion: { matrix: confusion.compute().toArraySync() as number[][], classes: digitNames },
        };
      },
    });
  },
});
