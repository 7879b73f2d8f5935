import { ArgumentError } from '../core/errors.js';
import { type Dataset, Subset } from './dataset.js';
import { permutation, type RandomOptions } from './shuffle.js';

/** Numbers of examples from fractions that sum to 1; what rounding leaves goes to the first parts. */
function fromFractions(fractions: readonly number[], total: number): number[] {
  const lengths = fractions.map((fraction) => Math.floor(fraction * total));
  const rest = total - lengths.reduce((a, b) => a + b, 0);
  for (let i = 0; i < rest; i++) lengths[i % lengths.length]! += 1;
  return lengths;
}

/**
 * Splits a data set at random into parts that share no example.
 *
 * @param lengths numbers of examples, or fractions that sum to 1
 * @throws ArgumentError if they do not sum to the number of examples
 */
export function randomSplit<T>(
  dataset: Dataset<T>,
  lengths: readonly number[],
  { generator }: RandomOptions = {},
): Subset<T>[] {
  const sum = lengths.reduce((a, b) => a + b, 0);
  const areFractions = Math.abs(sum - 1) < 1e-9 && lengths.every((n) => n >= 0 && n <= 1);
  const counts = areFractions ? fromFractions(lengths, dataset.length) : [...lengths];
  if (counts.reduce((a, b) => a + b, 0) !== dataset.length)
    throw new ArgumentError(
      'randomSplit',
      `the lengths sum to ${sum}, the data set has ${dataset.length} examples`,
    );
  const order = [...permutation(dataset.length, generator)];
  return counts.map((n) => new Subset(dataset, order.splice(0, n)));
}
