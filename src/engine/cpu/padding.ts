import { sizeOf } from '../../core/shape.js';
import type { PaddingEngine, Sides } from '../padding.js';
import type { View } from '../storage.js';
import { codes } from './abi.js';
import { type CpuContext, pointer, writeMeta } from './context.js';

/** The `meta` of kernels/pad/pad.h for a tensor without borders. */
function bordersMeta(cpu: CpuContext, { shape }: View, sides: Sides): number {
  const last = [1, 1, 1, ...shape.slice(-3)].slice(-3);
  return writeMeta(cpu, [sizeOf(shape.slice(0, -3))], last, sides);
}

export const paddingKernels = (cpu: CpuContext): PaddingEngine => ({
  pad: (out, x, sides, mode, value) =>
    cpu.abi.pad(
      codes.dtype[x.dtype],
      pointer(x),
      pointer(out),
      bordersMeta(cpu, x, sides),
      codes.padMode[mode],
      value,
    ),

  padBackward: (out, grad, sides, mode) =>
    cpu.abi.pad_backward(
      codes.dtype[grad.dtype],
      pointer(grad),
      pointer(out),
      bordersMeta(cpu, out, sides),
      codes.padMode[mode],
    ),
});
