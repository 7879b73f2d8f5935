import { VGG, type VGGDepth } from '../../vision/index.js';
import { colorRecipe, dropout, width } from '../kit/images/index.js';
import { onOff } from '../kit/index.js';

export const vgg = colorRecipe({
  name: 'vgg',
  section: '3.10',
  title: 'VGG: a stack of 3 × 3 convolutions',
  about:
    'The network of Simonyan and Zisserman (2014) has only 3 × 3 convolutions, because several in a row see ' +
    'as much as a larger one with fewer weights. They come in five stages that each halve the size and ' +
    'double the channels, up to 512, and three linear layers follow. vision.VGG takes 224 × 224 pixels; ' +
    'the form for small images has the same convolutions, which leave a single pixel of 512 features, and ' +
    'smaller linear layers. Here it has half as many channels and units, unless --width says otherwise. ' +
    'Ten epochs on 20,000 images of CIFAR-10 take six minutes on two cores and reach 57.1 %. Try --depth ' +
    '16, with --batch-norm off too (a deep network without normalization is slow to start), --width 1, ' +
    'and --epochs 30.',
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
