/** Functions with a gradient of your own, like torch.autograd.Function. */
import { exact } from '../core/exact.js';
import { callback, defineOptions, flag, required, text } from '../core/options.js';
import { empty, Tensor } from '../tensor/tensor.js';
import {
  FunctionCall,
  type FunctionContext,
  type Layout,
  type Unchecked,
  withoutGraph,
} from './function-call.js';
import { gradientsOf, sealed } from './function-gradients.js';
import type { Grads } from './node.js';
import { defineMultiOp } from './op.js';

type Results = Tensor | readonly [] | readonly Tensor[];

/** The gradients of results; null where nothing used a result and `materializeGrads` is false. */
type ResultGradients<R extends Results, M extends boolean> = R extends Tensor
  ? [grad: M extends false ? Tensor | null : Tensor]
  : { -readonly [K in keyof R]: M extends false ? Tensor | null : Tensor };

/** The gradients of inputs: null for what isn't a tensor, or has no gradient. */
type InputGradients<I extends readonly unknown[]> =
  | { readonly [K in keyof I]: Extract<I[K], Tensor> extends never ? null : Tensor | null }
  | (I['length'] extends 1 ? Tensor | null : never);

export interface FunctionDefinition<
  C extends FunctionContext,
  I extends readonly unknown[],
  R extends Results,
  M extends boolean,
> {
  /** What errors and `gradFn` call the function. */
  readonly name: string;
  /** Whether backward sees zeros, not null, as the gradient of a result that nothing used (default true). */
  readonly materializeGrads?: M;
  /**
   * Set it when backward isn't made of differentiable operations, because it reads values for example
   * (default false). A second derivative is then an error instead of being wrong.
   */
  readonly onceDifferentiable?: boolean;
  /**
   * Computes the result, or a list of results, from the inputs: tensors and anything else. Records no graph.
   * It must leave its inputs as they are.
   */
  forward(ctx: C, ...inputs: I): R;
  /**
   * Computes the gradient of every input from the gradients of the results: a list, or just the gradient if
   * there is one input. A gradient whose shape broadcasts from its input's is summed to it.
   */
  backward(ctx: C, ...grads: ResultGradients<R, M>): InputGradients<I>;
}

function zeros({ shape, dtype, engine }: Layout): Tensor {
  const x = empty(shape, dtype, engine);
  engine.fill(x, 0);
  return x;
}

const readDefinition = defineOptions({
  name: required(text(undefined)),
  forward: required(callback()),
  backward: required(callback()),
  materializeGrads: flag(true),
  onceDifferentiable: flag(false),
});

function define<
  I extends readonly unknown[],
  R extends Results,
  C extends FunctionContext = FunctionContext,
  M extends boolean = true,
>(definition: FunctionDefinition<C, I, R, M>): (...inputs: I) => R {
  const { name, materializeGrads, onceDifferentiable } = readDefinition('defineFunction', definition);
  const { forward, backward } = definition as unknown as Readonly<Record<'forward' | 'backward', Unchecked>>;

  const op = defineMultiOp<Grads, FunctionCall, Tensor[]>({
    name,
    showsGradients: true,
    forward(saver, _, call) {
      const results = call.forward(forward);
      saver.save(...call.toSave);
      return results;
    },
    backward({ attrs: call, saved, createGraph }, grads) {
      const given = materializeGrads ? grads.map((grad, i) => grad ?? zeros(call.results[i]!)) : grads;
      const work = (): Grads => gradientsOf(call, backward(call.context, ...given));
      call.saved = saved;
      try {
        if (!onceDifferentiable || !createGraph) return work();
        return sealed(name, withoutGraph(work), [...given, ...saved]);
      } finally {
        call.saved = null;
      }
    },
  });

  const apply = (...args: I): R => {
    const call = new FunctionCall(name, args);
    const results = op(
      args.map((x) => (x instanceof Tensor ? x : null)),
      call,
    );
    for (const i of call.marked) {
      results[i]!.gradFn = null;
      results[i]!.base = null;
    }
    return (call.single ? results[0] : results) as R;
  };
  Object.defineProperty(apply, 'name', { value: name });
  return apply;
}

/**
 * Makes a function with a gradient of your own, like `torch.autograd.Function`.
 *
 * If backward is made of operations, second derivatives work too. If it computes with plain numbers, say so with
 * `onceDifferentiable`. Check it with `gradcheck`.
 *
 * @throws AutogradError if forward or backward returns something else, ShapeError for a gradient of another shape
 * @differs saveForBackward doesn't take null, and forward can't change its inputs (no `markDirty`). A second
 *   derivative through a function that's `onceDifferentiable` is always an error; PyTorch treats its gradient as a
 *   constant if the incoming one is.
 * @example
 * const scaledExp = defineFunction({
 *   name: 'scaledExp',
 *   forward(ctx: FunctionContext & { factor?: number }, x: Tensor, factor: number) {
 *     const y = x.mul(factor).exp();
 *     ctx.saveForBackward(y);
 *     ctx.factor = factor;
 *     return y;
 *   },
 *   backward(ctx, grad) {
 *     const [y] = ctx.savedTensors;
 *     return [grad.mul(y!).mul(ctx.factor!), null];
 *   },
 * });
 * const w = tensor([0, 1], { dtype: 'float64' }).requiresGrad_();
 * scaledExp(w, 3).sum().backward();
 * gradcheck((v) => scaledExp(v!, 3), [w]); // true
 */
export const defineFunction = exact('defineFunction(definition)', define);
