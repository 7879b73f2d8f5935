import { bytesPerElement, type DType, typedArray } from '../src/core/dtype.js';
import { grad, randn, Tensor, tensor, tidy } from '../src/index.js';
import { dtypeOf, elementsOf, hasGrad, type OpRow, type Sample, sampleDTypes } from '../test/ops/table.js';
import type { TorchRival, Work } from './workload.js';

/** An operand: the elements of a small one, repeated until the shape is full. */
interface Operand {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly grad: boolean;
  readonly data: readonly number[];
}

/** A sample of the op table at some size, for both sides. */
export interface Sized {
  readonly torch: string;
  readonly operands: readonly Operand[];
  readonly ours: Sample['ours'];
  readonly rival: TorchRival;
}

/** Elements of the largest operand or result of a large sample, about; results may be 16 times as large. */
const wanted = 1 << 20;
const most = 1 << 24;

const count = (shape: readonly number[]): number => shape.reduce((n, length) => n * length, 1);

/** The dtype that is measured: float32 where the sample has it. */
const measured = (sample: Sample): DType => {
  const dtypes = sampleDTypes(sample);
  return dtypes.includes('float32') ? 'float32' : dtypes[0]!;
};

/** Of the many floats of a `large` sample so many are made, and repeated. */
const made = 4099;

function operandsOf(row: OpRow, sample: Sample, factor: number): Operand[] {
  const under = measured(sample);
  const withGrad = hasGrad(row, sample, under);
  return sample.inputs.map((x, i) => ({
    shape: x.shape.map((n) => (n > 1 ? n * factor : n)),
    dtype: dtypeOf(x, under),
    grad: withGrad && x.grad && dtypeOf(x, under).startsWith('float'),
    data: elementsOf(
      row.op,
      row.samples.indexOf(sample),
      i,
      dtypeOf(x, under).startsWith('float') ? { ...x, shape: [Math.min(count(x.shape), made)] } : x,
      under,
    ),
  }));
}

function build({ shape, dtype, grad, data }: Operand): Tensor {
  const n = count(shape);
  const elements = typedArray(dtype, new ArrayBuffer(n * bytesPerElement[dtype]), 0, n);
  for (let i = 0; i < n; i++) elements[i] = data[i % data.length]!;
  return tensor(elements, shape, { dtype, requiresGrad: grad });
}

const literal = (v: number): string =>
  Number.isNaN(v) ? 'math.nan' : Number.isFinite(v) ? String(v) : v > 0 ? 'math.inf' : '-math.inf';

function pythonOf({ shape, dtype, grad, data }: Operand, name: string): string {
  const n = count(shape);
  const list = `torch.tensor([${data.map(literal).join(', ')}], dtype=torch.float64)`;
  const repeated = data.length === 0 ? list : `${list}.repeat(${Math.ceil(n / data.length)})[:${n}]`;
  return `${name} = ${repeated}.to(torch.${dtype}).reshape(${JSON.stringify(shape)})${grad ? '.requires_grad_()' : ''}`;
}

const resultsOf = (made: ReturnType<Sample['ours']>): Tensor[] =>
  made instanceof Tensor ? [made] : [...made];

function rivalOf(torch: string, operands: readonly Operand[]): TorchRival {
  const names = operands.map((_, i) => `x${i}`);
  const leaves = names.filter((_, i) => operands[i]!.grad);
  const setup = [
    'import math',
    ...operands.map((x, i) => pythonOf(x, names[i]!)),
    `y = ${torch}`,
    'many = isinstance(y, (tuple, list))',
    'ys = [r for r in (y if many else [y]) if torch.is_tensor(r) and r.requires_grad]',
    'gs = [torch.randn_like(r) for r in ys]',
    `xs = [${leaves.join(', ')}]`,
  ];
  const backward = [
    `y = ${torch}`,
    'if many: y = [r for r in y if torch.is_tensor(r) and r.requires_grad]',
    'if gs: torch.autograd.grad(y, xs, gs if many else gs[0], allow_unused=True)',
  ];
  return {
    kind: 'torch',
    setup: setup.join('\n'),
    run: (leaves.length > 0 ? backward : [torch]).join('\n'),
  };
}

const sized = (row: OpRow, sample: Sample, factor: number): Sized => {
  const operands = operandsOf(row, sample, factor);
  return { torch: sample.torch, operands, ours: sample.ours, rival: rivalOf(sample.torch, operands) };
};

/** The row's first sample as it is. */
export const small = (row: OpRow): Sized => sized(row, row.samples[0]!, 1);

/**
 * The row's `large` sample, or else its first sample with all axes lengthened by one factor; null where the
 * row says that there's nothing larger, a text where that factor doesn't fit the sample.
 */
export function large(row: OpRow): Sized | string | null {
  if (row.large === null) return null;
  if (row.large !== undefined) return sized(row, row.large, 1);
  const sample = row.samples[0]!;
  const [biggest = []] = sample.inputs.map((x) => x.shape).sort((a, b) => count(b) - count(a));
  const axes = biggest.filter((n) => n > 1).length;
  if (axes === 0) return 'nothing to lengthen; give the row a `large` sample';
  let factor = Math.round((wanted / count(biggest)) ** (1 / axes));
  for (; factor > 1; factor = Math.floor(factor / 2)) {
    const candidate = sized(row, sample, factor);
    try {
      const results = resultsOf(candidate.ours(...candidate.operands.map(build)));
      if (results.every((y) => y.count <= most)) return candidate;
    } catch (error) {
      return `${(error as Error).message.split('\n')[0]}; give the row a \`large\` sample`;
    }
  }
  return 'its results are too large; give the row a `large` sample';
}

/** What is timed: the operation, and its gradients where it has some; memory goes back at once, as in PyTorch. */
export function work({ operands, ours }: Sized): Work {
  const inputs = operands.map(build);
  const leaves = inputs.filter((x) => x.requiresGrad);
  const flowing = (made: ReturnType<Sample['ours']>): Tensor[] =>
    resultsOf(made).filter((y) => y.requiresGrad);
  const gradOutputs =
    leaves.length === 0
      ? []
      : flowing(ours(...inputs)).map((y) => randn(y.shape, { dtype: y.dtype as 'float32' }));
  const run = (): void => {
    const made = ours(...inputs);
    if (gradOutputs.length > 0) grad(flowing(made), leaves, { gradOutputs, allowUnused: true });
  };
  const place = new Error('the benchmark gave it back');
  return () => tidy(run, place);
}
