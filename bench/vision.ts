import { noGrad, randn, tidy } from '../src/index.js';
import * as nn from '../src/nn/index.js';
import * as optim from '../src/optim/index.js';
import { AlexNet, CifarResNet, ResNet, VGG } from '../src/vision/index.js';
import { torchTrainingStep, trainingStep } from './training-step.js';
import type { Work, Workload } from './workload.js';

/** Training step with SGD and momentum; `torch` makes `model`. */
const step = (
  network: string,
  make: () => nn.Layer,
  [batch, size, classes]: readonly [batch: number, size: number, classes: number],
  torch: string,
): Workload => ({
  row: `training step, ${network}, batch ${batch}, 3×${size}×${size}, SGD with momentum`,
  name: 'step',
  target: 1,
  engine: 'native',
  samples: 9,
  ours() {
    const model = make();
    const optimizer = new optim.SGD(model.parameters(), { lr: 1e-3, momentum: 0.9 });
    return trainingStep(model, optimizer, [batch, 3, size, size], classes);
  },
  rival: {
    kind: 'torch',
    setup: `
${torch}
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)${torchTrainingStep([batch, 3, size, size], classes)}`,
    run: 'step()',
  },
});

const torchCifarResNet = `
class Block(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        self.pad = (cout - cin) // 2
    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)), inplace=True)
        h = self.bn2(self.conv2(h))
        if self.pad:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.pad, self.pad))
        return F.relu(h + x, inplace=True)
def stage(cin, cout, stride):
    return [Block(cin, cout, stride), Block(cout, cout, 1), Block(cout, cout, 1)]
model = nn.Sequential(
    nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True),
    *stage(16, 16, 1), *stage(16, 32, 2), *stage(32, 64, 2),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))`;

/** The convolutions of VGG-11 with one linear layer, as for CIFAR-10: what they make of 32 × 32 pixels is one. */
const smallVgg = (): nn.Sequential =>
  new nn.Sequential(new VGG(11).features, new nn.Flatten(), new nn.Linear(512, 10));

const torchSmallVgg = `
import torchvision
model = nn.Sequential(torchvision.models.vgg11().features, nn.Flatten(), nn.Linear(512, 10))`;

/** Evaluation of one image of 224 × 224 pixels. */
export function inference(make: () => nn.Module & nn.Layer): Work {
  const model = make();
  model.eval();
  const x = randn([1, 3, 224, 224]);
  return () => tidy(() => noGrad(() => void model.forward(x)));
}

const inferenceOf = (network: string, make: () => nn.Module & nn.Layer, torch: string): Workload => ({
  row: `inference, ${network}, batch 1, 3×224×224`,
  name: 'forward',
  target: 1,
  engine: 'native',
  ours: () => inference(make),
  rival: {
    kind: 'torch',
    setup: `
import torchvision
model = torchvision.models.${torch}().eval()
x = torch.randn(1, 3, 224, 224)`,
    run: `
with torch.no_grad():
    model(x)`,
  },
});

export const visionWorkloads: readonly Workload[] = [
  step(
    'ResNet-18',
    () => new ResNet(18),
    [8, 64, 1000],
    'import torchvision\nmodel = torchvision.models.resnet18()',
  ),
  step('ResNet-20', () => new CifarResNet(20), [128, 32, 10], torchCifarResNet),
  step('VGG-11', smallVgg, [16, 32, 10], torchSmallVgg),
  inferenceOf('ResNet-50', () => new ResNet(50), 'resnet50'),
  inferenceOf('AlexNet', () => new AlexNet(), 'alexnet'),
];
