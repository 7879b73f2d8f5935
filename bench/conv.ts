import * as F from '../src/functional.js';
import { grad, randn } from '../src/index.js';
import type { Workload } from './workload.js';

interface Layer {
  readonly name: string;
  readonly input: readonly number[];
  readonly weight: readonly number[];
  readonly stride: number;
  readonly padding: number;
  readonly groups: number;
}

const layer = (
  network: string,
  [inChannels, outChannels]: [number, number],
  size: number,
  kernel: number,
  { stride = 1, groups = 1 } = {},
): Layer => ({
  name: `${network}: ${inChannels}→${outChannels}, ${size}², ${kernel}×${kernel}${stride > 1 ? `/${stride}` : ''}${groups > 1 ? ' depthwise' : ''}`,
  input: [8, inChannels, size, size],
  weight: [outChannels, inChannels / groups, kernel, kernel],
  stride,
  padding: kernel >> 1,
  groups,
});

const depthwise = (channels: number, size: number, stride = 1): Layer =>
  layer('MobileNet', [channels, channels], size, 3, { stride, groups: channels });

const layers: readonly Layer[] = [
  layer('ResNet-18', [3, 64], 224, 7, { stride: 2 }),
  layer('ResNet-18', [64, 64], 56, 3),
  layer('ResNet-18', [64, 128], 56, 3, { stride: 2 }),
  layer('ResNet-18', [512, 512], 7, 3),
  layer('ResNet-50', [64, 256], 56, 1),
  layer('ResNet-50', [256, 512], 56, 1, { stride: 2 }),
  layer('ResNet-50', [1024, 256], 14, 1),
  layer('VGG-16', [64, 64], 224, 3),
  layer('VGG-16', [128, 256], 56, 3),
  depthwise(32, 112),
  depthwise(128, 56, 2),
  depthwise(512, 14),
];

export const convWorkloads: readonly Workload[] = layers.map(
  ({ name, input, weight, stride, padding, groups }) => ({
    row: 'conv2d forward + both gradients, batch 8',
    name,
    target: 1,
    engine: 'native',
    samples: 9,
    ours() {
      const x = randn(input).requiresGrad_();
      const w = randn(weight).requiresGrad_();
      const g = F.conv2d(x, w, null, { stride, padding, groups }).detach();
      return () => {
        const y = F.conv2d(x, w, null, { stride, padding, groups });
        for (const t of [...grad([y], [x, w], { gradOutputs: [g] }), y]) t?.dispose();
      };
    },
    rival: {
      kind: 'torch',
      setup: `
x = torch.randn(${JSON.stringify(input)}, requires_grad=True)
w = torch.randn(${JSON.stringify(weight)}, requires_grad=True)
def conv():
    return F.conv2d(x, w, stride=${stride}, padding=${padding}, groups=${groups})
g = conv().detach()`,
      run: 'torch.autograd.grad(conv(), [x, w], g)',
    },
  }),
);
