import { asConstant } from '../../../core/element.js';
import { ArgumentError, DTypeError, ShapeError } from '../../../core/errors.js';
import { named } from '../../../core/exact.js';
import { anyNumber, defineOptions, flag } from '../../../core/options.js';
import { sameShape } from '../../../core/shape.js';
import { putRows } from '../../../ops/recurrent/rows.js';
import { cat } from '../../../ops/shape/join.js';
import { checkTensorList, checkTensors } from '../../../tensor/argument.js';
import { int32Tensor } from '../../../tensor/list.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { type Lengths, lengthsOf } from './lengths.js';
import { inPadded } from './order.js';

export interface PadOptions {
  /** Whether the padded sequences are (N, T, …) instead of (T, N, …) (default false). */
  readonly batchFirst?: boolean;
  /** What follows the end of shorter sequences (default 0). */
  readonly paddingValue?: number;
}

const batchFirstOption = { batchFirst: flag(false) };
export const padOptions = { ...batchFirstOption, paddingValue: anyNumber(0) };
const readPad = defineOptions(padOptions);
const readUnpad = defineOptions(batchFirstOption);

/** @throws ArgumentError without sequences; ShapeError, DTypeError unless they differ in the first axis only */
export function checkSequences(operation: string, sequences: readonly Tensor[]): void {
  checkTensorList(operation, 'sequences', sequences);
  const [first] = sequences;
  if (first === undefined) throw new ArgumentError(operation, 'needs at least one sequence');
  sequences.forEach((x, i) => {
    if (x.ndim === 0)
      throw new ShapeError(operation, 'every sequence needs an axis for its steps', [
        { name: `sequences[${i}]`, axes: '(L, …)', shape: x.shape },
      ]);
    if (!sameShape(x.shape.slice(1), first.shape.slice(1)))
      throw new ShapeError(operation, 'sequences may differ in their first axis only', [
        { name: 'sequences[0]', axes: '(L, …)', shape: first.shape },
        { name: `sequences[${i}]`, axes: '(L, …)', shape: x.shape },
      ]);
    if (x.dtype !== first.dtype)
      throw new DTypeError(operation, `sequences[0] is ${first.dtype}, sequences[${i}] is ${x.dtype}`);
  });
}

/**
 * Makes one tensor of sequences, the shorter ones padded at their end.
 *
 * @shape N × (L, …) → (T, N, …), or (N, T, …) with `batchFirst`; T is the largest L
 * @throws ArgumentError without sequences; ShapeError, DTypeError if they differ in more than their lengths
 * @example
 * nn.utils.rnn.padSequence([tensor([1, 2, 3]), tensor([4])], { batchFirst: true }); // [[1, 2, 3], [4, 0, 0]]
 */
export const padSequence = named(
  'padSequence',
  (sequences: readonly Tensor[], options?: PadOptions): Tensor => {
    checkSequences('padSequence', sequences);
    const { batchFirst, paddingValue } = readPad('padSequence', options);
    const { dtype, engine } = sequences[0]!;
    const lengths = sequences.map((x) => x.shape[0]!);
    const [batch, steps] = [sequences.length, Math.max(...lengths)];
    const places = inPadded(batch, steps, batchFirst);
    const rows = lengths.flatMap((length, n) =>
      Array.from({ length }, (_, t) => places.start(n) + t * places.stride),
    );
    const value = asConstant('padSequence', paddingValue, dtype);
    const padded = putRows(cat(sequences), int32Tensor(rows, engine), batch * steps, value);
    return padded.unflatten(0, batchFirst ? [batch, steps] : [steps, batch]);
  },
);

/**
 * The opposite of `padSequence`: each sequence without its padding, as a view.
 *
 * @shape (T, N, …), or (N, T, …) with `batchFirst` → N × (L, …)
 * @throws ArgumentError for lengths that don't fit
 */
export const unpadSequence = named(
  'unpadSequence',
  (padded: Tensor, lengths: Lengths, options?: Pick<PadOptions, 'batchFirst'>): Tensor[] => {
    checkTensors('unpadSequence', { padded });
    const { batchFirst } = readUnpad('unpadSequence', options);
    if (padded.ndim < 2)
      throw new ShapeError('unpadSequence', 'needs steps and sequences', [
        { name: 'padded', axes: batchFirst ? '(N, T, …)' : '(T, N, …)', shape: padded.shape },
      ]);
    const [batch, steps] = batchFirst ? [0, 1] : [1, 0];
    const list = lengthsOf('unpadSequence', lengths, padded.shape[batch]!, padded.shape[steps]!);
    return padded.unbind(batch).map((x, n) => x.narrow(0, 0, list[n]!));
  },
);
