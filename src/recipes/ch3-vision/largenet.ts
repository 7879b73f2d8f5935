import { LargeNet } from '../../vision/index.js';
import { colorRecipe } from '../kit/images/index.js';

export const largenet = colorRecipe({
  name: 'largenet',
  section: '3.7',
  title: "LargeNet, the course notes' example of a convolutional network",
  about:
    'Figure 3.26 of the course notes: two convolutions of 5 × 5, each with ReLU and max pooling, and two ' +
    "linear layers, 10,002 parameters in all. It's small and fast: an epoch takes seconds. After 20 epochs on " +
    '20,000 images, it gets 69 % of its training images right, and 57 % of others. myelin inspect RUN test:0 ' +
    'shows its filters, feature maps, and saliency; the networks of section 3.10 show how much better you can ' +
    'do. Try --augment on, --epochs 40, and --dataset fashion-mnist.',
  usual: { epochs: 10, batchSize: 64, lr: 0.01, schedule: 'cosine', weightDecay: 5e-4, augment: 'off' },
  options: {},
  network: () => ({ model: new LargeNet(), called: 'LargeNet' }),
});
