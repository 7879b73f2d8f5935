import type { MemoryEngine } from '../memory.js';
import type { RecurrentEngine, RecurrentPlan, RecurrentWeights } from '../recurrent.js';
import type { View } from '../storage.js';
import { codes } from './abi.js';
import { type CpuContext, pointerOrNull } from './context.js';
import type { CpuStorage } from './storage.js';

type Kernel = (dtype: number, plan: number, layout: number, operands: number) => void;

/** Numbers of the plan, which come before the addresses. */
const planLength = 8;

const weightList = ({ ih, hh, bih, bhh, hr }: RecurrentWeights<View | null>): (View | null)[] => [
  ih,
  hh,
  bih,
  bhh,
  hr,
];

export function recurrentKernels(
  cpu: CpuContext,
  memory: Pick<MemoryEngine, 'allocate' | 'write' | 'release'>,
): RecurrentEngine {
  /** The list has two numbers for each step, so it doesn't go where other kernels' numbers go, which are few. */
  function withLayout({ sizes, offsets }: RecurrentPlan, work: (layout: number) => void): void {
    const numbers = new Int32Array(2 * sizes.length);
    numbers.set(sizes);
    numbers.set(offsets, sizes.length);
    const list = memory.allocate(numbers.length, 'int32', [numbers.length]);
    memory.write(list, 0, new Uint8Array(numbers.buffer));
    try {
      work((list as unknown as CpuStorage).address);
    } finally {
      memory.release(list);
    }
  }

  function run(kernel: Kernel, plan: RecurrentPlan, x: View, operands: readonly (View | null)[]): void {
    const { numbers } = cpu;
    numbers.put(0, codes.recurrentKind[plan.kind]);
    numbers.put(1, plan.inputSize);
    numbers.put(2, plan.hiddenSize);
    numbers.put(3, plan.projSize);
    numbers.put(4, plan.directions);
    numbers.put(5, plan.batch);
    numbers.put(6, plan.sizes.length);
    numbers.put(7, plan.rowStep);
    withLayout(plan, (layout) => {
      const { buffer, byteOffset } = numbers.raw();
      const addresses = new Float64Array(buffer, byteOffset + planLength * 4, operands.length);
      operands.forEach((view, i) => {
        addresses[i] = pointerOrNull(view);
      });
      kernel(codes.dtype[x.dtype], numbers.address, layout, numbers.address + planLength * 4);
    });
  }

  return {
    recurrent: ({ out, hN, cN }, reserve, { x, h0, c0 }, weights, plan) =>
      run(cpu.abi.recurrent_forward, plan, x, [
        out,
        hN,
        cN,
        reserve,
        x,
        h0,
        c0,
        ...weights.flatMap(weightList),
      ]),

    recurrentBackward: (gradients, ofOutputs, { x, h0, c0 }, out, reserve, weights, plan) =>
      run(cpu.abi.recurrent_backward, plan, x, [
        gradients.inputs.x,
        gradients.inputs.h0,
        gradients.inputs.c0,
        ...gradients.weights.flatMap(weightList),
        ofOutputs.out,
        ofOutputs.hN,
        ofOutputs.cN,
        out,
        reserve,
        x,
        h0,
        c0,
        ...weights.flatMap(weightList),
      ]),
  };
}
