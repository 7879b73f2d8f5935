import { int32Tensor } from '../../tensor/list.js';
import type { Tensor } from '../../tensor/tensor.js';
import { pad } from '../pad.js';

/** What connectionist temporal classification reads beside its input. */
export interface Sequences {
  /** The labels of all targets. */
  readonly labels: readonly number[];
  /** How many steps each input has. */
  readonly inputs: readonly number[];
  /** How many labels each target has, and where they begin. */
  readonly lengths: readonly number[];
  readonly offsets: readonly number[];
  /** The class that stands for no label. */
  readonly blank: number;
  readonly zeroInfinity: boolean;
}

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

function pathsOf({ labels: list, lengths, offsets, blank }: Sequences, x: Tensor): Paths {
  const labels = lengths.map((n, i) => list.slice(offsets[i]!, offsets[i]! + n));
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

/** The losses of log-probabilities x (T, N, C), made of operations, so that they can be differentiated twice. */
export function composedCtc(x: Tensor, sequences: Sequences): Tensor {
  const paths = pathsOf(sequences, x);
  const [steps, samples] = x.shape as [number, number];
  const places = paths.classes.shape[1]!;
  const emitted = x.gather(2, paths.classes.unsqueeze(0).expand([steps, samples, places])); // (T, N, P)
  const losses = pathLikelihood(emitted, paths, sequences.inputs).neg();
  return losses.where(losses.lt(-impossible / 2), sequences.zeroInfinity ? 0 : Number.POSITIVE_INFINITY);
}
