import { GoogLeNet, googLeNetLoss } from '../../vision/index.js';
import { colorRecipe, width } from '../kit/images/index.js';
import { onOff } from '../kit/index.js';

export const googlenet = colorRecipe({
  name: 'googlenet',
  section: '3.10',
  title: 'GoogLeNet: filters of several sizes at once, and auxiliary losses',
  about:
    'Inception blocks (Szegedy et al. 2014) apply filters of several sizes side by side and concatenate ' +
    'their channels; pointwise convolutions before them keep the number of channels, and so the cost, ' +
    'down. The network has 22 layers with a fraction of the weights of AlexNet or VGG. Two auxiliary ' +
    'classifiers halfway bring gradients to the early layers; their losses count 0.3 each in training, ' +
    'which makes the training loss higher than the validation loss. The network for 224 × 224 pixels is ' +
    'vision.GoogLeNet; for small images, a single 3 × 3 convolution precedes the blocks, which makes it ' +
    'slow: it has a quarter of the channels unless --width says otherwise. Try --auxiliary off and ' +
    '--width 0.125.',
  usual: { epochs: 6, lr: 0.05, schedule: 'one-cycle', weightDecay: 5e-4 },
  options: {
    width: width(0.25),
    auxiliary: onOff('on', 'classifiers halfway, whose losses bring gradients to the early layers'),
  },
  network({ width, auxiliary }, numClasses) {
    const model = new GoogLeNet({ smallImages: true, numClasses, width, auxLogits: auxiliary === 'on' });
    return {
      model,
      called: 'GoogLeNet for small images',
      learn(x, targets, options) {
        const outputs = model.outputs(x);
        return { logits: outputs.logits, loss: googLeNetLoss(outputs, targets, options) };
      },
    };
  },
});
