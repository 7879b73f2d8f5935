import * as F from '../src/functional.js';
import { grad, randn } from '../src/index.js';
import type { Workload } from './workload.js';

interface Layer {
  readonly name: string;
  readonly input: readonly number[];
  readonly weight: readonly number[];
  readonly stride: number;
  readonly padding: number;
}

const layer = (
  name: string,
  channels: [number, number],
  size: number,
  kernel: number,
  stride = 1,
): Layer => ({
  name: `${name}: ${channels[0]}→${channels[1]}, ${size}², ${kernel}×${kernel}${stride > 1 ? `/${stride}` : ''}`,
  input: [8, channels[0], size, size],
  weight: [channels[1], channels[0], kernel, kernel],
  stride,
  padding: kernel >> 1,
});

const layers: readonly Layer[] = [
  layer('ResNet-18', [3, 64], 224, 7, 2),
  layer('ResNet-18', [64, 64], 56, 3),
  layer('ResNet-18', [64, 128], 56, 3, 2),
  layer('ResNet-18', [128, 128], 28, 3),
  layer('ResNet-18', [256, 256], 14, 3),
  layer('ResNet-18', [512, 512], 7, 3),
  layer('VGG', [3, 64], 224, 3),
  layer('VGG', [128, 256], 56, 3),
];

export const convWorkloads: readonly Workload[] = layers.map(({ name, input, weight, stride, padding }) => ({
  row: 'conv2d forward + both gradients, batch 8',
  name,
  target: 0.7,
  engine: 'native',
  ours() {
    const x = randn([...input]).requiresGrad_();
    const w = randn([...weight]).requiresGrad_();
    const g = F.conv2d(x, w, null, { stride, padding }).detach();
    return () => {
      const y = F.conv2d(x, w, null, { stride, padding });
      for (const t of [...grad([y], [x, w], { gradOutputs: [g] }), y]) t?.dispose();
    };
  },
  rival: {
    kind: 'torch',
    setup: `
x = torch.randn(${JSON.stringify(input)}, requires_grad=True)
w = torch.randn(${JSON.stringify(weight)}, requires_grad=True)
g = F.conv2d(x, w, None, ${stride}, ${padding}).detach()`,
    run: `torch.autograd.grad(F.conv2d(x, w, None, ${stride}, ${padding}), [x, w], g)`,
  },
}));
