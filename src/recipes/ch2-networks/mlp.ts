import { manualSeed, stdMean, tidy } from '../../index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import { classifierTraining, loadImageSet } from '../kit/images/index.js';
import { batchSize, defineRecipe, lr, moreEpochs, text, validation } from '../kit/index.js';

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

/** A fully connected network on MNIST: Adam, with a rate that falls along half a cosine wave, and dropout. */
export const mlp = defineRecipe({
  name: 'mlp',
  section: '2.6',
  title: 'A fully connected network reads digits',
  about:
    'A network of three layers that sees the 784 pixels of an image as 784 numbers, with no idea which ' +
    'are neighbors. The pixels are scaled to mean 0 and variance 1 by the statistics of the training ' +
    'images; Adam trains the network with a rate that falls to zero, and dropout keeps it from memorizing ' +
    'the training images. It gets more than 98.2 % of the test images right; myelin train lenet5 shows ' +
    'what convolutions add. Try --dropout 0 (compare training and test accuracy), --hidden 32, and ' +
    '--batch-size 1000.',
  dataset: 'MNIST',
  options: {
    epochs: moreEpochs(15),
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
      help: 'share of hidden units to drop during training',
    },
    validation: validation(0),
  },

  async prepare(context) {
    const { options } = context;
    const { lr, hidden, dropout } = options;
    const set = await loadImageSet('mnist', context);
    manualSeed(options.seed);
    const model = network(hidden, dropout);
    await context.emit(
      text('model', `784–${hidden}–${hidden}–10, ${model.numParameters().toLocaleString('en')} parameters`),
    );
    const [std, mean] = tidy(() => stdMean(set.train.images.to('float32')));
    return classifierTraining(context, {
      model,
      set,
      toInput: (images) => images.to('float32').sub(mean).div(std),
      optimize(steps) {
        const optimizer = new optim.Adam(model.parameters(), { lr });
        return { optimizer, scheduler: new optim.lrScheduler.CosineAnnealingLR(optimizer, steps) };
      },
    });
  },
});
