import { AutogradError, ShapeError } from '../core/errors.js';
import { sameShape } from '../core/shape.js';
import { disposedError } from '../engine/storage.js';
import type { Tensor } from '../tensor/tensor.js';
import { mode } from './mode.js';

export interface InPlace {
  /** The operation's name, for example `add_`. */
  readonly name: string;
  /** The tensor that changes. */
  readonly target: Tensor;
  /** The other operands. */
  readonly operands?: readonly (Tensor | null)[];
  /** Writes the result into the target's memory. */
  write(): void;
  /** The same result as a new tensor; used where the change has to be recorded in the graph. */
  compute(): Tensor;
}

/**
 * Changes a tensor in place: counts the change, and records it in the graph if a gradient flows
 * through it.
 *
 * @throws AutogradError for a leaf that requires grad, and for a view through which a gradient flows
 * @throws ShapeError for a target that repeats elements (`expand`)
 */
export function inPlace({ name, target, operands = [], write, compute }: InPlace): Tensor {
  if (target.storage.disposedAt !== undefined) throw disposedError(name, 'the tensor', target);
  operands.forEach((x, i) => {
    if (x?.storage.disposedAt !== undefined) throw disposedError(name, `operand ${i + 2}`, x);
  });
  if (target.size > 1 && target.strides.some((stride, axis) => stride === 0 && target.shape[axis]! > 1))
    throw new ShapeError(
      name,
      'the tensor repeats elements in memory',
      [{ name: 'tensor', shape: target.shape, note: `strides [${target.strides.join(', ')}]` }],
      'clone() it first',
    );
  const tracked = mode.grad && (target.requiresGrad || operands.some((x) => x?.requiresGrad));
  if (!tracked) {
    write();
    target.storage.version++;
    return target;
  }
  if (target.isLeaf && target.requiresGrad)
    throw new AutogradError(
      name,
      'a leaf that requires grad cannot be changed in place while operations are recorded\n  hint: change it inside noGrad()',
    );
  if (target.isView)
    throw new AutogradError(
      name,
      'a view cannot be changed in place where a gradient flows through it\n  hint: clone() it, or use the form that makes a new tensor',
    );
  const result = compute();
  if (!sameShape(result.shape, target.shape))
    throw new ShapeError(name, 'the result does not fit into the tensor', [
      { name: 'tensor', shape: target.shape },
      { name: 'result', shape: result.shape },
    ]);
  target.engine.copy(target, result);
  target.storage.version++;
  target.storage.rebased = target.storage.version;
  target.gradFn = result.gradFn;
  target.gradIndex = result.gradIndex;
  return target;
}
