import { VGG, type VGGDepth } from '../../vision/index.js';
import { colorRecipe, dropout, width } from '../kit/images/index.js';
import { onOff } from '../kit/index.js';

export const vgg = colorRecipe({
  name: 'vgg',
  section: '3.10',
  title: 'VGG: nothing but 3 × 3 convolutions, stacked',
  about:
    'Simonyan and Zisserman (2014): only 3 × 3 convolutions (two or more in a row see as much as a larger ' +
    'one, with fewer weights), in five stages, each with twice the channels at half the size, and three ' +
    'linear layers. The network for 224 × 224 pixels is vision.VGG; for small images, the convolutions ' +
    'are the same and leave one pixel of 512 features for smaller linear layers; all of that is halved ' +
    'unless --width says otherwise. Ten epochs of 20,000 images of CIFAR-10 take six minutes on two cores ' +
    'and reach 57.1 %. Try --depth 16, also with --batch-norm off (a deep network without normalization ' +
    'is slow to start), --width 1, and --epochs 30.',
  usual: { epochs: 10, lr: 0.05, schedule: 'step', weightDecay: 5e-4 },
  options: {
    depth: { kind: 'choice', default: '11', choices: ['11', '13', '16', '19'], help: 'layers with weights' },
    batchNorm: onOff('on', "batch normalization after each convolution, which the paper didn't have"),
    width: width(0.5),
    dropout: dropout(0.5),
  },
  network: ({ depth, batchNorm, width, dropout }, numClasses) => ({
    model: new VGG(Number(depth) as VGGDepth, {
      ...{ smallImages: true, numClasses, width, dropout },
      batchNorm: batchNorm === 'on',
    }),
    called: `VGG-${depth} for small images`,
  }),
});
