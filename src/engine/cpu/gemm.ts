import type { GemmEngine } from '../gemm.js';
import type { View } from '../storage.js';
import { codes } from './abi.js';
import { type CpuContext, pointer, pointerOrNull } from './context.js';

/** The step along `axis` of a result with `rank` axes; 0 if `view` repeats. */
function batchStride(view: View, axis: number, rank: number): number {
  const own = axis - rank + view.shape.length;
  return own < 0 || view.shape[own] === 1 ? 0 : view.strides[own]!;
}

const none = {};

export function gemmKernels(cpu: CpuContext): GemmEngine {
  const { abi } = cpu;
  return {
    gemm(out, a, b, options = none) {
      const { transposeA = false, transposeB = false, alpha = 1, beta = 0, bias, activation } = options;
      const rank = out.shape.length;
      const [aRow, aCol] = [a.shape.length - 2, a.shape.length - 1];
      const [bRow, bCol] = [b.shape.length - 2, b.shape.length - 1];
      const { numbers } = cpu;
      numbers.put(0, out.shape[rank - 2]!);
      numbers.put(1, out.shape[rank - 1]!);
      numbers.put(2, a.shape[transposeA ? aRow : aCol]!);
      numbers.put(3, a.strides[transposeA ? aCol : aRow]!);
      numbers.put(4, a.strides[transposeA ? aRow : aCol]!);
      numbers.put(5, b.strides[transposeB ? bCol : bRow]!);
      numbers.put(6, b.strides[transposeB ? bRow : bCol]!);
      numbers.put(7, out.strides[rank - 2]!);
      const batchRank = rank - 2;
      numbers.put(8, batchRank);
      for (let axis = 0; axis < batchRank; axis++) {
        numbers.put(9 + axis, out.shape[axis]!);
        numbers.put(9 + batchRank + axis, batchStride(a, axis, rank));
        numbers.put(9 + 2 * batchRank + axis, batchStride(b, axis, rank));
        numbers.put(9 + 3 * batchRank + axis, out.strides[axis]!);
      }
      abi.gemm(
        codes.dtype[out.dtype],
        numbers.address,
        pointer(a),
        pointer(b),
        pointer(out),
        0,
        pointerOrNull(bias ?? null),
        alpha,
        beta,
        codes.activation[activation ?? 'none'],
      );
    },
  };
}
