import { ArgumentError, AutogradError, EngineError, ShapeError } from '../core/errors.js';
import { overlap, repeatsElements } from '../core/overlap.js';
import { sameShape } from '../core/shape.js';
import { disposedError, engineMismatch } from '../engine/storage.js';
import { outsideGraph, type Tensor } from '../tensor/tensor.js';
import { mode } from './mode.js';
import type { Node } from './node.js';
import { rebase } from './view-history.js';

export interface InPlace {
  /** The operation's name, for example `add_`. */
  readonly name: string;
  /** The tensor that changes. */
  readonly target: Tensor;
  /** The part of the target that is written; default all of it. */
  readonly written?: Tensor;
  /** The other operands. */
  readonly operands?: readonly (Tensor | null)[];
  /**
   * Operands that may share memory with what is written: none (default); `same`, one that is just what is
   * written, for work that goes element by element; `any`, for work that writes when all is read.
   */
  readonly sharing?: 'none' | 'same' | 'any';
  /** Writes the result into the target's memory. */
  write(): void;
  /**
   * The same result as a new tensor, or written to the target's memory and returned as another view of it; used where
   * the change has to be recorded in the graph.
   */
  compute(): Tensor;
}

/** @throws ShapeError for a tensor that repeats elements in memory, which nothing can be written to */
export function requireWritable(operation: string, x: Tensor, name = 'tensor'): void {
  if (!x.packed && repeatsElements(x))
    throw new ShapeError(
      operation,
      `the ${name} repeats elements in memory`,
      [{ name, shape: x.shape, note: `strides [${x.strides.join(', ')}]` }],
      'clone() it first',
    );
}

/** @throws ArgumentError for operands that `sharing` doesn't allow, ShapeError for elements written twice */
function checkMemory({ name, target, written = target, operands = [], sharing = 'none' }: InPlace): void {
  requireWritable(name, written);
  if (sharing === 'any') return;
  for (let i = 0; i < operands.length; i++) {
    const x = operands[i];
    if (x == null || x.storage !== target.storage) continue;
    const found = overlap(written, x);
    if (found === 'partial' || (found === 'same' && sharing === 'none'))
      throw new ArgumentError(
        name,
        `operand ${i + 2} shares elements in memory with the tensor that is written\n  hint: clone() the operand first`,
      );
  }
}

/**
 * Changes a tensor in place: counts the change, and records it in the graph if a gradient flows
 * through it.
 *
 * @throws AutogradError for a leaf that requires grad, for a view of one, and for a view made in noGrad
 * @throws ShapeError for a target that repeats elements (`expand`)
 * @throws ArgumentError for an operand that shares memory with what is written
 */
export function inPlace(change: InPlace): Tensor {
  const { name, target, operands = [], write, compute } = change;
  if (target.storage.disposedAt !== undefined) throw disposedError(name, 'the tensor', target);
  operands.forEach((x, i) => {
    if (x == null) return;
    if (x.storage.disposedAt !== undefined) throw disposedError(name, `operand ${i + 2}`, x);
    if (x.storage.engine !== target.storage.engine) throw engineMismatch(name, i + 2, x, target);
  });
  checkMemory(change);
  const { base } = target;
  const tracked =
    mode.grad && (target.requiresGrad || base?.requiresGrad || operands.some((x) => x?.requiresGrad));
  if (!tracked) {
    EngineError.naming(name, write);
    target.storage.version++;
    return target;
  }
  if (target.isLeaf && target.requiresGrad)
    throw new AutogradError(
      name,
      "a leaf that requires grad can't be changed in place while operations are recorded\n  hint: change it inside noGrad()",
    );
  if (base !== null && (target.gradFn as Node | null)?.definition.showsGradients)
    throw new AutogradError(
      name,
      "a view can't be changed in place if backward hands its gradient to your code\n  hint: clone() it, or use the form that makes a new tensor",
    );
  if (base?.isLeaf && base.requiresGrad)
    throw new AutogradError(
      name,
      "a view of a leaf that requires grad can't be changed in place while operations are recorded\n  hint: change it inside noGrad()",
    );
  if (base?.requiresGrad && target.viewVersion === outsideGraph)
    throw new AutogradError(
      name,
      "a view that was made in noGrad() can't be changed in place while operations are recorded\n  hint: change it inside noGrad(), or make the view outside",
    );
  const result = compute();
  if (!sameShape(result.shape, target.shape))
    throw new ShapeError(name, "the result doesn't fit in the tensor", [
      { name: 'tensor', shape: target.shape },
      { name: 'result', shape: result.shape },
    ]);
  if (result.storage === target.storage)
    result.base = null; // it represents what the target becomes
  else target.engine.copy(target, result);
  target.storage.version++;
  target.storage.rebased = target.storage.version;
  if (base !== null) rebase(target, base, result);
  else {
    target.gradFn = result.gradFn;
    target.gradIndex = result.gradIndex;
  }
  return target;
}
