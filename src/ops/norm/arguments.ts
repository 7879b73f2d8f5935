import { isFloat } from '../../core/dtype.js';
import { DTypeError, EngineError, ShapeError } from '../../core/errors.js';
import { nullable, number } from '../../core/options.js';
import { type Shape, sameShape } from '../../core/shape.js';
import { disposedError } from '../../engine/storage.js';
import { dense } from '../../tensor/dense.js';
import { tensorOption } from '../../tensor/option.js';
import { emptyLike, type Tensor } from '../../tensor/tensor.js';

export interface AffineOptions {
  /** Factor of the normalized values (default 1). */
  readonly weight?: Tensor | null;
  /** Added to them (default 0). */
  readonly bias?: Tensor | null;
}

export const affineOptions = { weight: nullable(tensorOption, null), bias: nullable(tensorOption, null) };

/** What's added to a variance. */
export const epsOption = { eps: number(1e-5, { least: 0 }) };

/** How far running statistics move. */
export const momentumOption = { momentum: number(0.1) };

export const denseOrNull = (x: Tensor | null): Tensor | null => (x === null ? null : dense(x));

/** Memory for the gradient of `like`, if it's needed. */
export const gradientOf = (wanted: boolean | undefined, like: Tensor | null): Tensor | null =>
  wanted && like !== null ? emptyLike(dense(like)) : null;

/** @throws DTypeError unless x is floating and the parameters have its dtype, ShapeError unless they have `shape` */
export function checkParameters(
  operation: string,
  x: Tensor,
  parameters: Readonly<Record<string, Tensor | null>>,
  shape: Shape,
  meaning: string,
): void {
  if (!isFloat(x.dtype)) throw new DTypeError(operation, `needs a floating dtype, x is ${x.dtype}`);
  for (const [name, parameter] of Object.entries(parameters)) {
    if (parameter === null) continue;
    if (parameter.storage.disposedAt !== undefined) throw disposedError(operation, name, parameter);
    if (parameter.engine !== x.engine)
      throw new EngineError(
        operation,
        `${name} is on engine ${parameter.engine.name}, x on ${x.engine.name}\n  hint: move one of them with to()`,
      );
    if (parameter.dtype !== x.dtype)
      throw new DTypeError(
        operation,
        `${name} is ${parameter.dtype}, x is ${x.dtype}\n  hint: convert one with to()`,
      );
    if (!sameShape(parameter.shape, shape))
      throw new ShapeError(operation, `${name} doesn't fit`, [
        { name: 'x', shape: x.shape },
        { name, shape: parameter.shape, note: `expects [${shape.join(', ')}], ${meaning}` },
      ]);
  }
}
