import { manualSeed } from '../../index.js';
import * as optim from '../../optim/index.js';
import { LeNet5 } from '../../vision/index.js';
import { augment, classifierTraining, dataset, grayInput, loadImageSet } from '../kit/images/index.js';
import { batchSize, defineRecipe, lr, moreEpochs, text, validation } from '../kit/index.js';

/** Adam, with a rate that falls from `lr` to zero along half a cosine wave. */
export const lenet5 = defineRecipe({
  name: 'lenet5',
  section: '3.9',
  title: 'LeNet-5: convolutions, pooling, and linear layers for small gray images',
  about:
    'The convolutional network of LeCun et al. (1998): two convolutions, each followed by pooling, and three ' +
    'fully connected layers. Ten epochs of MNIST take half a minute to a minute on two cores and reach 99.2 ' +
    'to 99.4 % on the test images, depending on the processor. --augment on rotates, shifts, scales, slants, ' +
    'and bends every digit anew each time the network sees it. In the paper, that lowered the error from 0.95 ' +
    '% to 0.8 %; here, twenty epochs reach 99.5 %, though each takes three times as long. --dataset ' +
    'fashion-mnist has clothes instead of digits.',
  dataset: 'MNIST',
  options: {
    dataset: dataset('mnist', ['mnist', 'fashion-mnist']),
    epochs: moreEpochs(10),
    batchSize: batchSize(64),
    lr: lr(2e-3),
    augment: augment('off'),
    validation: validation(0),
  },

  async prepare(context) {
    const { options } = context;
    const set = await loadImageSet(options.dataset, context);
    manualSeed(options.seed);
    const model = new LeNet5();
    await context.emit(text('model', `LeNet-5, ${model.numParameters().toLocaleString('en')} parameters`));
    return classifierTraining(context, {
      model,
      set,
      toInput: grayInput,
      change: options.augment === 'on' ? set.changes.usual : undefined,
      optimize(steps) {
        const optimizer = new optim.Adam(model.parameters(), { lr: options.lr });
        return { optimizer, scheduler: new optim.lrScheduler.CosineAnnealingLR(optimizer, steps) };
      },
    });
  },
});
