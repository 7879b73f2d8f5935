import { filled } from '../../tensor/filled.js';
import { int32Tensor } from '../../tensor/list.js';
import type { Tensor } from '../../tensor/tensor.js';
import { pad } from '../shape/pad.js';

/** What connectionist temporal classification reads besides its input. */
export interface Sequences {
  /** The number of steps in each input. */
  readonly inputs: readonly number[];
  /** The number of labels in each target, and where they begin. */
  readonly lengths: readonly number[];
  readonly offsets: readonly number[];
  /** The class that means no label. */
  readonly blank: number;
  readonly zeroInfinity: boolean;
}

/** The logarithm of an impossible alignment; finite, so its gradient is 0 and not NaN. */
const impossible = -1e30;

/** Targets with a blank before, between, and after their labels, as rows of the same length. */
interface Paths {
  /** The class at each place. @shape (N, P) */
  readonly classes: Tensor;
  /** Whether a place may be reached from two places earlier: a different label, so no blank is needed. @shape (N, P) */
  readonly skips: Tensor;
  /** The places where an alignment may end: the last blank and the last label. @shape (N, 2) */
  readonly ends: Tensor;
  /** Which of these exist; a target without labels has only one. @shape (N, 2) */
  readonly endExists: Tensor;
}

function pathsOf(labels: Tensor, { lengths, offsets, blank }: Sequences): Paths {
  const { engine } = labels;
  const width = 2 * Math.max(1, ...lengths) + 1;
  const shape = [lengths.length, width];
  const table = (element: (row: number, place: number) => number): Tensor => {
    const rows = lengths.map((_, row) => Array.from({ length: width }, (_, place) => element(row, place)));
    return int32Tensor(rows.flat(), engine, shape);
  };
  const isLabel = (row: number, place: number): boolean => place % 2 === 1 && place < 2 * lengths[row]!;
  const classes =
    labels.count === 0
      ? filled(shape, 'int32', engine, blank)
      : labels
          .take(table((row, place) => (isLabel(row, place) ? offsets[row]! + (place - 1) / 2 : 0)))
          .where(table((row, place) => Number(isLabel(row, place))).to('bool'), blank);
  const hasBefore = table((row, place) => Number(isLabel(row, place) && place >= 2)).to('bool');
  const before = pad(classes, [2, -2], { value: blank });
  const differs = classes.ne(before).logicalAnd(classes.ne(blank));
  const pairs = (ends: readonly number[]): Tensor => int32Tensor(ends, engine, [lengths.length, 2]);
  return {
    classes,
    skips: differs.logicalAnd(hasBefore),
    ends: pairs(lengths.flatMap((n) => [2 * n, Math.max(0, 2 * n - 1)])),
    endExists: pairs(lengths.flatMap((n) => [1, Math.min(1, n)])).to('bool'),
  };
}

/** The logarithm of each path's probability. @param emitted the log-probability of each place's class (T, N, P) */
function pathLikelihood(emitted: Tensor, paths: Paths, inputLengths: readonly number[]): Tensor {
  const [steps, samples, places] = emitted.shape as [number, number, number];
  const rows = emitted.unbind(0);
  const isStart = int32Tensor(
    Array.from({ length: places }, (_, p) => Number(p < 2)),
    emitted.engine,
  ).to('bool');
  // Before the first step, only the first place is reached, with nothing emitted; a blank or the first label follows.
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
 * The losses of log-probabilities x (T, N, C) and the labels of all targets, composed of operations so they can be
 * differentiated twice.
 */
export function composedCtc(x: Tensor, labels: Tensor, sequences: Sequences): Tensor {
  const paths = pathsOf(labels, sequences);
  const [steps, samples] = x.shape as [number, number];
  const places = paths.classes.shape[1]!;
  const emitted = x.gather(2, paths.classes.unsqueeze(0).expand([steps, samples, places])); // (T, N, P)
  const losses = pathLikelihood(emitted, paths, sequences.inputs).neg();
  return losses.where(losses.lt(-impossible / 2), sequences.zeroInfinity ? 0 : Number.POSITIVE_INFINITY);
}
