import { requireList } from '../core/arguments.js';
import { plural } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { defineOptions, listOf, text } from '../core/options.js';
import { percent } from '../core/percent.js';
import { heading } from './chart.js';
import { requireMatrix } from './checks.js';
import { blues, ramp } from './colors.js';
import { Figure, titleSpec } from './figure.js';
import { cellLayers, cellText } from './heatmap.js';
import { cautiousPercent } from './text/numbers.js';

export interface ConfusionMatrixOptions {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** Names of the classes (default: their numbers). */
  readonly classes?: readonly string[] | undefined;
}

const confusionMatrixOptions = defineOptions({ ...titleSpec, classes: listOf(text(''), undefined) });

const axes = { xLabel: 'predicted class', yLabel: 'true class' };

/** The share of a row; nothing if the row is empty. */
const shareText = (share: number): string => (share === 0 ? '' : cautiousPercent(share));

function checkMatrix(matrix: readonly (readonly number[])[], classes: readonly string[] | undefined): void {
  requireMatrix('confusionMatrix', matrix);
  if (matrix.length !== matrix[0]!.length)
    throw new ArgumentError(
      'confusionMatrix',
      `needs one row and one column per class, got ${plural(matrix.length, 'row')} and ${plural(matrix[0]!.length, 'column')}`,
    );
  const wrong = matrix.flat().find((count) => !(Number.isFinite(count) && count >= 0));
  if (wrong !== undefined) throw new ArgumentError('confusionMatrix', `${wrong} isn't a number of examples`);
  if (classes && classes.length !== matrix.length)
    throw new ArgumentError(
      'confusionMatrix',
      `got ${plural(classes.length, 'name')} for ${plural(matrix.length, 'class', 'classes')}`,
    );
}

/**
 * How often examples of each class (row) were taken for each class (column): their number, and its share of the row,
 * whose square root is the color, so rare mistakes are visible. The share on the diagonal is the recall of the class.
 *
 * @throws ArgumentError for a matrix that isn't square, negative counts, or the wrong number of names
 * @example
 * const figure = viz.confusionMatrix([[48, 2], [5, 45]], { title: 'Test set', classes: ['cat', 'dog'] });
 * console.log(figure.toText());
 */
export function confusionMatrix(
  matrix: readonly (readonly number[])[],
  options: ConfusionMatrixOptions,
): Figure {
  requireList('confusionMatrix', 'matrix', matrix);
  confusionMatrixOptions('confusionMatrix', options);
  checkMatrix(matrix, options.classes);
  const names = options.classes ?? matrix.map((_, i) => String(i));
  const totals = matrix.map((row) => row.reduce((sum, count) => sum + count, 0));
  const share = (x: number, y: number): number => (totals[y]! > 0 ? matrix[y]![x]! / totals[y]! : 0);
  const total = totals.reduce((sum, count) => sum + count, 0);
  const right = matrix.reduce((sum, row, i) => sum + row[i]!, 0);
  const accuracy = total > 0 ? `${right} of ${total} right: ${percent(right / total, 2)}` : 'no examples';
  const cells = cellLayers(
    {
      texts: matrix.map((row, y) =>
        row.map((count, x) => [String(count), shareText(share(x, y))].filter((line) => line !== '')),
      ),
      colors: matrix.map((row, y) => row.map((_, x) => ramp(blues, Math.sqrt(share(x, y))))),
      xNames: names,
      yNames: names,
    },
    axes,
  );
  const spec = () => ({ title: heading(options, accuracy), ...cells });
  return new Figure(
    options.title,
    spec,
    (columns) => {
      const table = [
        ['', ...names, 'right'],
        ...matrix.map((row, y) => [names[y]!, ...row.map(String), shareText(share(y, y))]),
      ];
      const image = { width: names.length, height: names.length, at: share };
      return `${cellText({ ...options, ...axes }, table, image, 'shades: shares of the row', columns)}\n${accuracy}`;
    },
    false,
  );
}
