import { layerNorm } from '../src/functional.js';
import { grad, rand, type Tensor } from '../src/index.js';
import type { Workload } from './workload.js';

const shape = [1024, 1024];

interface Case {
  readonly name: string;
  readonly gradient: readonly number[];
  readonly ours: (x: Tensor, weight: Tensor, bias: Tensor) => Tensor;
  readonly torch: string;
  /** Whether weight and bias get a gradient, too. */
  readonly affine?: boolean;
}

const cases: readonly Case[] = [
  { name: 'sum', gradient: [], ours: (x) => x.sum(), torch: 'x.sum()' },
  { name: 'sum of rows', gradient: [1024], ours: (x) => x.sum(1), torch: 'x.sum(1)' },
  { name: 'sum of columns', gradient: [1024], ours: (x) => x.sum(0), torch: 'x.sum(0)' },
  { name: 'softmax', gradient: shape, ours: (x) => x.softmax(1), torch: 'torch.softmax(x, 1)' },
  {
    name: 'layerNorm',
    gradient: shape,
    ours: (x, weight, bias) => layerNorm(x, [1024], { weight, bias }),
    torch: 'F.layer_norm(x, [1024], w, b)',
    affine: true,
  },
];

export const reduceWorkloads: readonly Workload[] = cases.map(
  ({ name, gradient, ours, torch, affine = false }) => ({
    row: 'over 1 M floats, forward and backward',
    name,
    target: 1,
    engine: 'native',
    ours() {
      const x = rand(shape).requiresGrad_();
      const [weight, bias] = [rand([1024]).requiresGrad_(), rand([1024]).requiresGrad_()];
      const g = rand(gradient);
      const inputs = affine ? [x, weight, bias] : [x];
      return () => {
        const y = ours(x, weight, bias);
        // The gradient of a sum is a view of g.
        for (const t of [...grad([y], inputs, { gradOutputs: [g] }), y])
          if (t?.storage !== g.storage) t?.dispose();
      };
    },
    rival: {
      kind: 'torch',
      setup: `
x = torch.rand(${JSON.stringify(shape)}).requires_grad_()
w, b = torch.rand(1024).requires_grad_(), torch.rand(1024).requires_grad_()
g = torch.rand(${JSON.stringify(gradient)})`,
      run: `torch.autograd.grad(${torch}, ${affine ? '[x, w, b]' : '[x]'}, g)`,
    },
  }),
);
