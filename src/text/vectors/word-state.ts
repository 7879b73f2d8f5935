import { requireObject } from '../../core/arguments.js';
import { describe } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { Tensor } from '../../index.js';

/** How far a saved training is. @throws ArgumentError unless the state has these rows and a position */
export async function positionOf(
  operation: string,
  state: Readonly<Record<string, Tensor>>,
  tensors: Readonly<Record<string, Tensor>>,
): Promise<readonly number[]> {
  requireObject(operation, 'state', state);
  for (const [name, like] of Object.entries(tensors)) {
    const saved: unknown = state[name];
    if (!(saved instanceof Tensor))
      throw new ArgumentError(operation, `the state has no tensor '${name}', got ${describe(saved)}`);
    if (saved.dtype !== like.dtype || saved.shape.join() !== like.shape.join())
      throw new ArgumentError(
        operation,
        `'${name}' is ${saved.dtype} [${saved.shape.join(', ')}], but this training has ${like.dtype} [${like.shape.join(', ')}]; use the same corpus and options`,
      );
  }
  const position: unknown = state.position;
  if (!(position instanceof Tensor) || position.dtype !== 'int32' || position.count !== 2)
    throw new ArgumentError(operation, `the state's position must be two int32, got ${describe(position)}`);
  const place = [...(await position.data())].map(Number);
  if (place.some((n) => n < 0))
    throw new ArgumentError(
      operation,
      `the state's position must not be negative, got [${place.join(', ')}]`,
    );
  return place;
}
