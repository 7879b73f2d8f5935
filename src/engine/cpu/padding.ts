import { dtypeCode } from '../../core/dtype.js';
import { sizeOf } from '../../core/shape.js';
import type { PaddingEngine, PadMode, Sides } from '../padding.js';
import type { View } from '../storage.js';
import { type CpuContext, pointer, writeMeta } from './context.js';

/** The kernels of kernels/pad/pad.h. */
export interface PaddingAbi {
  pad(dtype: number, x: number, y: number, meta: number, mode: number, value: number): void;
  pad_backward(dtype: number, dy: number, dx: number, meta: number, mode: number): void;
}

const modes: Record<PadMode, number> = { constant: 0, reflect: 1, replicate: 2, circular: 3 };

/** The `meta` of kernels/pad/pad.h for a tensor without borders. */
function bordersMeta<Abi>(cpu: CpuContext<Abi>, { shape }: View, sides: Sides): number {
  const last = [1, 1, 1, ...shape.slice(-3)].slice(-3);
  return writeMeta(cpu, [sizeOf(shape.slice(0, -3))], last, sides);
}

export const paddingKernels = (cpu: CpuContext<PaddingAbi>): PaddingEngine => ({
  pad: (out, x, sides, mode, value) =>
    cpu.abi.pad(dtypeCode[x.dtype], pointer(x), pointer(out), bordersMeta(cpu, x, sides), modes[mode], value),

  padBackward: (out, grad, sides, mode) =>
    cpu.abi.pad_backward(
      dtypeCode[grad.dtype],
      pointer(grad),
      pointer(out),
      bordersMeta(cpu, out, sides),
      modes[mode],
    ),
});
