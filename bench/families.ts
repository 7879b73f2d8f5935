import * as F from '../src/functional.js';
import { manualSeed, rand, randn, randperm, type Tensor } from '../src/index.js';
import type { Workload } from './workload.js';

type Shape = readonly number[];

const python = (shape: Shape): string => `(${shape.join(', ')},)`;

/** A pooling function forward and backward. */
const pooling = (name: string, shape: Shape, pool: (x: Tensor) => Tensor, torch: string): Workload => ({
  row: 'pooling, forward and backward',
  name,
  target: 1,
  engine: 'native',
  ours: () => {
    const x = randn(shape).requiresGrad_();
    const g = randn(pool(x).shape);
    return () => {
      x.grad = null;
      pool(x).backward(g);
    };
  },
  rival: {
    kind: 'torch',
    setup: `
x = torch.randn(${python(shape)}).requires_grad_()
g = torch.randn_like(${torch})`,
    run: `
x.grad = None
(${torch}).backward(g)`,
  },
});

const million = 1 << 20;

const drawing = (name: string, ours: () => unknown, torch: string): Workload => ({
  row: 'random numbers, 1 M',
  name,
  target: 1,
  engine: 'native',
  ours: () => {
    manualSeed(0);
    return ours;
  },
  rival: { kind: 'torch', setup: `x = torch.ones(${million})`, run: torch },
});

/** Work of which training steps are made, beside the layers. */
export const familyWorkloads: readonly Workload[] = [
  pooling('max 2 × 2 of LeNet-5', [64, 6, 28, 28], (x) => F.maxPool2d(x, 2), 'F.max_pool2d(x, 2)'),
  pooling(
    'max 3 × 3 of ResNet',
    [8, 64, 112, 112],
    (x) => F.maxPool2d(x, 3, { stride: 2, padding: 1 }),
    'F.max_pool2d(x, 3, 2, 1)',
  ),
  pooling('mean 2 × 2', [8, 64, 56, 56], (x) => F.avgPool2d(x, 2), 'F.avg_pool2d(x, 2)'),
  drawing('rand', () => rand([million]), `torch.rand(${million})`),
  drawing('randn', () => randn([million]), `torch.randn(${million})`),
  drawing('randperm', () => randperm(million), `torch.randperm(${million})`),
];
