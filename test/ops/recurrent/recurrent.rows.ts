/** Recurrent layers, which only modules call: torch.lstm and its kind, one layer in one or both directions. */
import { type RecurrentKind, recurrentGates } from '../../../src/engine/recurrent.js';
import { recurrentLayer } from '../../../src/ops/recurrent/layer.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import { type Input, normal, type OpRow, type Sample } from '../table.js';

interface Layer {
  /** Lengths, longest first, of packed sequences; or steps and sequences, (T, N) or with `batchFirst` (N, T). */
  readonly packed?: readonly number[];
  readonly steps?: number;
  readonly batch?: number;
  readonly batchFirst?: boolean;
  readonly features?: number;
  readonly hidden?: number;
  readonly projSize?: number;
  readonly directions?: 1 | 2;
  readonly bias?: boolean;
  /** Whether there are states to start from. */
  readonly stated?: boolean;
}

const python = (value: boolean): string => (value ? 'True' : 'False');

/** The sizes of each step, and how torch and Myelin are told where rows lie. */
function layoutOf({ packed, steps = 3, batch = 2, batchFirst = false }: Layer) {
  if (packed === undefined)
    return {
      batch,
      sizes: new Array<number>(steps).fill(batch),
      offsets: Array.from({ length: steps }, (_, t) => (batchFirst ? t : t * batch)),
      rowStep: batchFirst ? steps : 1,
      outer: batchFirst ? [batch, steps] : [steps, batch],
    };
  const sizes = Array.from({ length: packed[0]! }, (_, t) => packed.filter((length) => length > t).length);
  const offsets = sizes.map((_, t) => sizes.slice(0, t).reduce((sum, size) => sum + size, 0));
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  return { batch: packed.length, sizes, offsets, rowStep: 1, outer: [rows] };
}

function layer(kind: RecurrentKind, options: Layer): Sample {
  const { features = 3, hidden = 2, projSize = 0, directions = 1, bias = true, stated = true } = options;
  const { outer, ...layout } = layoutOf(options);
  const gates = recurrentGates[kind] * hidden;
  const size = projSize || hidden;
  const stateSizes = kind === 'lstm' ? [size, hidden] : [size];
  const states = stateSizes.map((length) => [directions, layout.batch, length]);
  const weights = [
    [gates, features],
    [gates, size],
    ...(bias ? [[gates], [gates]] : []),
    ...(projSize > 0 ? [[projSize, hidden]] : []),
  ];
  const inputs: Input[] = [
    normal([...outer, features]),
    ...(stated ? states.map((shape) => normal(shape)) : []),
    ...new Array<typeof weights>(directions)
      .fill(weights)
      .flatMap((list) => list.map((shape) => normal(shape))),
  ];
  const firstWeight = stated ? 1 + states.length : 1;

  const start = states.map((shape, i) => (stated ? `x${i + 1}` : `torch.zeros(${shape}, dtype=x0.dtype)`));
  const names = inputs.slice(firstWeight).map((_, i) => `x${firstWeight + i}`);
  const args = [
    'x0',
    ...(options.packed ? [`torch.tensor([${layout.sizes}])`] : []),
    start.length === 1 ? start[0] : `(${start.join(', ')})`,
    `[${names.join(', ')}]`,
    ...[python(bias), '1', '0.0', 'False', python(directions === 2)],
    ...(options.packed ? [] : [python(options.batchFirst ?? false)]),
  ];

  function ours(x: Tensor, ...rest: Tensor[]): Tensor[] {
    const of = (d: number): Tensor[] => rest.slice(firstWeight - 1 + d * weights.length);
    const { out, hN, cN } = recurrentLayer(
      {
        x: x.reshape([-1, features]),
        h0: stated ? rest[0]! : null,
        c0: stated && kind === 'lstm' ? rest[1]! : null,
        weights: Array.from({ length: directions }, (_, d) => {
          const [ih, hh, ...others] = of(d) as [Tensor, Tensor, ...Tensor[]];
          const [bih, bhh] = bias ? (others as [Tensor, Tensor]) : [null, null];
          return { ih, hh, bih, bhh, hr: projSize > 0 ? others[bias ? 2 : 0]! : null };
        }),
      },
      { ...layout, kind, inputSize: features, hiddenSize: hidden, projSize, directions },
    );
    return [out.reshape([...outer, -1]), hN, ...(cN === null ? [] : [cN])];
  }
  return { inputs, ours, torch: `torch.${kind}(${args.join(', ')})` };
}

const layers: readonly Layer[] = [
  {},
  { batchFirst: true, directions: 2 },
  { packed: [4, 2, 2, 1], directions: 2 },
  { packed: [3, 2], stated: false, bias: false },
  { steps: 1, batch: 1 },
  { steps: 5, batch: 3, features: 2, hidden: 5, stated: false },
];

const row = (op: string, kind: RecurrentKind, more: readonly Layer[] = []): OpRow => ({
  op,
  gradgrad: true,
  samples: [...layers, ...more].map((options) => layer(kind, options)),
  large: layer(kind, { steps: 40, batch: 32, features: 50, hidden: 64 }),
});

export const rows: OpRow[] = [
  row('rnnTanh', 'rnn_tanh'),
  row('rnnRelu', 'rnn_relu'),
  row('lstm', 'lstm', [
    { projSize: 1 },
    { projSize: 2, hidden: 3, directions: 2, packed: [3, 3, 1], bias: false },
    { projSize: 2, hidden: 3, batchFirst: true, stated: false },
  ]),
  row('gru', 'gru'),
];
