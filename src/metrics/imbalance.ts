import { ShapeError } from '../core/errors.js';
import { percent } from '../core/percent.js';
import type { Tensor } from '../index.js';
import { requireNow } from '../ops/counted.js';
import { checkTensors } from '../tensor/argument.js';
import { divided, plainMean } from './averaging.js';
import { ClassCounts } from './class-counts.js';
import type { Values } from './elements.js';
import { f1Ratio } from './f1.js';

/** Classes are imbalanced if the most frequent is at least this many times as frequent as the rarest. */
const IMBALANCED = 3;
/** Accuracy is misleading if it exceeds macro F1 by more than this. */
const GAP = 0.05;

/** `imbalanceWarning` from the counts of each class. */
export function imbalanceOf(counts: ClassCounts, nameOf: (label: number) => string): string | undefined {
  const classes = [...counts.actual.keys()].filter((label) => counts.actual[label]! > 0);
  const byFrequency = classes.toSorted((a, b) => counts.actual[b]! - counts.actual[a]!);
  const [most, rarest] = [byFrequency[0], byFrequency.at(-1)];
  if (most === undefined || rarest === undefined) return undefined;
  const [frequent, rare] = [counts.actual[most]!, counts.actual[rarest]!];
  if (frequent < IMBALANCED * rare) return undefined;
  const sum = (numbers: Float64Array): number => numbers.reduce((a, b) => a + b, 0);
  const total = sum(counts.actual);
  const accuracy = sum(counts.hits) / total;
  const f1 = (label: number): number => divided(f1Ratio(counts.of(label)), 0);
  const macro = plainMean(
    counts.occurring().map((label) => counts.of(label)),
    f1Ratio,
    0,
  );
  if (accuracy - macro <= GAP && accuracy > frequent / total) return undefined;
  const worst = classes.reduce((a, b) => (f1(b) < f1(a) ? b : a));
  return (
    `accuracy ${percent(accuracy)} is misleading because the classes are imbalanced (${frequent} examples of ` +
    `${nameOf(most)}, ${rare} of ${nameOf(rarest)}): always predicting ${nameOf(most)} would score ` +
    `${percent(frequent / total)}; macro F1 is ${macro.toFixed(3)}, lowest for ${nameOf(worst)} at ${f1(worst).toFixed(3)}`
  );
}

/**
 * A warning to show with a misleading accuracy, or undefined if the accuracy is fine. Accuracy is misleading if
 * classes are imbalanced (the most frequent has at least three times as many examples as the rarest) and it's more
 * than 0.05 above macro F1 or no better than always predicting the most frequent class.
 *
 * @param confusion rows are true classes, columns predicted ones, as in `confusionMatrix`. @shape (C, C)
 * @param names of the classes, indexed by class
 * @throws ShapeError unless the matrix is square; EngineError if its elements arrive later
 * @source notes 1.3, 2.12 (accuracy is for balanced classes, F1 for others)
 * @example
 * const labels = tensor([...Array(95).fill(0), ...Array(5).fill(1)]);
 * const confusion = metrics.confusionMatrix(zeros([100]), labels);
 * console.log(metrics.imbalanceWarning(confusion));
 */
export function imbalanceWarning(confusion: Tensor, names: readonly string[] = []): string | undefined {
  requireSquare(confusion);
  requireNow('imbalanceWarning', confusion);
  return warningOf(confusion.dataSync(), confusion.shape[0]!, names);
}

/** As `imbalanceWarning`, on every engine: waits for the matrix. */
export async function imbalanceWarningAsync(
  confusion: Tensor,
  names: readonly string[] = [],
): Promise<string | undefined> {
  requireSquare(confusion);
  return warningOf(await confusion.data(), confusion.shape[0]!, names);
}

function requireSquare(confusion: Tensor): void {
  checkTensors('imbalanceWarning', { confusion });
  if (confusion.ndim !== 2 || confusion.shape[0] !== confusion.shape[1])
    throw new ShapeError('imbalanceWarning', 'the confusion matrix must be square', [
      { name: 'confusion', axes: '(C, C)', shape: confusion.shape },
    ]);
}

function warningOf(rows: Values, classes: number, names: readonly string[]): string | undefined {
  const counts = new ClassCounts();
  counts.grow(classes);
  for (let i = 0; i < rows.length; i++) {
    const [label, predicted] = [Math.floor(i / classes), i % classes];
    counts.actual[label]! += rows[i]!;
    counts.predicted[predicted]! += rows[i]!;
    if (label === predicted) counts.hits[label]! += rows[i]!;
  }
  return imbalanceOf(counts, (label) => names[label] ?? `class ${label}`);
}
