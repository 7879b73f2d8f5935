import { AlexNet } from '../../vision/index.js';
import { colorRecipe, dropout, width } from '../kit/images/index.js';

export const alexnet = colorRecipe({
  name: 'alexnet',
  section: '3.10',
  title: 'AlexNet: deeper, with ReLU, dropout, and data augmentation',
  about:
    'What changed between LeNet-5 and AlexNet (Krizhevsky et al. 2012): five convolutions, ReLU instead ' +
    'of sigmoids, dropout in the linear layers, data augmentation, momentum, weight decay, and a learning ' +
    'rate that falls in steps. The paper divided it by 10 whenever the error stopped falling; --schedule ' +
    'step does so at one half and three quarters of the training. The network for 224 × 224 pixels is ' +
    'vision.AlexNet; this is its form for small images, with a first convolution of 5 × 5 without stride, ' +
    'and half the channels unless --width says otherwise. Ten epochs of 20,000 images of CIFAR-10 take ' +
    'six minutes on two cores and reach 61.6 %. Try --augment off and --dropout 0 (training and ' +
    'validation curves diverge), --width 1 (four times the work), and --schedule constant.',
  usual: { epochs: 10, lr: 0.02, schedule: 'step', weightDecay: 5e-4 },
  options: { width: width(0.5), dropout: dropout(0.5) },
  network: ({ width, dropout }, numClasses) => ({
    model: new AlexNet({ smallImages: true, numClasses, width, dropout }),
    called: 'AlexNet for small images',
  }),
});
