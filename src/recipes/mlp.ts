import { DataLoader, randomSplit } from '../data/index.js';
import * as F from '../functional.js';
import { Generator, manualSeed, stdMean, type Tensor, tensor, tidy } from '../index.js';
import { accuracy, confusionMatrix } from '../metrics/index.js';
import * as nn from '../nn/index.js';
import * as optim from '../optim/index.js';
import { Trainer } from '../train/index.js';
import { imageGrid } from '../viz/index.js';
import { digitNames, digitsDataset, loadDigits } from './digits.js';
import { batchSize, epochs, lr, validation } from './options.js';
import { defineRecipe } from './recipe.js';
import { percent, table } from './table.js';
import { training } from './training.js';

/** Two hidden layers, fully connected: 784 pixels → hidden → hidden → 10 logits. @shape (N, …) → (N, 10) */
export const network = (hidden: number, dropout: number): nn.Sequential =>
  new nn.Sequential(
    new nn.Flatten(),
    new nn.Linear(28 * 28, hidden),
    new nn.ReLU(),
    new nn.Dropout(dropout),
    new nn.Linear(hidden, hidden),
    new nn.ReLU(),
    new nn.Dropout(dropout),
    new nn.Linear(hidden, 10),
  );

/** A fully connected network on MNIST: Adam, its rate falling along a half wave of the cosine; dropout. */
export const mlp = defineRecipe({
  name: 'mlp',
  section: '2.6',
  title: 'A fully connected network reads handwritten digits (MNIST)',
  about:
    'A network of three layers that sees the 784 pixels of an image as 784 numbers, with no idea which are ' +
    'neighbours. The pixels are brought to mean 0 and variance 1 by the statistics of the training images; ' +
    'Adam trains it, its rate falling to nothing; dropout keeps it from learning the training images by ' +
    'heart. It reaches more than 98.2 % of the test images; myelin train lenet5 shows what convolutions add. ' +
    'Try --dropout 0 (compare training and test accuracy), --hidden 32, --batch-size 1000.',
  dataset: 'MNIST',
  options: {
    epochs: epochs(15),
    batchSize: batchSize(128),
    lr: lr(1e-3),
    hidden: {
      kind: 'integer',
      default: 512,
      min: 1,
      max: 8192,
      help: 'units of each of the two hidden layers',
    },
    dropout: {
      kind: 'number',
      default: 0.25,
      min: 0,
      max: 0.95,
      help: 'share of hidden units that are dropped while training',
    },
    validation: validation(0),
  },

  async prepare({ options, say, callbacks = [] }) {
    const { epochs, batchSize, lr, hidden, dropout, seed } = options;
    const digits = await loadDigits(options.data, say);
    const [train, test] = [digitsDataset(digits.train), digitsDataset(digits.test)];
    manualSeed(seed);
    const model = network(hidden, dropout);
    say('model', `784–${hidden}–${hidden}–10, ${model.numParameters().toLocaleString('en')} parameters`);

    const held = Math.round(options.validation * train.length);
    const [rest, heldBack] = randomSplit(train, [train.length - held, held], {
      generator: new Generator(seed),
    });
    const [std, mean] = tidy(() => stdMean(train.batch(rest!.indices)[0].to('float32')));
    /** @shape (N, 1, 28, 28), bytes → (N, 10) */
    const logitsOf = (images: Tensor): Tensor => model.forward(images.to('float32').sub(mean).div(std));

    const batches = new DataLoader(rest!, { batchSize, shuffle: true });
    const testBatches = new DataLoader(test, { batchSize: 500 });
    const optimizer = new optim.Adam(model.parameters(), { lr });
    const trainer = new Trainer<[images: Tensor, labels: Tensor]>({
      model,
      optimizer,
      scheduler: new optim.lrScheduler.CosineAnnealingLR(optimizer, epochs * batches.length),
      callbacks,
      step([images, labels]) {
        const logits = logitsOf(images);
        return { loss: F.crossEntropy(logits, labels), accuracy: accuracy(logits, labels) };
      },
    });
    /** Class that each test image is read as, and the numbers of the test. */
    const read = async (): Promise<{ classes: number[]; numbers: Record<string, number> }> => {
      const classes: number[] = [];
      const numbers = await trainer.evaluate(testBatches, ([images, labels]) => {
        const logits = logitsOf(images);
        classes.push(...logits.argmax(1).dataSync());
        return { loss: F.crossEntropy(logits, labels), accuracy: accuracy(logits, labels) };
      });
      return { classes, numbers };
    };
    const labels = test.tensors[1];

    return training({
      trainer,
      batches,
      epochs,
      ...(held > 0 ? { validation: new DataLoader(heldBack!, { batchSize: 500 }) } : {}),

      async evaluate() {
        const { classes, numbers } = await read();
        const matrix = confusionMatrix(tensor(classes, { dtype: 'int32' }), labels, {
          classes: 10,
        }).toArraySync() as number[][];
        const confused = matrix
          .flatMap((row, of) => row.map((times, as) => ({ of, as, times })))
          .filter(({ of, as, times }) => of !== as && times > 0)
          .sort((a, b) => b.times - a.times)
          .slice(0, 5);
        return {
          line: `test accuracy: ${percent(numbers.accuracy!, 2)}`,
          numbers,
          confusion: { matrix, classes: digitNames },
          report: table(
            ['most often mistaken', 'read as', 'times'],
            confused.map(({ of, as, times }) => [of, as, times]),
          ),
        };
      },

      async pictures() {
        const { classes: found } = await read();
        const truth = labels.dataSync();
        const wrong = Array.from(truth.keys())
          .filter((i) => found[i] !== truth[i])
          .slice(0, 32);
        if (wrong.length === 0) return [];
        const figure = await imageGrid(test.batch(wrong)[0].to('float32').div(255), {
          title: 'Test images that it reads wrong',
          labels: wrong.map((i) => `${truth[i]} as ${found[i]}`),
        });
        return [{ name: 'mistakes', figure }];
      },
    });
  },
});
