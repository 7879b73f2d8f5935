import { ArgumentError, ShapeError } from '../../../core/errors.js';
import { answerSnakeCase } from '../../../core/foreign-names.js';
import { counts } from '../../../core/sizes.js';
import { checkTensors } from '../../../tensor/argument.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { inverse } from './order.js';

/** @throws ArgumentError unless a list has each number from 0 to count − 1 once */
function requirePermutation(name: string, list: readonly number[], count: number): void {
  counts('PackedSequence', name, list, 0);
  if (list.length === count && new Set(list).size === count && list.every((n) => n < count)) return;
  throw new ArgumentError('PackedSequence', `${name} must have each number from 0 to ${count - 1} once`);
}

/**
 * Sequences of different lengths without padding: the first step of each, longest sequence first, then the second step
 * of those that have one, and so on. The functions of `nn.utils.rnn` make it, and recurrent layers take it and return it.
 *
 * @differs from PyTorch: the sizes and the orders are plain lists instead of tensors
 * @example
 * const { data, batchSizes } = nn.utils.rnn.packSequence([tensor([1, 2, 3]), tensor([4, 5])]);
 * data; // [1, 4, 2, 5, 3]
 * batchSizes; // [2, 2, 1]
 */
export class PackedSequence {
  /** For each sequence, its place in the packed order. */
  readonly unsortedIndices: readonly number[] | null;

  constructor(
    /** The steps. @shape (Σ lengths, …) */
    readonly data: Tensor,
    /** How many sequences have a step t. */
    readonly batchSizes: readonly number[],
    /** For each place in the packed order, which sequence is there; null: the order is the original one. */
    readonly sortedIndices: readonly number[] | null = null,
  ) {
    checkTensors('PackedSequence', { data });
    counts('PackedSequence', 'batchSizes', batchSizes, 1);
    if (batchSizes.length === 0 || batchSizes.some((size, t) => t > 0 && size > batchSizes[t - 1]!))
      throw new ArgumentError(
        'PackedSequence',
        'batchSizes must have a size for each step, none larger than the one before',
      );
    const steps = batchSizes.reduce((sum, size) => sum + size, 0);
    if (data.shape[0] !== steps)
      throw new ShapeError('PackedSequence', 'data must have a row for each step', [
        { name: 'data', shape: data.shape, note: `batchSizes add up to ${steps}` },
      ]);
    if (sortedIndices !== null) requirePermutation('sortedIndices', sortedIndices, batchSizes[0]!);
    this.unsortedIndices = sortedIndices && inverse(sortedIndices);
  }

  /** The length of each sequence, in the original order. */
  get lengths(): number[] {
    const { batchSizes, unsortedIndices } = this;
    const lengths: number[] = [];
    for (let t = batchSizes.length - 1; t >= 0; t--)
      while (lengths.length < batchSizes[t]!) lengths.push(t + 1);
    return unsortedIndices === null ? lengths : unsortedIndices.map((place) => lengths[place]!);
  }

  /** The same sequences with other data for each step, such as their embeddings. */
  with(data: Tensor): PackedSequence {
    return new PackedSequence(data, this.batchSizes, this.sortedIndices);
  }
}

answerSnakeCase(PackedSequence.prototype, 'packed', ['batchSizes', 'sortedIndices', 'unsortedIndices']);
