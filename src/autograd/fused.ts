import type { Families } from '../engine/engine.js';
import type { Tensor } from '../tensor/tensor.js';
import type { BackwardContext, Grads, Saver } from './node.js';
import { defineOp } from './op.js';

type Inputs = readonly [Tensor, ...(Tensor | null)[]];

/** An operation with a kernel on engines that have its family. */
export interface FusedDefinition<F extends keyof Families, I extends Inputs, A, E = void> {
  /** PyTorch's name in camelCase, for error messages. */
  readonly name: string;
  /** The family that has the kernels. */
  readonly family: F;
  /** What the operation is, made of operations, which know its gradient: all that an engine without the family needs. */
  composition(inputs: I, attrs: A, unrecorded: E): Tensor;
  /** As in OpDefinition, in one pass. */
  forward(kernels: NonNullable<Families[F]>, ctx: Saver, inputs: I, attrs: A, unrecorded: E): Tensor;
  /** The gradient in one pass, used if it isn't differentiated itself (default: `gradient`). */
  backward?(kernels: NonNullable<Families[F]>, ctx: BackwardContext<A>, grad: Tensor): Grads;
  /** The gradient made of operations. */
  gradient(ctx: BackwardContext<A>, grad: Tensor): Grads;
}

/** The kernels of a family, if the engine has it. */
export const kernelsOf = <F extends keyof Families>(x: Tensor, family: F): NonNullable<Families[F]> =>
  x.storage.engine.fused[family]!;

/** As `defineOp`, for an operation that is a kernel on some engines and its composition on all others. */
export function defineFused<F extends keyof Families, I extends Inputs, A = void, E = void>(
  definition: FusedDefinition<F, I, A, E>,
): (inputs: I, attrs: A, unrecorded: E) => Tensor {
  const { name, family, composition, forward, backward, gradient } = definition;
  const fused: (inputs: I, attrs: A, unrecorded: E) => Tensor = defineOp<I, A, E>({
    name,
    forward: (ctx, inputs, attrs, unrecorded) =>
      forward(kernelsOf(inputs[0], family), ctx, inputs, attrs, unrecorded),
    backward: (ctx, g) =>
      ctx.createGraph || backward === undefined ? gradient(ctx, g) : backward(kernelsOf(g, family), ctx, g),
  });
  return (inputs, attrs, unrecorded) =>
    inputs[0].storage.engine.fused[family] === null
      ? composition(inputs, attrs, unrecorded)
      : fused(inputs, attrs, unrecorded);
}
