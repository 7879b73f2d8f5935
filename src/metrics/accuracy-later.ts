import { MyelinError } from '../core/errors.js';
import { cat, noGrad, type Tensor } from '../index.js';
import { inspect } from '../tensor/inspect.js';
import type { Read, Values } from './elements.js';

/** Tensors under their names. */
type Named = Readonly<Record<string, Tensor | undefined>>;

/**
 * Has a metric check the elements of tensors when they arrive: the next read throws what `check` throws. They're
 * brought together in one list, so they arrive at once.
 */
function checkLater<T extends Named>(tensors: T, check: (read: Read<T>) => void): void {
  const named = Object.entries(tensors).filter((entry): entry is [string, Tensor] => entry[1] !== undefined);
  inspect(cat(named.map(([, x]) => x.to('float64').flatten())), (all) => {
    let start = 0;
    const read = named.map(([name, { shape, count }]) => {
      const values: Values = all.subarray(start, start + count);
      start += count;
      return [name, { shape, values }] as const;
    });
    try {
      check(Object.fromEntries(read) as unknown as Read<T>);
      return null;
    } catch (error) {
      if (error instanceof MyelinError) return error;
      throw error;
    }
  });
}

interface Classes extends Named {
  readonly predicted: Tensor;
  readonly labels: Tensor;
  readonly sampleWeight: Tensor | undefined;
}

const share = (right: Tensor, weights: Tensor): Tensor => right.mul(weights).sum().div(weights.sum());

const allZeroOrOne = (x: Tensor): Tensor => x.eq(0).logicalOr(x.eq(1)).all();

/**
 * `accuracy` by operations alone: it waits for nothing.
 *
 * @param check throws what's wrong with the elements
 * @shape predicted and labels (N, …), sampleWeight (N) or as the labels → (), float64
 */
export function accuracyLater<T extends Classes>(
  tensors: T,
  ignoreIndex: number | undefined,
  check: (read: Read<T>) => void,
): Tensor {
  return noGrad(() => {
    checkLater(tensors, check);
    const { predicted, labels, sampleWeight } = tensors;
    const right = predicted.eq(labels).to('float64');
    const each = (sampleWeight ?? labels.newOnes([1])).to('float64');
    const weights = each
      .reshape([...each.shape, ...Array(labels.ndim - each.ndim).fill(1)])
      .expand(labels.shape);
    const kept = ignoreIndex === undefined ? weights : weights.mul(labels.ne(ignoreIndex));
    const ofAll = share(right, kept);
    const rowsPossible = labels.ndim === 2 && labels.shape[1]! > 1 && ignoreIndex === undefined;
    if (!rowsPossible) return ofAll;
    const isRows = allZeroOrOne(labels).logicalAnd(allZeroOrOne(predicted));
    return share(right.amin(1), weights.select(1, 0)).where(isRows, ofAll);
  });
}
