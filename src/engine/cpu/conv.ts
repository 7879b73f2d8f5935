import type { ConvEngine, ConvGeometry } from '../conv.js';
import { codes } from './abi.js';
import { type CpuContext, pointer, pointerOrNull } from './context.js';
import { writeWindows } from './windows.js';

export function convKernels(cpu: CpuContext): ConvEngine {
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
        codes.dtype[y.dtype],
        pointer(x),
        pointer(w),
        pointerOrNull(bias),
        pointer(y),
        writeGeometry(geometry),
        codes.activation[activation],
      ),
    convInputGradient: (dx, dy, w, bias, geometry, activation = 'none') =>
      abi.conv_input_gradient(
        codes.dtype[dx.dtype],
        pointer(dy),
        pointer(w),
        pointerOrNull(bias),
        pointer(dx),
        writeGeometry(geometry),
        codes.activation[activation],
      ),
    convWeightGradient: (dw, dbias, x, dy, geometry) =>
      abi.conv_weight_gradient(
        codes.dtype[dw.dtype],
        pointer(x),
        pointer(dy),
        pointer(dw),
        pointerOrNull(dbias),
        writeGeometry(geometry),
      ),
  };
}
