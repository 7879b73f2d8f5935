import { asConstant } from '../../../core/element.js';
import { ArgumentError, ShapeError } from '../../../core/errors.js';
import { exact, named } from '../../../core/exact.js';
import { checkOption, defineOptions, flag, instance, nullable, whole } from '../../../core/options.js';
import { putRows, takeRows } from '../../../ops/recurrent/rows.js';
import { cat } from '../../../ops/shape/join.js';
import { checkTensors } from '../../../tensor/argument.js';
import { int32Tensor } from '../../../tensor/list.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { type Lengths, lengthsOf } from './lengths.js';
import { inList, inPadded, longestFirst, rowsOf, sizesOf } from './order.js';
import { PackedSequence } from './packed-sequence.js';
import { checkSequences, type PadOptions, padOptions } from './padding.js';

export interface PackOptions {
  /** Whether the padded sequences are (N, T, …) instead of (T, N, …) (default false). */
  readonly batchFirst?: boolean;
  /** Whether to refuse sequences that aren't longest first (default true). */
  readonly enforceSorted?: boolean;
}

const sortedOption = { enforceSorted: flag(true) };
const readPack = defineOptions({ batchFirst: flag(false), ...sortedOption });
const readPackSequence = defineOptions(sortedOption);
const readPadPacked = defineOptions({ ...padOptions, totalLength: nullable(whole(1), null) });

const packed = instance(
  'a PackedSequence',
  (value): value is PackedSequence => value instanceof PackedSequence,
);

/** Packs a padded batch. @param order which sequence each packed one is, null for the same order */
export function packedFrom(
  x: Tensor,
  lengths: readonly number[],
  order: readonly number[] | null,
  batchFirst: boolean,
): PackedSequence {
  const [first, second] = x.shape as [number, number];
  const sizes = sizesOf(lengths);
  const rows = rowsOf(sizes, order, inPadded(lengths.length, batchFirst ? second : first, batchFirst));
  return new PackedSequence(takeRows(x.flatten(0, 1), int32Tensor(rows, x.engine)), sizes, order);
}

/** Pads packed sequences to a length that the longest one doesn't exceed. */
export function paddedFrom(sequence: PackedSequence, steps: number, batchFirst: boolean, value = 0): Tensor {
  const { data, batchSizes, sortedIndices } = sequence;
  const batch = batchSizes[0]!;
  const rows = rowsOf(batchSizes, sortedIndices, inPadded(batch, steps, batchFirst));
  const padded = putRows(data, int32Tensor(rows, data.engine), batch * steps, value);
  return padded.unflatten(0, batchFirst ? [batch, steps] : [steps, batch]);
}

/** The order to pack sequences in. @throws ArgumentError if they have to be longest first, and aren't */
function orderOf(
  operation: string,
  lengths: readonly number[],
  enforceSorted: boolean,
): readonly number[] | null {
  if (!enforceSorted) return longestFirst(lengths);
  const late = lengths.findIndex((length, i) => i > 0 && length > lengths[i - 1]!);
  if (late < 0) return null;
  throw new ArgumentError(
    operation,
    `the longest sequence must come first, but lengths[${late}] is ${lengths[late]}, after ${lengths[late - 1]}\n` +
      '  hint: { enforceSorted: false } sorts them, and restores their order at the end',
  );
}

/**
 * Packs a padded batch of sequences.
 *
 * @param lengths how many steps each sequence has
 * @shape (T, N, …), or (N, T, …) with `batchFirst`
 * @throws ArgumentError for lengths that don't fit or, with `enforceSorted`, grow; ShapeError for an empty batch
 * @example
 * const { packPaddedSequence, padPackedSequence } = nn.utils.rnn;
 * const x = zeros([3, 7, 16]);
 * const packed = packPaddedSequence(x, [5, 7, 2], { batchFirst: true, enforceSorted: false });
 * const [output] = new nn.LSTM(16, 32).forward(packed);
 * padPackedSequence(output, { batchFirst: true })[0].shape; // [3, 7, 32]
 */
