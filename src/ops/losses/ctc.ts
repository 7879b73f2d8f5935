import { grad } from '../../autograd/backward.js';
import { defineFused } from '../../autograd/fused.js';
import { requireNumbers } from '../../core/arguments.js';
import { plural } from '../../core/describe.js';
import { ArgumentError, IndexError, ShapeError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { defineOptions, flag, whole } from '../../core/options.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { inspect } from '../../tensor/inspect.js';
import { int32Tensor } from '../../tensor/list.js';
import { empty, Tensor } from '../../tensor/tensor.js';
import { afterwards, requireNow } from '../counted.js';
import { requireClasses } from './cross-entropy.js';
import { composedCtc, type Sequences } from './ctc-composed.js';
import { type LossOptions, lossOptions, reduceLosses, requireFloats } from './reduction.js';

export interface CtcLossOptions extends LossOptions {
  /** The class that means no label (default 0). */
  readonly blank?: number;
  /** Whether the loss of a target that doesn't fit in its input is 0 instead of infinite (default false). */
  readonly zeroInfinity?: boolean;
}

export const readCtc = defineOptions({
  blank: whole(0, { least: 0 }),
  zeroInfinity: flag(false),
  ...lossOptions,
});

/** The length of each sequence: numbers, or a tensor of integers. */
export type CtcLengths = Tensor | number | readonly number[];

function numbersOf(name: string, lengths: CtcLengths): number[] {
  requireNow('ctcLoss', lengths);
  if (lengths instanceof Tensor) return [...lengths.dataSync()];
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
    throw new ArgumentError(
      'ctcLoss',
      `${name} has ${plural(lengths.length, 'number')} for ${plural(samples, 'sequence')}`,
    );
  const bad = lengths.find((n) => !Number.isInteger(n) || n < least || n > most);
  if (bad !== undefined)
    throw new ArgumentError(
      'ctcLoss',
      `${name} must be whole numbers from ${least} to ${most}, one is ${bad}`,
    );
}

/** x (T, N, C), the labels of all targets, and lengths (3, N): steps, labels, and where the labels begin. */
const ctcOp = defineFused<'loss', [Tensor, Tensor, Tensor], Sequences>({
  name: 'ctcLoss',
  family: 'loss',
  composition: ([x, labels], sequences) => composedCtc(x, labels, sequences),
  forward(kernels, ctx, [input, labels, lengths], sequences) {
    const x = dense(input);
    const [steps, samples] = x.shape as [number, number];
    const places = 2 * sequences.lengths.reduce((most, n) => Math.max(most, n), 0) + 1;
    const losses = empty([samples], x.dtype, x.engine);
    const alphas = empty([samples, steps, places], x.dtype, x.engine);
    kernels.ctc(losses, alphas, x, labels, lengths, sequences);
    ctx.save(input, labels, lengths, losses, alphas);
    return losses;
  },
  backward(kernels, { saved, attrs }, g) {
    const [x, labels, lengths, losses, alphas] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
    const dx = empty(x.shape, x.dtype, x.engine);
    kernels.ctcBackward(dx, dense(g), losses, alphas, dense(x), labels, lengths, attrs);
    return [dx, null, null];
  },
  gradient: ({ saved: [x, labels], attrs }, g) => [
    ...grad(composedCtc(x!, labels!, attrs), [x!], { gradOutputs: [g], createGraph: true }),
    null,
    null,
  ],
});

/**
 * Connectionist temporal classification: −log of the probability that an input spells a target, summed over
 * all ways to spread its labels over the steps, with repeated labels and blanks between them. The mean first
 * divides each loss by its target's length.
 *
 * @param logProbs log-probabilities of the classes at each step
 * @param targets labels, padded to rows or concatenated
 * @param inputLengths the number of steps in each sequence
 * @param targetLengths the number of labels in each target
 * @shape logProbs (T, N, C), targets (N, S) or (Σ lengths); or (T, C) and (S)
 * @throws ShapeError, IndexError for a label that isn't a class, ArgumentError for lengths that don't fit
 * @differs the gradient is that of the logarithms; PyTorch's is meant for the input of `logSoftmax`,
 *   where both are equal. The gradient of an infinite loss is 0 (NaN in PyTorch).
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
      throw new ShapeError('ctcLoss', 'logProbs needs steps, a batch, and classes', [
        { name: 'logProbs', axes: '(T, N, C)', shape: logProbs.shape },
      ]);
    const alone = logProbs.ndim === 2;
    const x = alone ? logProbs.unsqueeze(1) : logProbs;
    const [steps, samples, classes] = x.shape as [number, number, number];
    if (blank >= classes)
      throw new ArgumentError('ctcLoss', `blank ${blank} isn't one of the ${classes} classes`);
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
      throw new ShapeError('ctcLoss', 'targets need one row for each sequence, or all labels in one list', [
        { name: 'logProbs', axes: '(T, N, C)', shape: logProbs.shape },
        {
          name: 'targets',
          axes: '(N, S)',
          shape: targets.shape,
          note: `${total} labels in ${samples} targets`,
        },
      ]);
    const rowWidth = targets.ndim === 2 ? targets.shape[1]! : null;
    let next = 0;
    const offsets = lengths.map((n, i) => {
      const start = rowWidth === null ? next : i * rowWidth;
      next += n;
      return start;
    });
    const given = dense(targets.dtype === 'int32' ? targets : targets.to('int32'));
    inspect(given, (list) => {
      for (let i = 0; i < samples; i++)
        for (let k = offsets[i]!; k < offsets[i]! + lengths[i]!; k++) {
          const label = list[k]!;
          if (label < 0 || label >= classes)
            return new IndexError(
              'ctcLoss',
              `label ${label} isn't a class; there are ${classes} (0 to ${classes - 1})`,
            );
        }
      return null;
    });
    const table = int32Tensor([...inputs, ...lengths, ...offsets], x.engine, [3, samples]);
    const losses = ctcOp([x, given, table], { inputs, lengths, offsets, blank, zeroInfinity });
    if (reduction !== 'mean') return reduceLosses(alone ? losses.squeeze(0) : losses, reduction);
    const divisors = int32Tensor(
      lengths.map((n) => Math.max(1, n)),
      x.engine,
    );
    return losses.div(divisors).mean();
  },
);

/** Async `ctcLoss`, which also works on engines whose results arrive later if lengths are tensors. */
export const ctcLossAsync = named(
  'ctcLossAsync',
  async (
    logProbs: Tensor,
    targets: Tensor,
    inputLengths: CtcLengths,
    targetLengths: CtcLengths,
    options?: CtcLossOptions,
  ): Promise<Tensor> => {
    const numbers = async (lengths: CtcLengths): Promise<Exclude<CtcLengths, Tensor>> =>
      lengths instanceof Tensor ? [...(await lengths.data())] : lengths;
    return afterwards(Promise.all([numbers(inputLengths), numbers(targetLengths)]), ([inputs, lengths]) =>
      ctcLoss(logProbs, targets, inputs, lengths, options),
    );
  },
);
