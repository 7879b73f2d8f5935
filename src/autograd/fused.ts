import type { Families } from '../engine/engine.js';
import { alias, type Tensor } from '../tensor/tensor.js';
import { gradSince } from './backward.js';
import { enableGrad } from './mode.js';
import { type BackwardContext, type Grads, nextSequence, type Saver } from './node.js';
import { defineMultiOp, defineOp } from './op.js';

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

/** An operation with several results, and with a kernel on engines that have its family. */
export interface FusedMultiDefinition<
  F extends keyof Families,
  I extends readonly [Tensor, ...Tensor[]],
  A,
  R extends readonly Tensor[],
> {
  readonly name: string;
  readonly family: F;
  /** As in FusedDefinition. A gradient that's differentiated itself is the composition's, too. */
  composition(inputs: I, attrs: A): R;
  /** The inputs are saved already, in front of what it saves. */
  forward(kernels: NonNullable<Families[F]>, ctx: Saver, inputs: I, attrs: A): R;
  /** A result that nothing used has a null gradient. */
  backward(kernels: NonNullable<Families[F]>, ctx: BackwardContext<A>, grads: Grads): Grads;
}

/** As `defineFused`, for operations with several results. */
export function defineFusedMulti<
  F extends keyof Families,
  I extends readonly [Tensor, ...Tensor[]],
  A,
  R extends readonly Tensor[],
>(definition: FusedMultiDefinition<F, I, A, R>): (inputs: I, attrs: A) => R {
  const { name, family, composition, forward, backward } = definition;
  const fused = defineMultiOp<I, A, R>({
    name,
    forward(ctx, inputs, attrs) {
      ctx.save(...inputs);
      return forward(kernelsOf(inputs[0], family), ctx, inputs, attrs);
    },
    backward(ctx, grads) {
      if (!ctx.createGraph) return backward(kernelsOf(ctx.saved[0]!, family), ctx, grads);
      const inputs = ctx.saved.slice(0, ctx.needs.length);
      return gradientsThrough((copies) => composition(copies as I, ctx.attrs), inputs, ctx.needs, grads);
    },
  });
  return (inputs, attrs) =>
    inputs[0].storage.engine.fused[family] === null ? composition(inputs, attrs) : fused(inputs, attrs);
}

/** The same tensor, at a new place in the graph. */
const sameOp = defineOp<[Tensor]>({
  name: 'alias',
  forward: (_, [x]) => alias(x),
  backward: (_, grad) => [grad],
});

/** The gradients of `work(inputs)`, made of operations that can be differentiated again. */
function gradientsThrough(
  work: (inputs: readonly Tensor[]) => readonly Tensor[],
  inputs: readonly Tensor[],
  needs: readonly boolean[],
  grads: Grads,
): Grads {
  return enableGrad(() => {
    const since = nextSequence();
    const copies = inputs.map((x, i) => (needs[i] ? sameOp([x]) : x.detach()));
    const outputs = work(copies);
    const used = outputs.map((_, i) => i).filter((i) => grads[i] !== null && outputs[i]!.requiresGrad);
    const wanted = copies.filter((_, i) => needs[i]);
    const found = gradSince(
      since,
      used.map((i) => outputs[i]!),
      wanted,
      used.map((i) => grads[i]!),
    );
    return copies.map((x, i) => (needs[i] ? found[wanted.indexOf(x)]! : null));
  });
}
