import type { AttentionEngine, AttentionInputs, AttentionPlan } from '../attention.js';
import type { View } from '../storage.js';
import { type CpuContext, pointer, pointerOrNull } from './context.js';

/** Codes of masks in the plan. */
const maskKinds = { none: 0, bool: 1, float32: 2 } as const;

const kindOf = (mask: View | null): number => maskKinds[(mask?.dtype ?? 'none') as keyof typeof maskKinds];

export function attentionKernels(cpu: CpuContext): AttentionEngine {
  const { abi, numbers } = cpu;

  /** The strides along the last `rank` axes: 0 where the view repeats. */
  function putStrides(at: number, view: View | null, rank: number): number {
    for (let axis = 0; axis < rank; axis++) {
      const own = view === null ? -1 : axis - rank + view.shape.length;
      numbers.put(at + axis, own < 0 || view!.shape[own] === 1 ? 0 : view!.strides[own]!);
    }
    return at + rank;
  }

  function putPlan(
    { query, key, value, mask }: AttentionInputs,
    { causal }: AttentionPlan,
    others: View[],
  ): number {
    const rank = query.shape.length;
    let at = numbers.list(0, [
      ...query.shape.slice(-3, -2),
      ...key.shape.slice(-3, -2),
      query.shape[rank - 2]!,
      key.shape[rank - 2]!,
      query.shape[rank - 1]!,
      value.shape[rank - 1]!,
      Number(causal),
      kindOf(mask),
      rank - 3,
      ...query.shape.slice(0, -3),
    ]);
    for (const view of [query, key, value, mask, ...others]) at = putStrides(at, view, rank);
    return numbers.address;
  }

  return {
    attention(out, lse, inputs, plan) {
      const { query, key, value, mask } = inputs;
      abi.attention_forward(
        putPlan(inputs, plan, [out]),
        pointer(query),
        pointer(key),
        pointer(value),
        pointerOrNull(mask),
        pointer(out),
        pointerOrNull(lse),
        plan.scale,
      );
    },

    attentionBackward(gradients, grad, inputs, out, lse, plan) {
      const { query, key, value, mask } = inputs;
      abi.attention_backward(
        putPlan(inputs, plan, [out, grad, gradients.query, gradients.key, gradients.value]),
        pointer(query),
        pointer(key),
        pointer(value),
        pointerOrNull(mask),
        pointer(out),
        pointer(lse),
        pointer(grad),
        pointer(gradients.query),
        pointer(gradients.key),
        pointer(gradients.value),
        plan.scale,
      );
    },
  };
}
