import { rand } from '../src/index.js';
import { transforms } from '../src/vision/index.js';
import type { Workload } from './workload.js';

/** What CIFAR-10 is usually trained with, and colors; torchvision draws for one image at a time. */
export const augmentationWorkloads: readonly Workload[] = [
  {
    row: 'augmentation: crop, flip, jitter, normalize, images a second',
    name: '128 × 3 × 32 × 32, beside torchvision on tensors, image by image',
    target: 3,
    engine: 'native',
    ours() {
      const augment = new transforms.Compose([
        new transforms.RandomCrop(32, { padding: 4 }),
        new transforms.RandomHorizontalFlip(),
        new transforms.ColorJitter({ brightness: 0.2, contrast: 0.2, saturation: 0.2 }),
        new transforms.Normalize([0.4914, 0.4822, 0.4465], [0.247, 0.2435, 0.2616]),
      ]);
      const images = rand([128, 3, 32, 32]);
      return () => {
        augment.forward(images).dispose();
      };
    },
    rival: {
      kind: 'torch',
      setup: `
from torchvision import transforms
augment = transforms.Compose([
    transforms.RandomCrop(32, padding=4),
    transforms.RandomHorizontalFlip(),
    transforms.ColorJitter(0.2, 0.2, 0.2),
    transforms.Normalize([0.4914, 0.4822, 0.4465], [0.247, 0.2435, 0.2616]),
])
images = torch.rand(128, 3, 32, 32)`,
      run: 'torch.stack([augment(image) for image in images])',
    },
  },
];