export const packPaddedSequence = named(
  'packPaddedSequence',
  (input: Tensor, lengths: Lengths, options?: PackOptions): PackedSequence => {
    checkTensors('packPaddedSequence', { input });
    const { batchFirst, enforceSorted } = readPack('packPaddedSequence', options);
    if (input.ndim < 2 || input.shape[0] === 0 || input.shape[1] === 0)
      throw new ShapeError('packPaddedSequence', 'needs at least one sequence and one step', [
        { name: 'input', axes: batchFirst ? '(N, T, …)' : '(T, N, …)', shape: input.shape },
      ]);
    const [batch, steps] = batchFirst ? [0, 1] : [1, 0];
    const list = lengthsOf('packPaddedSequence', lengths, input.shape[batch]!, input.shape[steps]!);
    return packedFrom(input, list, orderOf('packPaddedSequence', list, enforceSorted), batchFirst);
  },
);

export interface PadPackedOptions extends PadOptions {
  /** The length to pad to (default: the longest sequence's). */
  readonly totalLength?: number | null;
}

/**
 * The opposite of `packPaddedSequence`: the padded sequences in their original order, and their lengths, int32.
 *
 * @shape → (T, N, …) and (N), or (N, T, …) with `batchFirst`; T is `totalLength`, or the longest sequence's length
 * @throws ArgumentError if `totalLength` is less than that
 */
export const padPackedSequence = named(
  'padPackedSequence',
  (sequence: PackedSequence, options?: PadPackedOptions): [padded: Tensor, lengths: Tensor] => {
    checkOption('padPackedSequence', 'sequence', packed, sequence);
    const { batchFirst, paddingValue, totalLength } = readPadPacked('padPackedSequence', options);
    const longest = sequence.batchSizes.length;
    if (totalLength !== null && totalLength < longest)
      throw new ArgumentError(
        'padPackedSequence',
        `totalLength must be at least ${longest}, the longest sequence's length, got ${totalLength}`,
      );
    const value = asConstant('padPackedSequence', paddingValue, sequence.data.dtype);
    const padded = paddedFrom(sequence, totalLength ?? longest, batchFirst, value);
    return [padded, int32Tensor(sequence.lengths, padded.engine)];
  },
);

/**
 * Packs a list of sequences.
 *
 * @shape N × (L, …)
 * @throws ArgumentError without sequences or, with `enforceSorted`, if lengths grow; ShapeError for a sequence without
 *   steps, or if they differ in more than their lengths
 */
export const packSequence = named(
  'packSequence',
  (sequences: readonly Tensor[], options?: Pick<PackOptions, 'enforceSorted'>): PackedSequence => {
    checkSequences('packSequence', sequences);
    const { enforceSorted } = readPackSequence('packSequence', options);
    const lengths = sequences.map((x) => x.shape[0]!);
    const none = lengths.indexOf(0);
    if (none >= 0)
      throw new ShapeError('packSequence', 'every sequence needs at least one step', [
        { name: `sequences[${none}]`, shape: sequences[none]!.shape },
      ]);
    const order = orderOf('packSequence', lengths, enforceSorted);
    const sizes = sizesOf(lengths);
    const rows = int32Tensor(rowsOf(sizes, order, inList(lengths)), sequences[0]!.engine);
    return new PackedSequence(takeRows(cat(sequences), rows), sizes, order);
  },
);

/** The opposite of `packSequence`: the sequences in their original order, each as a view. */
export const unpackSequence = exact('unpackSequence(sequence)', (sequence: PackedSequence): Tensor[] => {
  checkOption('unpackSequence', 'sequence', packed, sequence);
  const { data, batchSizes, sortedIndices, lengths } = sequence;
  const rows = int32Tensor(rowsOf(batchSizes, sortedIndices, inList(lengths)), data.engine);
  return putRows(data, rows, data.shape[0]!, 0).split(lengths, 0);
});
