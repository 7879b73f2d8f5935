import { noGrad, randn, type Tensor, tidy } from '../src/index.js';
import * as nn from '../src/nn/index.js';
import * as optim from '../src/optim/index.js';
import type { TorchRival, Work, Workload } from './workload.js';

const layers = { LSTM: nn.LSTM, GRU: nn.GRU, RNN: nn.RNN } as const;

type Kind = keyof typeof layers;

interface Size {
  readonly name: string;
  readonly batch: number;
  readonly steps: number;
  readonly features: number;
  readonly hidden: number;
  readonly layers?: number;
  readonly bidirectional?: boolean;
}

const sizes: readonly Size[] = [
  { name: '32 × 40 steps, 50 → 64', batch: 32, steps: 40, features: 50, hidden: 64 },
  { name: '64 × 100 steps, 128 → 256', batch: 64, steps: 100, features: 128, hidden: 256 },
  {
    name: '32 × 50 steps, 256 → 512, 2 layers, bidirectional',
    ...{ batch: 32, steps: 50, features: 256, hidden: 512, layers: 2, bidirectional: true },
  },
];

/** Lengths that are uniform in 1 … steps. */
const uniform = ({ batch, steps }: Size): number[] =>
  Array.from({ length: batch }, (_, i) => Math.ceil(((i + 0.5) / batch) * steps));

interface Model {
  forward(x: Tensor): readonly [Tensor, unknown];
  forward(x: nn.utils.rnn.PackedSequence): readonly [nn.utils.rnn.PackedSequence, unknown];
  parameters(): Iterable<Tensor>;
}

/** A step on random sequences: forward, backward from a random gradient, update. */
function trainingStep(kind: Kind, size: Size, lengths: readonly number[] | null = null): Work {
  const { batch, steps, features, hidden, layers: numLayers = 1, bidirectional = false } = size;
  const model: Model = new layers[kind](features, hidden, { numLayers, bidirectional });
  const optimizer = new optim.SGD(model.parameters(), { lr: 1e-3 });
  const x = randn([steps, batch, features]);
  const packed = lengths && nn.utils.rnn.packPaddedSequence(x, lengths, { enforceSorted: false });
  const forward = (): Tensor => (packed ? model.forward(packed)[0].data : model.forward(x)[0]);
  const g = randn(forward().shape);
  return () =>
    tidy(() => {
      const output = forward();
      optimizer.zeroGrad();
      output.backward(g);
      optimizer.step();
    });
}

const torchStep = (
  kind: Kind,
  { batch, steps, features, hidden, layers = 1, bidirectional = false }: Size,
): TorchRival => ({
  kind: 'torch',
  setup: `
model = nn.${kind}(${features}, ${hidden}, ${layers}, bidirectional=${bidirectional ? 'True' : 'False'})
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
x = torch.randn(${steps}, ${batch}, ${features})
g = torch.randn(${steps}, ${batch}, ${hidden * (bidirectional ? 2 : 1)})`,
  run: `
output, _ = model(x)
optimizer.zero_grad()
output.backward(g)
optimizer.step()`,
});

const steps = (kind: Kind): Workload[] =>
  sizes.map((size) => ({
    row: `training step, ${kind}`,
    name: size.name,
    target: 2,
    engine: 'native',
    samples: 5,
    ours: () => trainingStep(kind, size),
    rival: torchStep(kind, size),
  }));

/** Beside ours on sequences that are padded to the longest. */
const packed = (size: Size): Workload => ({
  row: 'training step, LSTM, packed sequences of uniform lengths',
  name: size.name,
  target: 1.54,
  engine: 'native',
  samples: 7,
  ours: () => trainingStep('LSTM', size, uniform(size)),
  rival: { kind: 'script', name: 'padded', prepare: async () => trainingStep('LSTM', size) },
});

export const recurrentWorkloads: readonly Workload[] = [
  ...steps('LSTM'),
  ...steps('GRU'),
  ...steps('RNN'),
  ...sizes.map(packed),
  ...sizes.slice(0, 2).map(
    (size): Workload => ({
      row: 'training step, LSTM, WASM beside native',
      name: size.name,
      target: 0.25,
      engine: 'wasm',
      samples: 5,
      ours: () => trainingStep('LSTM', size),
      rival: torchStep('LSTM', size),
    }),
  ),
  {
    row: 'one token through an LSTM, batch 1',
    name: '2 layers of 512',
    target: 3,
    engine: 'native',
    ours() {
      const model = new nn.LSTM(512, 512, 2);
      const x = randn([1, 1, 512]);
      const states = [randn([2, 1, 512]), randn([2, 1, 512])] as const;
      return () => tidy(() => noGrad(() => void model.forward(x, states)));
    },
    rival: {
      kind: 'torch',
      setup: `
model = nn.LSTM(512, 512, 2)
x = torch.randn(1, 1, 512)
states = torch.randn(2, 1, 512), torch.randn(2, 1, 512)`,
      run: `
with torch.no_grad():
    model(x, states)`,
    },
  },
];
