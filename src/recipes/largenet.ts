import { LargeNet } from '../vision/index.js';
import { imageRecipe } from './image-recipe.js';

export const largenet = imageRecipe({
  name: 'largenet',
  section: '3.7',
  title: "LargeNet, the notes' example of a convolutional network (CIFAR-10)",
  about:
    'Figure 3.26 of the notes: two convolutions of 5 × 5, each with ReLU and max pooling, and two linear ' +
    'layers, 10,002 parameters in all. It is small and fast, and it learns what edges and colours of ' +
    'CIFAR-10 tell; myelin inspect RUN test:0 shows its filters, feature maps and saliency. The larger ' +
    'networks of section 3.10 show how much better it can be done. Try --augment on (too small a network ' +
    'to overfit much: it gains nothing), --dataset fashion-mnist, --batch-size 256.',
  usual: { epochs: 10, batchSize: 64, lr: 0.01, schedule: 'cosine', weightDecay: 5e-4, augment: 'off' },
  options: {},
  network: () => ({ model: new LargeNet(), called: 'LargeNet' }),
});
