import { grad, rand, type Tensor } from '../src/index.js';
import type { Workload } from './workload.js';

const shape = [1024, 1024];

interface Case {
  readonly name: string;
  readonly operands: 1 | 2;
  readonly ours: (a: Tensor, b: Tensor) => Tensor;
  readonly torch: string;
}

const cases: readonly Case[] = [
  { name: 'add', operands: 2, ours: (a, b) => a.add(b), torch: 'a + b' },
  { name: 'mul', operands: 2, ours: (a, b) => a.mul(b), torch: 'a * b' },
  { name: 'relu', operands: 1, ours: (a) => a.relu(), torch: 'torch.relu(a)' },
  { name: 'exp', operands: 1, ours: (a) => a.exp(), torch: 'torch.exp(a)' },
  { name: 'tanh', operands: 1, ours: (a) => a.tanh(), torch: 'torch.tanh(a)' },
];

export const elementwiseWorkloads: readonly Workload[] = cases.map(({ name, operands, ours, torch }) => ({
  row: 'over 1 M floats, forward and backward',
  name,
  target: 1,
  engine: 'native',
  ours() {
    const [a, b, g] = [rand(shape).sub(0.5), rand(shape).sub(0.5), rand(shape)];
    const inputs = [a.requiresGrad_(), b.requiresGrad_()].slice(0, operands);
    return () => {
      const y = ours(a, b);
      for (const t of [...grad([y], inputs, { gradOutputs: [g] }), y]) if (t !== g) t?.dispose();
    };
  },
  rival: {
    kind: 'torch',
    setup: `
a = (torch.rand(${JSON.stringify(shape)}) - 0.5).requires_grad_()
b = (torch.rand(${JSON.stringify(shape)}) - 0.5).requires_grad_()
g = torch.rand(${JSON.stringify(shape)})`,
    run: `torch.autograd.grad(${torch}, [a, b][:${operands}], g)`,
  },
}));
