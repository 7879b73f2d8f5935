import * as F from '../src/functional.js';
import { randn, type Tensor, tidy } from '../src/index.js';
import type { Workload } from './workload.js';

type Shape = readonly [batch: number, heads: number, length: number, width: number];

const shapes: readonly Shape[] = [
  [1, 8, 2048, 64],
  [4, 12, 512, 64],
  [1, 25, 1024, 64],
];

/** Self-attention, forward and backward, beside products and a softmax with all weights in memory. */
const attention = (shape: Shape, isCausal: boolean): Workload => ({
  row: 'attention, forward and backward',
  name: `${shape.join(' × ')}${isCausal ? ', causal' : ''}`,
  target: 1.5,
  engine: 'native',
  samples: 5,
  ours() {
    const inputs = Array.from({ length: 3 }, () => randn(shape).requiresGrad_()) as [Tensor, Tensor, Tensor];
    const g = randn(shape);
    return () =>
      tidy(() => {
        for (const x of inputs) x.grad = null;
        F.scaledDotProductAttention(...inputs, { isCausal }).backward(g);
      });
  },
  rival: {
    kind: 'torch',
    setup: `
q, k, v = (torch.randn(${shape.join(', ')}).requires_grad_() for _ in range(3))
g = torch.randn(${shape.join(', ')})
heads, length, width = ${shape[0] * shape[1]}, ${shape[2]}, ${shape[3]}
mask = torch.zeros(length, length)
${isCausal ? 'mask = mask.masked_fill(torch.ones(length, length).triu(1).bool(), -float("inf"))' : ''}`,
    run: `
q.grad = k.grad = v.grad = None
flat = [x.reshape(heads, length, width) for x in (q, k, v)]
${
  isCausal
    ? 'scores = torch.baddbmm(mask, flat[0], flat[1].transpose(1, 2), alpha=width ** -0.5)'
    : 'scores = torch.bmm(flat[0] * width ** -0.5, flat[1].transpose(1, 2))'
}
torch.bmm(torch.softmax(scores, -1), flat[2]).reshape(q.shape).backward(g)`,
  },
});

export const attentionWorkloads: readonly Workload[] = shapes.flatMap((shape) => [
  attention(shape, false),
  attention(shape, true),
]);
