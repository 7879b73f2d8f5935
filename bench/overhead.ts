import { rand } from '../src/index.js';
import type { Workload } from './workload.js';

export const overheadWorkloads: readonly Workload[] = [
  {
    row: 'overhead: forward and backward of a 3-op scalar chain',
    name: 'tanh(a · b + c)',
    target: 1,
    engine: 'native',
    ours() {
      const [a, b, c] = [rand([]).requiresGrad_(), rand([]), rand([])];
      return () => {
        a.grad = null;
        a.mul(b).add(c).tanh().backward();
      };
    },
    rival: {
      kind: 'torch',
      setup: 'a, b, c = torch.rand(()).requires_grad_(), torch.rand(()), torch.rand(())',
      run: 'a.grad = None\n(a * b + c).tanh().backward()',
    },
  },
];
