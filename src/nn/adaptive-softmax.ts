import { requireNumbers } from '../core/arguments.js';
import type { DType } from '../core/dtype.js';
import { ArgumentError, IndexError, ShapeError } from '../core/errors.js';
import { defineOptions, dtype, flag, number } from '../core/options.js';
import { cat } from '../ops/shape/join.js';
import { checkTensors } from '../tensor/argument.js';
import { filled } from '../tensor/filled.js';
import { inspect, known } from '../tensor/inspect.js';
import { int32Tensor } from '../tensor/list.js';
import type { Tensor } from '../tensor/tensor.js';
import { Linear } from './linear.js';
import { Module } from './module/module.js';
import { ModuleList } from './module-list.js';
import { Sequential } from './sequential.js';
import { count, show } from './sizes.js';

export interface AdaptiveLogSoftmaxOptions {
  /** Each cluster of classes is narrower than the one before by this factor (default 4). */
  readonly divValue?: number;
  /** Whether the head's scores have a bias (default false). */
  readonly headBias?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

const adaptiveOptions = defineOptions({
  divValue: number(4, { above: 0 }),
  headBias: flag(false),
  dtype: dtype('float32'),
});

/** The log-probability of each target, and the negative of their mean. */
export interface AdaptiveLogSoftmaxResult {
  readonly output: Tensor;
  readonly loss: Tensor;
}

/**
 * Softmax over a very large number of classes, sorted from frequent to rare. The head scores the frequent classes,
 * plus one class for each cluster of rarer ones; a cluster's own scores are computed only when needed, from fewer
 * features.
 *
 * @param cutoffs where clusters of classes begin, in ascending order, from 1 to nClasses − 1
 * @shape input (N, inFeatures), target (N) of integers; or (inFeatures) and ()
 * @throws ArgumentError for invalid cutoffs, IndexError for a target that isn't a class
 * @source Grave et al. 2016, arXiv:1609.04309
 * @example
 * const softmax = new nn.AdaptiveLogSoftmaxWithLoss(4, 1000, [10, 100], { divValue: 2 });
 * const { loss } = softmax.forward(x, tensor([3, 40, 999]));
 * softmax.logProb(x).shape; // [3, 1000]
 */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  /** Where clusters begin, followed by the number of classes. */
  readonly cutoffs: readonly number[];
  readonly divValue: number;
  readonly head: Linear;
  readonly tail = new ModuleList<Sequential>();

  constructor(
    readonly inFeatures: number,
    readonly nClasses: number,
    cutoffs: readonly number[],
    options?: AdaptiveLogSoftmaxOptions,
  ) {
    super();
    const { divValue, headBias, dtype } = adaptiveOptions(new.target.name, options);
    count(new.target.name, 'inFeatures', inFeatures, 1);
    count(new.target.name, 'nClasses', nClasses, 1);
    requireNumbers(new.target.name, 'cutoffs', cutoffs);
    const ascending = cutoffs.every((c, i) => Number.isInteger(c) && c > (cutoffs[i - 1] ?? 0));
    if (cutoffs.length === 0 || !ascending || cutoffs.at(-1)! >= nClasses)
      throw new ArgumentError(
        'AdaptiveLogSoftmaxWithLoss',
        `cutoffs must be ascending whole numbers from 1 to ${nClasses - 1}, got [${cutoffs.join(', ')}]`,
      );
    this.cutoffs = [...cutoffs, nClasses];
    this.divValue = divValue;
    this.head = new Linear(inFeatures, cutoffs[0]! + cutoffs.length, { bias: headBias, dtype });
    for (const [i, start] of cutoffs.entries()) {
      const width = Math.floor(inFeatures / divValue ** (i + 1));
      const classes = this.cutoffs[i + 1]! - start;
      const plain = { bias: false, dtype };
      this.tail.append(
        new Sequential(new Linear(inFeatures, width, plain), new Linear(width, classes, plain)),
      );
    }
  }

  override forward(input: Tensor, target: Tensor): AdaptiveLogSoftmaxResult {
    checkTensors('AdaptiveLogSoftmaxWithLoss', { input, target });
    if (target.ndim === 0 && input.ndim === 1) {
      const { output, loss } = this.forward(input.unsqueeze(0), target.unsqueeze(0));
      return { output: output.squeeze(0), loss };
    }
    if (target.ndim !== 1 || input.ndim !== 2 || input.shape[0] !== target.shape[0])
      throw new ShapeError('AdaptiveLogSoftmaxWithLoss', 'needs rows and a target for each', [
        { name: 'input', axes: '(N, D)', shape: input.shape },
        { name: 'target', axes: '(N)', shape: target.shape },
      ]);
    inspect(target, (labels) => {
      const bad = labels.find((label) => label < 0 || label >= this.nClasses);
      return bad === undefined
        ? null
        : new IndexError(
            'AdaptiveLogSoftmaxWithLoss',
            `target ${bad} isn't a class; there are ${this.nClasses} (0 to ${this.nClasses - 1})`,
          );
    });
    const labels = known(target);
    const output =
      labels === null
        ? this.logProb(input).gather(1, target.to('int32').unsqueeze(1)).squeeze(1)
        : this.logProbOf(input, [...labels]);
    return { output, loss: output.neg().mean() };
  }

  /** The log-probability of each row's label, computing only the clusters that occur among the labels. */
  private logProbOf(input: Tensor, labels: readonly number[]): Tensor {
    const indices = (list: readonly number[]): Tensor => int32Tensor(list, input.engine);
    // The head's class for each row, and the log-probability inside its cluster.
    const clusters = labels.map((label) => this.cutoffs.findIndex((end) => label < end));
    const first = this.cutoffs[0]!;
    const classes = labels.map((label, n) => (clusters[n] === 0 ? label : first + clusters[n]! - 1));
    let inside = filled([labels.length], input.dtype, input.engine);
    for (const [i, start] of this.cutoffs.slice(0, -1).entries()) {
      const rows = [...clusters.keys()].filter((n) => clusters[n] === i + 1);
      if (rows.length === 0) continue;
      const scores = this.tail.at(i).forward(input.indexSelect(0, indices(rows))); // (rows, classes)
      const own = indices(rows.map((n) => labels[n]! - start)).unsqueeze(1);
      inside = inside.indexCopy(0, indices(rows), scores.logSoftmax(1).gather(1, own).squeeze(1));
    }
    const head = this.head.forward(input).logSoftmax(1);
    return inside.add(head.gather(1, indices(classes).unsqueeze(1)).squeeze(1));
  }

  /** The log-probabilities of all classes. @shape (N, inFeatures) → (N, nClasses) */
  logProb(input: Tensor): Tensor {
    const head = this.head.forward(input).logSoftmax(1);
    const first = this.cutoffs[0]!;
    const clusters = [...this.tail].map((cluster, i) =>
      cluster
        .forward(input)
        .logSoftmax(1)
        .add(head.narrow(1, first + i, 1)),
    );
    return cat([head.narrow(1, 0, first), ...clusters], 1);
  }

  /** The most likely class of each row. @shape (N, inFeatures) → (N) */
  predict(input: Tensor): Tensor {
    return this.logProb(input).argmax(1);
  }

  protected override describe(): string {
    const { inFeatures, nClasses, cutoffs, divValue } = this;
    return `${inFeatures}, ${nClasses}, ${show({ cutoffs: cutoffs.slice(0, -1), divValue })}`;
  }
}
