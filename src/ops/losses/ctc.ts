import { requireNumbers } from '../../core/arguments.js';
import { ArgumentError, IndexError, ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { defineOptions, flag, whole } from '../../core/options.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { int32Tensor } from '../../tensor/int32.js';
import { Tensor } from '../../tensor/tensor.js';
import { pad } from '../pad.js';
import { requireClasses } from './cross-entropy.js';
import { type LossOptions, lossOptions, reduceLosses, requireFloats } from './reduction.js';

export interface CtcLossOptions extends LossOptions {
  /** The class that stands for no label (default 0). */
  readonly blank?: number;
  /** Whether the loss of a target that does not fit into its input is 0 instead of infinite (default false). */
  readonly zeroInfinity?: boolean;
}

export const readCtc = defineOptions({
  blank: whole(0, { least: 0 }),
  zeroInfinity: flag(false),
  ...lossOptions,
});

/** How long each sequence is: numbers, or a tensor of integers. */
export type CtcLengths = Tensor | number | readonly number[];

/** The logarithm of an impossible alignment; finite, so that its gradient is 0 and not NaN. */
const impossible = -1e30;

/** Targets with a blank before, between and after their labels, as rows of one length. */
interface Paths {
  /** The class at each place. @shape (N, P) */
  readonly classes: Tensor;
  /** Whether a place may be reached from two places before: another label, no blank needed. @shape (N, P) */
  readonly skips: Tensor;
  /** The places where an alignment may end: the last blank and the last label. @shape (N, 2) */
  readonly ends: Tensor;
  /** Which of these exist; a target without labels has one. @shape (N, 2) */
  readonly endExists: Tensor;
}

function numbersOf(name: string, lengths: CtcLengths): number[] {
  if (lengths instanceof Tensor) return [...dense(lengths).dataSync()];
  if (typeof lengths === 'number') return [lengths];
  requireNumbers('ctcLoss', name, lengths);
  return [...lengths];
}

function checkLengths(
  name: string,
  lengths: readonly number[],
  samples: number,
  least: number,
  most: number,
): void {
  if (lengths.length !== samples)
    throw new ArgumentError('ctcLoss', `${name} are ${lengths.length} numbers for ${samples} sequences`);
  const bad = lengths.find((n) => !Number.isInteger(n) || n < least || n > most);
  if (bad !== undefined)
    throw new ArgumentError('ctcLoss', `${name} are whole numbers from ${least} to ${most}, one is ${bad}`);
}

/** The labels of each sequence, from padded rows or from one list. */
function labelsOf(targets: Tensor, lengths: readonly number[]): number[][] {
  const all = [...dense(targets).dataSync()];
  if (targets.ndim === 2) {
    const width = targets.shape[1]!;
    return lengths.map((n, i) => all.slice(i * width, i * width + n));
  }
  let at = 0;
  return lengths.map((n) => {
    at += n;
    return all.slice(at - n, at);
  });
}

function pathsOf(labels: readonly number[][], blank: number, x: Tensor): Paths {
  const width = 2 * Math.max(1, ...labels.map((row) => row.length)) + 1;
  const classes = labels.flatMap((row) =>
    Array.from({ length: width }, (_, p) => (p % 2 === 1 ? (row[(p - 1) / 2] ?? blank) : blank)),
  );
  const skips = classes.map((c, i) => Number(i % width >= 2 && c !== blank && c !== classes[i - 2]));
  const ends = labels.flatMap((row) => [2 * row.length, Math.max(0, 2 * row.length - 1)]);
  const rows = [labels.length, width];
  return {
    classes: int32Tensor(classes, x.engine, rows),
    skips: int32Tensor(skips, x.engine, rows).to('bool'),
    ends: int32Tensor(ends, x.engine, [labels.length, 2]),
    endExists: int32Tensor(
      labels.flatMap((row) => [1, Math.min(1, row.length)]),
      x.engine,
      [labels.length, 2],
    ).to('bool'),
  };
}

/** Logarithm of the probability of each path. @param emitted log-probability of each place's class (T, N, P) */
function pathLikelihood(emitted: Tensor, paths: Paths, inputLengths: readonly number[]): Tensor {
  const [steps, samples, places] = emitted.shape as [number, number, number];
  const rows = emitted.unbind(0);
  const isStart = int32Tensor(
    Array.from({ length: places }, (_, p) => Number(p < 2)),
    emitted.engine,
  ).to('bool');
  // Before the first step only the first place is reached, by nothing: then a blank or the first label follows.
  let alpha = rows[0]!.where(isStart, impossible); // (N, P)
  for (let t = 1; t < steps; t++) {
    const one = pad(alpha, [1, -1], { value: impossible });
    const two = pad(alpha, [2, -2], { value: impossible }).where(paths.skips, impossible);
    const next = alpha.logaddexp(one).logaddexp(two).add(rows[t]!);
    if (inputLengths.every((n) => t < n)) alpha = next;
    else {
      const goesOn = int32Tensor(
        inputLengths.map((n) => Number(t < n)),
        emitted.engine,
        [samples, 1],
      ).to('bool');
      alpha = next.where(goesOn, alpha);
    }
  }
  return alpha.gather(1, paths.ends).where(paths.endExists, impossible).logsumexp(1);
}

/**
 * Connectionist temporal classification: −log of the probability that an input spells a target, summed over
 * all ways to spread its labels over the steps, with blanks between and labels repeated. The mean divides
 * each loss by the length of its target first.
 *
 * @param logProbs log-probabilities of the classes at each step
 * @param targets labels, padded to rows or one after the other
 * @param inputLengths how many steps each sequence has
 * @param targetLengths how many labels each target has
 * @shape logProbs (T, N, C), targets (N, S) or (Σ lengths); or (T, C) and (S)
 * @throws ShapeError, IndexError for a label that is no class, ArgumentError for lengths that do not fit
 * @differs the gradient is that of the logarithms; PyTorch's is meant for what goes into `logSoftmax`,
 *   where both are equal. The gradient of an infinite loss is 0 (in PyTorch NaN).
 * @source Graves et al. 2006, doi:10.1145/1143844.1143891
 */
export const ctcLoss = named(
  'ctcLoss',
  (
    logProbs: Tensor,
    targets: Tensor,
    inputLengths: CtcLengths,
    targetLengths: CtcLengths,
    options?: CtcLossOptions,
  ): Tensor => {
    checkTensors('ctcLoss', { logProbs, targets });
    const { blank, zeroInfinity, reduction } = readCtc('ctcLoss', options);
    requireFloats('ctcLoss', logProbs, 'logProbs');
    requireClasses('ctcLoss', targets);
    if ((logProbs.ndim !== 2 && logProbs.ndim !== 3) || logProbs.shape[0] === 0)
      throw new ShapeError('ctcLoss', 'logProbs needs steps, a batch and classes', [
        { name: 'logProbs', axes: '(T, N, C)', shape: logProbs.shape },
      ]);
    const alone = logProbs.ndim === 2;
    const x = alone ? logProbs.unsqueeze(1) : logProbs;
    const [steps, samples, classes] = x.shape as [number, number, number];
    if (blank >= classes)
      throw new ArgumentError('ctcLoss', `blank ${blank} is none of the ${classes} classes`);
    const [inputs, lengths] = [
      numbersOf('inputLengths', inputLengths),
      numbersOf('targetLengths', targetLengths),
    ];
    checkLengths('inputLengths', inputs, samples, 1, steps);
    const total = lengths.reduce((sum, n) => sum + n, 0);
    checkLengths(
      'targetLengths',
      lengths,
      samples,
      0,
      targets.ndim === 2 ? targets.shape[1]! : targets.count,
    );
    if (targets.ndim === 2 ? targets.shape[0] !== samples : targets.ndim !== 1 || targets.count !== total)
      throw new ShapeError('ctcLoss', 'targets need a row for each sequence, or all labels in one list', [
        { name: 'logProbs', axes: '(T, N, C)', shape: logProbs.shape },
        {
          name: 'targets',
          axes: '(N, S)',
          shape: targets.shape,
          note: `${total} labels in ${samples} targets`,
        },
      ]);
    const labels = labelsOf(targets, lengths);
    const bad = labels.flat().find((label) => label < 0 || label >= classes);
    if (bad !== undefined)
      throw new IndexError('ctcLoss', `label ${bad} is no class, there are ${classes} (0 to ${classes - 1})`);
    const paths = pathsOf(labels, blank, x);
    const places = paths.classes.shape[1]!;
    const emitted = x.gather(2, paths.classes.unsqueeze(0).expand([steps, samples, places])); // (T, N, P)
    const found = pathLikelihood(emitted, paths, inputs).neg();
    const losses = found.where(found.lt(-impossible / 2), zeroInfinity ? 0 : Number.POSITIVE_INFINITY);
    if (reduction !== 'mean') return reduceLosses(alone ? losses.squeeze(0) : losses, reduction);
    const divisors = int32Tensor(
      lengths.map((n) => Math.max(1, n)),
      x.engine,
    );
    return losses.div(divisors).mean();
  },
);
