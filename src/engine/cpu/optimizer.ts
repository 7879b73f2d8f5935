import type { OptimizerEngine, ParameterRow } from '../optimizer.js';
import type { View } from '../storage.js';
import { codes } from './abi.js';
import { type CpuContext, pointer } from './context.js';

/** A kernel's numbers after `(dtype, tensors, count)`. */
type Step = (dtype: number, tensors: number, count: number, ...settings: number[]) => void;

/** Columns of the kernels' table: elements, step, parameter, gradient, three states, the step's extra number. */
const columns = 8;

export function optimizerKernels(cpu: CpuContext): OptimizerEngine {
  const { abi } = cpu;

  /** Writes rows to the context's memory and calls `kernel(address, rows)`, as often as they fill it. */
  function inTables<R>(
    rows: readonly R[],
    write: (table: Float64Array, at: number, row: R) => void,
    kernel: (table: number, count: number) => void,
  ): void {
    const { buffer, byteOffset, byteLength } = cpu.numbers.raw();
    const table = new Float64Array(buffer, byteOffset, byteLength / Float64Array.BYTES_PER_ELEMENT);
    const most = Math.floor(table.length / columns);
    for (let begin = 0; begin < rows.length; begin += most) {
      const count = Math.min(most, rows.length - begin);
      for (let i = 0; i < count; i++) write(table, i * columns, rows[begin + i]!);
      kernel(cpu.numbers.address, count);
    }
  }

  function writeRow(table: Float64Array, at: number, row: ParameterRow): void {
    const { parameter, state } = row;
    table[at] = parameter.count;
    table[at + 1] = row.step;
    table[at + 2] = pointer(parameter);
    table[at + 3] = pointer(row.gradient);
    for (let i = 0; i < state.length; i++) table[at + 4 + i] = pointer(state[i]!);
    table[at + 7] = row.number ?? 0;
  }

  function writeGradient(table: Float64Array, at: number, gradient: View): void {
    table[at] = gradient.count;
    table[at + 3] = pointer(gradient);
  }

  function step(kernel: Step, rows: readonly ParameterRow[], ...settings: number[]): void {
    if (rows.length === 0) return;
    const dtype = codes.dtype[rows[0]!.parameter.dtype];
    inTables(rows, writeRow, (table, count) => kernel(dtype, table, count, ...settings));
  }

  function change(kernel: Step, gradients: readonly View[], setting: number): void {
    if (gradients.length === 0) return;
    const dtype = codes.dtype[gradients[0]!.dtype];
    inTables(gradients, writeGradient, (table, count) => kernel(dtype, table, count, setting));
  }

  return {
    sgdStep: (rows, s) =>
      step(
        abi.sgd_step,
        rows,
        s.lr,
        s.momentum,
        s.dampening,
        s.weightDecay,
        Number(s.nesterov),
        Number(s.maximize),
      ),
    adamStep: (rows, s) =>
      step(
        abi.adam_step,
        rows,
        s.lr,
        s.betas[0],
        s.betas[1],
        s.eps,
        s.weightDecay,
        Number(s.decoupled),
        Number(s.amsgrad),
        Number(s.maximize),
      ),
    adagradStep: (rows, s) =>
      step(abi.adagrad_step, rows, s.lr, s.lrDecay, s.eps, s.weightDecay, Number(s.maximize)),
    adadeltaStep: (rows, s) =>
      step(abi.adadelta_step, rows, s.lr, s.rho, s.eps, s.weightDecay, Number(s.maximize)),
    rmspropStep: (rows, s) =>
      step(
        abi.rmsprop_step,
        rows,
        s.lr,
        s.alpha,
        s.eps,
        s.weightDecay,
        s.momentum,
        Number(s.centered),
        Number(s.maximize),
      ),
    adamaxStep: (rows, s) =>
      step(abi.adamax_step, rows, s.lr, s.betas[0], s.betas[1], s.eps, s.weightDecay, Number(s.maximize)),
    nadamStep: (rows, s) =>
      step(
        abi.nadam_step,
        rows,
        s.lr,
        s.betas[0],
        s.betas[1],
        s.eps,
        s.weightDecay,
        s.momentumDecay,
        Number(s.maximize),
      ),
    radamStep: (rows, s) =>
      step(abi.radam_step, rows, s.lr, s.betas[0], s.betas[1], s.eps, s.weightDecay, Number(s.maximize)),
    rpropStep: (rows, s) =>
      step(abi.rprop_step, rows, s.etas[0], s.etas[1], s.stepSizes[0], s.stepSizes[1], Number(s.maximize)),

    gradientClip(norm, gradients, maxNorm, p) {
      const dtype = codes.dtype[norm.dtype];
      let total = 0;
      inTables(gradients, writeGradient, (table, count) => {
        total = abi.gradient_norm(dtype, table, count, p, total, pointer(norm));
      });
      const factor = maxNorm / (total + 1e-6);
      if (!(factor >= 1)) change(abi.gradient_scale, gradients, factor);
    },
    gradientClamp: (gradients, limit) => change(abi.gradient_clamp, gradients, limit),
  };
}
