/** The parameters, gradients and loss of test/record/record-optim.py. */
import type { DType } from '../../src/core/dtype.js';
import { cat, type Tensor, tensor } from '../../src/index.js';
import * as optim from '../../src/optim/index.js';

const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

export type AnyOptimizer = optim.Optimizer<{ lr: number }>;
type Make = new (groups: readonly { params: Tensor[]; lr?: number }[], options: object) => AnyOptimizer;

const {
  Adadelta,
  Adafactor,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  ASGD,
  LBFGS,
  NAdam,
  RAdam,
  RMSprop,
  Rprop,
  SGD,
  SparseAdam,
} = optim;
export const optimizers: Readonly<Record<string, unknown>> = {
  Adadelta,
  Adafactor,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  ASGD,
  LBFGS,
  NAdam,
  RAdam,
  RMSprop,
  Rprop,
  SGD,
  SparseAdam,
};

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export const start = (shape: readonly number[], k: number, dtype: DType): Tensor =>
  tensor(
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(1 + k + 0.7 * i)),
    shape,
    { dtype, requiresGrad: true },
  );

const gradient = (shape: readonly number[], k: number, step: number, dtype: DType): Tensor =>
  tensor(
    Float64Array.from(
      { length: sizeOf(shape) },
      (_, i) => Math.cos(k + 0.3 * i + 0.5 * step) / (1 + 0.1 * i),
    ),
    shape,
    { dtype },
  );

/** Rosenbrock's function of all parameters end to end, for the optimizers that want a loss. */
function valley(params: readonly Tensor[]): Tensor {
  const x = cat(params.map((p) => p.reshape([-1])));
  const [left, right] = [x.narrow(0, 0, x.count - 1), x.narrow(0, 1, x.count - 1)];
  return right.sub(left.square()).square().mul(2).add(left.rsub(1).square()).mean();
}

/** An optimizer by its PyTorch name and options; all but L-BFGS have two groups. */
export function make(
  { name, options }: { readonly name: string; readonly options: Readonly<Record<string, unknown>> },
  params: Tensor[],
): AnyOptimizer {
  const Class = optimizers[name] as Make;
  const given = Object.fromEntries(Object.entries(options).map(([key, value]) => [camel(key), value]));
  return name === 'LBFGS'
    ? new Class([{ params }], given)
    : new Class([{ params: params.slice(0, 2) }, { params: params.slice(2), lr: 0.02 }], given);
}

/** Step number `step`. */
export function take(optimizer: AnyOptimizer, params: readonly Tensor[], step: number): void {
  if (optimizer instanceof optim.LBFGS) {
    optimizer.step(() => {
      optimizer.zeroGrad();
      const loss = valley(params);
      loss.backward();
      return loss;
    });
    return;
  }
  if (optimizer instanceof SparseAdam) {
    params.forEach((p, k) => {
      const rows = Array.from({ length: p.shape[0] ?? 0 }, (_, row) => ((row + step) % 2 > 0 ? 0 : 1));
      const kept = tensor(rows, [rows.length, ...p.shape.slice(1).map(() => 1)], { dtype: p.dtype });
      p.grad = p.ndim === 0 ? null : gradient(p.shape, k, step, p.dtype).mul(kept);
    });
    optimizer.step();
    return;
  }
  params.forEach((p, k) => {
    p.grad = k === 1 && step < 3 ? null : gradient(p.shape, k, step, p.dtype);
  });
  optimizer.step();
}
