import { isFloat } from '../../core/dtype.js';
import type { Shape } from '../../core/shape.js';
import type { GemmEngine } from '../gemm.js';
import type { View } from '../storage.js';
import { memoryOf, placesOf, read } from './cells.js';
import { gelu, relu, sigmoid } from './functions.js';

const activations = { none: (x: number) => x, relu, tanh: Math.tanh, sigmoid, gelu };

/** x with the last two axes swapped. */
function turned(x: View): View {
  const exchanged = (list: Shape): Shape => [...list.slice(0, -2), list.at(-1)!, list.at(-2)!];
  return { ...x, shape: exchanged(x.shape), strides: exchanged(x.strides) };
}

export const gemm: GemmEngine = {
  gemm(out, a, b, options = {}) {
    const { transposeA = false, transposeB = false, alpha = 1, beta = 0, bias = null } = options;
    const activate = activations[options.activation ?? 'none'];
    const [times, plus] = isFloat(out.dtype)
      ? [(x: number, y: number): number => x * y, (x: number, y: number): number => x + y]
      : [Math.imul, (x: number, y: number): number => (x + y) | 0];
    const batch = out.shape.slice(0, -2);
    const [rows, columns] = out.shape.slice(-2) as [number, number];
    const [left, right] = [transposeA ? turned(a) : a, transposeB ? turned(b) : b];
    const inner = left.shape.at(-1)!;
    const x = read(left, [...batch, rows, inner]);
    const y = read(right, [...batch, inner, columns]);
    const added = bias && read(bias);
    const memory = memoryOf(out);
    placesOf(out).forEach((place, at) => {
      const column = at % columns;
      const row = Math.floor(at / columns); // among those of all matrices
      const matrix = Math.floor(row / rows);
      let sum = 0;
      for (let k = 0; k < inner; k++)
        sum = plus(sum, times(x[row * inner + k]!, y[(matrix * inner + k) * columns + column]!));
      const before = beta === 0 ? 0 : times(beta, memory[place]!);
      memory[place] = activate(plus(plus(times(alpha, sum), before), added?.[column] ?? 0));
    });
  },
};
