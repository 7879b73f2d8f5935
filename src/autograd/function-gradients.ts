/** The gradients that the backward of a function with its own gradient returns. */
import { describe, slip } from '../core/describe.js';
import { AutogradError, ShapeError } from '../core/errors.js';
import { type Shape, sameShape } from '../core/shape.js';
import { isUnfinished } from '../core/unfinished.js';
import { disposedError } from '../engine/storage.js';
import { alias, Tensor } from '../tensor/tensor.js';
import { asynchronous, type FunctionCall, type Layout } from './function-call.js';
import type { Grads } from './node.js';
import { defineMultiOp } from './op.js';

/** Whether a tensor of shape `from` broadcasts to shape `to`. */
function broadcastsTo(from: Shape, to: Shape): boolean {
  const added = to.length - from.length;
  return added >= 0 && from.every((n, i) => n === 1 || n === to[added + i]);
}

/** One of the gradients that backward returned, with the shape and dtype of its input. */
function gradientOf(name: string, input: Layout, place: number, value: unknown): Tensor {
  if (!(value instanceof Tensor))
    throw new AutogradError(
      name,
      `backward must return a tensor or null for input ${place}, got ${describe(value)}${slip(value)}`,
    );
  if (value.isDisposed) throw disposedError(name, `the gradient of input ${place}`, value);
  if (value.engine !== input.engine)
    throw new AutogradError(
      name,
      `the gradient of input ${place} is on engine ${value.engine.name}, the input is on ${input.engine.name}\n  hint: move it with to()`,
    );
  if (!broadcastsTo(input.shape, value.shape))
    throw new ShapeError(
      name,
      `the shape of gradient ${place} that backward returned doesn't match its input's`,
      [
        { name: 'input', shape: input.shape },
        { name: 'gradient', shape: value.shape },
      ],
    );
  const summed = sameShape(value.shape, input.shape) ? value : value.sumToSize(input.shape);
  return summed.dtype === input.dtype ? summed : summed.to(input.dtype);
}

/** What backward returned, checked: a gradient for each input that needs one. */
export function gradientsOf({ name, inputs, context }: FunctionCall, returned: unknown): Grads {
  if (isUnfinished(returned)) throw asynchronous(name, 'backward');
  const list: readonly unknown[] = Array.isArray(returned) ? returned : [returned];
  if (list.length < inputs.length || list.slice(inputs.length).some((value) => value !== null))
    throw new AutogradError(
      name,
      `backward must return a gradient or null for each of the ${inputs.length} inputs, got ${list.length}`,
    );
  return inputs.map((input, i) => {
    const value = list[i];
    if (value === null) return null;
    if (input === null)
      throw new AutogradError(
        name,
        `backward must return null for input ${i + 1}, which isn't a tensor, got ${describe(value)}`,
      );
    const grad = gradientOf(name, input, i + 1, value);
    return context.needsInputGrad[i] ? grad : null;
  });
}

/** Gradients as results of the function: a derivative that reaches them is an error. */
export function sealed(name: string, grads: Grads, origins: Grads): Grads {
  const found = grads.filter((grad) => grad !== null);
  const results = sealOp(origins, { name, found });
  return grads.map((grad) => grad && results[found.indexOf(grad)]!);
}

const sealOp = defineMultiOp<Grads, { readonly name: string; readonly found: readonly Tensor[] }, Tensor[]>({
  name: 'onceDifferentiable',
  forward: (_, __, { found }) => found.map(alias),
  backward({ attrs: { name } }) {
    throw new AutogradError(name, "can't be differentiated twice: its definition says onceDifferentiable");
  },
});
