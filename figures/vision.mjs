// Chapter 3: convolutional neural networks.
import { CIFAR10, MNIST } from '../dist/vision/index.js';

const percent = (share, digits = 2) => `${(100 * share).toFixed(digits)} %`;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The part of a data set that is to be trained on and that to be tested on. */
const both = (dataset) => (find) =>
  Promise.all([dataset.load(find), dataset.load({ ...find, train: false })]);

/** @type {import('./main.mjs').Figure} */
const lenet5 = {
  name: 'lenet5',
  title: 'LeNet-5, MNIST, no augmentation',
  source: 'LeCun et al. 1998: error 0.95 %',
  reach: '>= 99.05 %',
  needs: ['MNIST'],
  options: { epochs: 10 },
  runs: ({ epochs }) => [
    { name: 'train', recipe: 'lenet5', options: { dataset: 'mnist', augment: 'off', epochs } },
  ],
  measure: ({ train: { accuracy } }) => ({ measured: percent(accuracy), reached: accuracy >= 0.9905 }),
};

/** @type {import('./main.mjs').Figure} */
const lenet5Distortions = {
  name: 'lenet5-distortions',
  title: 'LeNet-5, MNIST, with distortions',
  source: 'LeCun et al. 1998: error 0.8 %',
  reach: '>= 99.2 %',
  needs: ['MNIST'],
  options: { epochs: 20 },
  runs: ({ epochs }) => [
    { name: 'train', recipe: 'lenet5', options: { dataset: 'mnist', augment: 'on', epochs } },
  ],
  measure: ({ train: { accuracy } }) => ({ measured: percent(accuracy), reached: accuracy >= 0.992 }),
};

/** The training of the ResNets, the same for both. */
const resnetTraining = { 'batch-size': 128, lr: 0.1, 'weight-decay': 0.0005 };

/** @type {import('./main.mjs').Figure} */
const resnet20 = {
  name: 'resnet20',
  title: 'ResNet-20, CIFAR-10 (the training files that are there)',
  source: 'PyTorch, the same files and training',
  reach: 'within 0.5 points',
  needs: ['CIFAR-10'],
  options: { epochs: 10, seeds: 3 },
  runs: ({ epochs, seeds }) =>
    Array.from({ length: seeds }, (_, seed) => {
      const options = { depth: 20, epochs, ...resnetTraining, seed };
      return [
        {
          name: `myelin-${seed}`,
          recipe: 'resnet',
          options: {
            ...options,
            dataset: 'cifar10',
            schedule: 'one-cycle',
            augment: 'on',
            mixup: 0,
            'label-smoothing': 0,
            validation: 0,
          },
        },
        { name: `pytorch-${seed}`, python: 'cifar_resnet.py', options },
      ];
    }).flat(),
  measure(results) {
    const of = (side) =>
      Object.entries(results).flatMap(([name, { accuracy }]) => (name.startsWith(side) ? [accuracy] : []));
    const [ours, theirs] = [of('myelin'), of('pytorch')];
    const each = (accuracies) => accuracies.map((accuracy) => (100 * accuracy).toFixed(2)).join(', ');
    return {
      measured: `${percent(mean(ours))} (${each(ours)}), PyTorch ${percent(mean(theirs))} (${each(theirs)})`,
      reached: Math.abs(mean(ours) - mean(theirs)) <= 0.005,
    };
  },
};

/** @type {import('./main.mjs').Figure} */
const plainVsResidual = {
  name: 'plain-vs-residual',
  title: 'Plain and residual networks of 20 and 56 layers, CIFAR-10',
  source: 'He et al. 2016, figure 6: ResNet-56 < ResNet-20 < plain-20 < plain-56 in error',
  reach: 'the same order',
  needs: ['CIFAR-10'],
  options: { epochs: 15 },
  runs: ({ epochs }) => [
    {
      name: 'train',
      recipe: 'plain-vs-residual',
      options: {
        ...resnetTraining,
        ...{ dataset: 'cifar10', depths: '20,56', epochs, schedule: 'one-cycle', augment: 'on' },
      },
    },
  ],
  measure({ train: numbers }) {
    const names = ['ResNet-56', 'ResNet-20', 'plain-20', 'plain-56'];
    const errors = names.map((name) => numbers[`${name} test error`]);
    return {
      measured: names.map((name, i) => `${name} ${percent(errors[i])}`).join(', '),
      reached: errors.every((error, i) => i === 0 || errors[i - 1] < error),
    };
  },
};

/** @type {import('./main.mjs').Figure} */
const transfer = {
  name: 'transfer',
  title: 'Transfer: classes that the encoder never saw, 10, 50, and 250 labels per class',
  source: '-',
  reach: 'frozen and fine-tuned above scratch at 10 and 50',
  needs: ['CIFAR-10'],
  options: { epochs: 10 },
  runs: ({ epochs }) => [{ name: 'train', recipe: 'transfer', options: { dataset: 'cifar10', epochs } }],
  measure({ train: numbers }) {
    const ways = ['scratch', 'frozen', 'fine-tuned'];
    return {
      measured: ways
        .map(
          (way) =>
            `${way} ${[10, 50, 250].map((labels) => percent(numbers[`${way} ${labels}`], 1)).join(', ')}`,
        )
        .join('; '),
      reached: [10, 50].every((labels) =>
        ['frozen', 'fine-tuned'].every((way) => numbers[`${way} ${labels}`] > numbers[`scratch ${labels}`]),
      ),
    };
  },
};

/** @type {import('./main.mjs').Chapter} */
export default {
  title: 'Convolutional neural networks: figures of chapter 3',
  datasets: { MNIST: both(MNIST), 'CIFAR-10': both(CIFAR10) },
  figures: [lenet5, lenet5Distortions, resnet20, plainVsResidual, transfer],
};
