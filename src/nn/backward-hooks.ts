import { isGradEnabled } from '../autograd/mode.js';
import type { Grads } from '../autograd/node.js';
import { defineMultiOp } from '../autograd/op.js';
import { ArgumentError, ShapeError } from '../core/errors.js';
import type { Nothing } from '../core/nothing.js';
import { sameShape } from '../core/shape.js';
import { alias, Tensor } from '../tensor/tensor.js';
import type { Module } from './module.js';

/**
 * Sees the gradients of a module's inputs and outputs; a list that it returns takes the place of the
 * gradients of the inputs. There is null for what is not a tensor, or needs no gradient.
 */
export type BackwardHook = (module: Module, gradInputs: Grads, gradOutputs: Grads) => Grads | Nothing;

type Gate = (grads: Grads) => Grads;

/** Hands tensors on, and in backward all their gradients at once to a function. */
const gateOp = defineMultiOp<readonly Tensor[], Gate, Tensor[]>({
  name: 'moduleHook',
  showsGradients: true,
  forward: (_, tensors) => tensors.map(alias),
  backward: ({ attrs: gate }, grads) => gate(grads),
});

/** Sends the gradients of those values that have one through `gate`; null if there are none. */
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

/** One forward of a module, whose gradients hooks want to see. */
export class BackwardWatch {
  #gradOutputs: Grads | null = null;
  #inputs: readonly unknown[] = [];
  #inputsHaveGrad = false;

  constructor(
    private readonly module: Module,
    private readonly hooks: readonly BackwardHook[],
  ) {}

  /** The inputs for the forward. */
  inputs(inputs: readonly unknown[]): readonly unknown[] {
    this.#inputs = inputs;
    const gated = through(inputs, (grads) => {
      // A gradient that came by another way than the output, as of a second derivative.
      if (this.#gradOutputs === null) return grads;
      const result = this.#call(grads, this.#gradOutputs);
      this.#gradOutputs = null;
      return result;
    });
    this.#inputsHaveGrad = gated !== null;
    return gated ?? inputs;
  }

  /** What the forward is to return. */
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
        `a backward hook returns a gradient or null for each of the ${gradInputs.length} inputs, or nothing`,
      );
    for (const [i, grad] of returned.entries()) {
      if (grad === null) continue;
      const input = this.#inputs[i];
      if (!(input instanceof Tensor && input.requiresGrad))
        throw new ArgumentError(name, `a backward hook returned a gradient of input ${i}, which has none`);
      if (!sameShape(grad.shape, input.shape))
        throw new ShapeError(name, 'a backward hook returned a gradient of another shape', [
          { name: `input ${i}`, shape: input.shape },
          { name: 'returned', shape: grad.shape },
        ]);
    }
  }
}
