import { randn, type Tensor } from '../src/index.js';
import * as optim from '../src/optim/index.js';
import type { Workload } from './workload.js';

type Shape = readonly number[];
type Make = (params: Tensor[]) => { step(): void };

const python = (shape: Shape): string => `(${shape.join(', ')},)`;

const lenet: readonly Shape[] = [
  [6, 1, 5, 5],
  [6],
  [16, 6, 5, 5],
  [16],
  [120, 400],
  [120],
  [84, 120],
  [84],
  [10, 84],
  [10],
];

/** 25 M parameters as a network has them: 30 weights of all sizes, and their biases. */
const large: readonly Shape[] = [128, 256, 512, 1024, 1664].flatMap((width) =>
  Array.from({ length: 6 }, (): Shape[] => [[width, width], [width]]).flat(),
);

/** A step over parameters of these shapes; the rival's goes from one to the next, without `foreach`. */
const step = (
  row: string,
  name: string,
  target: number,
  shapes: readonly Shape[],
  make: Make,
  torch: string,
): Workload => ({
  row,
  name,
  target,
  engine: 'native',
  ours() {
    const params = shapes.map((shape) => randn(shape).requiresGrad_());
    for (const p of params) p.grad = randn(p.shape);
    const optimizer = make(params);
    return () => optimizer.step();
  },
  rival: {
    kind: 'torch',
    setup: `
params = [nn.Parameter(torch.randn(s)) for s in [${shapes.map(python).join(', ')}]]
for p in params:
    p.grad = torch.randn_like(p)
optimizer = torch.optim.${torch}`,
    run: 'optimizer.step()',
  },
});

const adam: Make = (params) => new optim.Adam(params);
const sgd: Make = (params) => new optim.SGD(params, { lr: 1e-3 });
const momentum: Make = (params) => new optim.SGD(params, { lr: 1e-3, momentum: 0.9 });

const many = 'optimizer step, 25 M parameters in 60 tensors';

export const optimizerWorkloads: readonly Workload[] = [
  step('optimizer step, Adam', 'LeNet-5', 1, lenet, adam, 'Adam(params)'),
  step(
    'optimizer step, Adam',
    '200 small tensors',
    1,
    Array.from({ length: 200 }, () => [64]),
    adam,
    'Adam(params)',
  ),
  step(many, 'Adam', 1.2, large, adam, 'Adam(params, foreach=False)'),
  step(many, 'SGD', 1.2, large, sgd, 'SGD(params, lr=1e-3, foreach=False)'),
  step(many, 'SGD, momentum', 1.2, large, momentum, 'SGD(params, lr=1e-3, momentum=0.9, foreach=False)'),
];
