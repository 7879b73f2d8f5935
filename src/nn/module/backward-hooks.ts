import { isGradEnabled } from '../../autograd/mode.js';
import type { Grads } from '../../autograd/node.js';
import { defineMultiOp } from '../../autograd/op.js';
import { ArgumentError, ShapeError } from '../../core/errors.js';
import type { Nothing } from '../../core/nothing.js';
import { sameShape } from '../../core/shape.js';
import { alias, Tensor } from '../../tensor/tensor.js';
import type { AnyModule } from './any-module.js';

/**
 * Receives the gradients of a module's inputs and outputs; if it returns a list, that list replaces the gradients of
 * the inputs. The gradient is null for values that aren't tensors or don't need one.
 */
export type BackwardHook<M extends AnyModule> = (
  module: M,
  gradInputs: Grads,
  gradOutputs: Grads,
) => Grads | Nothing;

type Gate = (grads: Grads) => Grads;

/** Passes tensors through; in backward, passes all their gradients to a function at once. */
const gateOp = defineMultiOp<readonly Tensor[], Gate, Tensor[]>({
  name: 'moduleHook',
  showsGradients: true,
  forward: (_, tensors) => tensors.map(alias),
  backward: ({ attrs: gate }, grads) => gate(grads),
});

/** Sends the values that have a gradient through `gate`; null if there are none. */
function through(values: readonly unknown[], gate: Gate): unknown[] | null {
  if (!isGradEnabled()) return null;
  const places = [...values.keys()].filter((i) => {
    const value = values[i];
    return value instanceof Tensor && value.requiresGrad;
  });
  if (places.length === 0) return null;
  const packed: Gate = (grads) => {
    const all = new Array<Tensor | null>(values.length).fill(null);
    for (const [k, i] of places.entries()) all[i] = grads[k] ?? null;
    const returned = gate(all);
    return places.map((i) => returned[i] ?? null);
  };
  const gated = gateOp(
    places.map((i) => values[i] as Tensor),
    packed,
  );
  const out = [...values];
  for (const [k, i] of places.entries()) out[i] = gated[k];
  return out;
}

/** One forward of a module whose gradients hooks receive. */
export class BackwardWatch {
  #gradOutputs: Grads | null = null;
  #inputs: readonly unknown[] = [];
  #inputsHaveGrad = false;

  constructor(
    private readonly module: AnyModule,
    private readonly hooks: readonly BackwardHook<AnyModule>[],
  ) {}

  /** The inputs to pass to the forward. */
  inputs(inputs: readonly unknown[]): readonly unknown[] {
    this.#inputs = inputs;
    const gated = through(inputs, (grads) => {
      // A gradient that didn't come through the output, such as that of a second derivative.
      if (this.#gradOutputs === null) return grads;
      const result = this.#call(grads, this.#gradOutputs);
      this.#gradOutputs = null;
      return result;
    });
    this.#inputsHaveGrad = gated !== null;
    return gated ?? inputs;
  }

  /** What the forward should return. */
  output(output: unknown): unknown {
    const list = Array.isArray(output) ? (output as unknown[]) : [output];
    const gated = through(list, (grads) => {
      if (this.#inputsHaveGrad) this.#gradOutputs = grads;
      else this.#call(new Array<null>(this.#inputs.length).fill(null), grads);
      return grads;
    });
    if (gated === null) return output;
    return Array.isArray(output) ? gated : gated[0];
  }

  #call(gradInputs: Grads, gradOutputs: Grads): Grads {
    let result = gradInputs;
    for (const hook of this.hooks) {
      const returned = hook(this.module, result, gradOutputs);
      if (returned === undefined) continue;
      this.#check(returned, gradInputs);
      result = returned;
    }
    return result;
  }

  #check(returned: Grads, gradInputs: Grads): void {
    const name = this.module.constructor.name;
    if (!Array.isArray(returned) || returned.length !== gradInputs.length)
      throw new ArgumentError(
        name,
        `a backward hook must return nothing, or a gradient or null for each of the ${gradInputs.length} inputs`,
      );
    for (const [i, grad] of returned.entries()) {
      if (grad === null) continue;
      const input = this.#inputs[i];
      if (!(input instanceof Tensor && input.requiresGrad))
        throw new ArgumentError(name, `a backward hook returned a gradient for input ${i}, which has none`);
      if (!sameShape(grad.shape, input.shape))
        throw new ShapeError(name, 'a backward hook returned a gradient of the wrong shape', [
          { name: `input ${i}`, shape: input.shape },
          { name: 'returned', shape: grad.shape },
        ]);
    }
  }
}
