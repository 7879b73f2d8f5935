import { plural } from '../../../core/describe.js';
import { ArgumentError, DTypeError, ShapeError } from '../../../core/errors.js';
import { checkOption, numberList, type Option } from '../../../core/options.js';
import { elementsNow } from '../../../tensor/inspect.js';
import { Tensor } from '../../../tensor/tensor.js';

/** How many steps each sequence of a batch has: numbers, or an int32 tensor of one axis. */
export type Lengths = ArrayLike<number> | Tensor;

const numbers = numberList(undefined);

/** Lengths as an option. */
export const lengthsOption: Option<Lengths | undefined> = {
  wanted: `${numbers.wanted}, or an int32 tensor`,
  default: undefined,
  accepts: (value) => value instanceof Tensor || numbers.accepts(value),
};

/** Lengths as numbers. @throws DTypeError, ShapeError, EngineError for a tensor that can't be read as such */
export function numbersIn(operation: string, lengths: Lengths): readonly number[] {
  checkOption(operation, 'lengths', lengthsOption, lengths);
  if (!(lengths instanceof Tensor)) return Array.from(lengths);
  if (lengths.dtype !== 'int32')
    throw new DTypeError(
      operation,
      `lengths must be int32, got ${lengths.dtype}\n  hint: convert them with to('int32')`,
    );
  if (lengths.ndim !== 1)
    throw new ShapeError(operation, 'lengths must have one axis', [
      { name: 'lengths', shape: lengths.shape },
    ]);
  return Array.from(elementsNow(operation, lengths, 'pass the lengths as an array'));
}

/**
 * Lengths as numbers, checked.
 *
 * @param batch how many sequences there are
 * @param steps the length that they're padded to
 * @throws ArgumentError unless there's one for each sequence, from 1 to `steps`
 */
export function lengthsOf(
  operation: string,
  lengths: Lengths,
  batch: number,
  steps: number,
): readonly number[] {
  const list = numbersIn(operation, lengths);
  if (list.length !== batch)
    throw new ArgumentError(
      operation,
      `lengths has ${plural(list.length, 'number')} for ${plural(batch, 'sequence')}`,
    );
  list.forEach((length, i) => {
    if (Number.isSafeInteger(length) && length >= 1 && length <= steps) return;
    throw new ArgumentError(
      operation,
      `lengths[${i}] must be a whole number from 1 to ${steps}, the padded length, got ${length}`,
    );
  });
  return list;
}
