import { dtypeCode } from '../../core/dtype.js';
import { type ConvEngine, type ConvGeometry, convActivations } from '../conv.js';
import type { View } from '../storage.js';
import { type CpuContext, pointer } from './context.js';
import { writeWindows } from './windows.js';

/** Signatures of kernels/conv/conv.h; pointers are numbers, 0 where an operand is absent. */
export interface ConvAbi {
  conv_forward(
    dtype: number,
    x: number,
    w: number,
    bias: number,
    y: number,
    meta: number,
    activation: number,
  ): void;
  conv_input_gradient(
    dtype: number,
    dy: number,
    w: number,
    bias: number,
    dx: number,
    meta: number,
    activation: number,
  ): void;
  conv_weight_gradient(dtype: number, x: number, dy: number, dw: number, dbias: number, meta: number): void;
}

const optional = (view: View | null): number => (view === null ? 0 : pointer(view));

export function convKernels(cpu: CpuContext<ConvAbi>): ConvEngine {
  const { abi } = cpu;

  function writeGeometry(g: ConvGeometry): number {
    const { numbers } = cpu;
    numbers.put(0, g.batch);
    numbers.put(1, g.inChannels);
    numbers.put(2, g.outChannels);
    numbers.put(3, g.groups);
    writeWindows(numbers, 4, g);
    return numbers.address;
  }

  return {
    convForward: (y, x, w, bias, geometry, activation = 'none') =>
      abi.conv_forward(
        dtypeCode[y.dtype],
        pointer(x),
        pointer(w),
        optional(bias),
        pointer(y),
        writeGeometry(geometry),
        convActivations.indexOf(activation),
      ),
    convInputGradient: (dx, dy, w, bias, geometry, activation = 'none') =>
      abi.conv_input_gradient(
        dtypeCode[dx.dtype],
        pointer(dy),
        pointer(w),
        optional(bias),
        pointer(dx),
        writeGeometry(geometry),
        convActivations.indexOf(activation),
      ),
    convWeightGradient: (dw, dbias, x, dy, geometry) =>
      abi.conv_weight_gradient(
        dtypeCode[dw.dtype],
        pointer(x),
        pointer(dy),
        pointer(dw),
        optional(dbias),
        writeGeometry(geometry),
      ),
  };
}
