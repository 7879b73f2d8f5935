import { CifarResNet } from '../../vision/index.js';
import { colorRecipe } from '../kit/images/index.js';

/** The recipe of the paper's section 4.2, in fewer epochs. */
export const resnet = colorRecipe({
  name: 'resnet',
  section: '3.10',
  title: 'ResNet: blocks that add their input to their output',
  about:
    'The residual networks of He et al. (2015) for small images: 6n + 2 layers, three stages of n blocks ' +
    'with 16, 32, and 64 channels, strided convolutions instead of pooling, global average pooling, and ' +
    'one linear layer. The training follows section 4.2 of the paper: batches of 128, momentum 0.9, ' +
    'weight decay 0.0001, learning rate 0.1, divided by 10 at one half and three quarters; images shifted ' +
    'by up to 4 pixels and flipped. The paper goes through the images 164 times; see how far you get with ' +
    'fewer. Try --depth 32, --schedule one-cycle (better in few epochs), --mixup 0.2 (better in many), ' +
    'and myelin train plain-vs-residual.',
  usual: { epochs: 10, lr: 0.1, schedule: 'step', weightDecay: 1e-4 },
  options: {
    depth: { kind: 'integer', default: 20, min: 8, max: 1202, help: 'layers with weights: 6n + 2' },
  },
  network: ({ depth }, numClasses) => ({
    model: new CifarResNet(depth, { numClasses }),
    called: `ResNet-${depth}`,
  }),
});
