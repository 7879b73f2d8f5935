import { requireList } from '../core/arguments.js';
import { defineOptions, text } from '../core/options.js';
import { heading, numbers } from './chart.js';
import { requireSome } from './checks.js';
import { curveLayers, gapsOf, textLayers } from './curves.js';
import { Figure, type Series } from './figure.js';
import { type Axis, axisOf, linear } from './text/axis.js';
import { textPlot } from './text/plot.js';
import { faint } from './theme.js';

/** What was measured in one epoch, as the lines of `metrics.jsonl` have it. */
export interface EpochMetrics {
  readonly epoch: number;
  readonly train: Readonly<Record<string, number>>;
  readonly validation?: Readonly<Record<string, number>> | undefined;
  /** Number of the best epoch so far; the one on the last line is marked. */
  readonly bestEpoch?: number | undefined;
}

/** A line of `metrics.jsonl`. A line without an epoch, such as a test's result, is left out of the curves. */
export interface MetricsLine {
  readonly [name: string]: unknown;
}

const isEpoch = (line: EpochMetrics | MetricsLine): line is EpochMetrics =>
  typeof line?.epoch === 'number' && typeof line.train === 'object' && line.train !== null;

export interface LearningCurvesOptions {
  /** Default 'Learning curves'. */
  readonly title?: string;
  readonly subtitle?: string | undefined;
}

const learningCurvesOptions = defineOptions({
  title: text('Learning curves'),
  subtitle: text(undefined),
});

const SIZE = { width: 360, height: 240 };
/** Lines of a panel in the terminal. */
const ROWS = 11;
/** Epochs up to which each is marked. */
const FEW = 25;

/**
 * Each metric over the epochs, on the training data and, dashed, on the validation data, with one panel per
 * metric; `viz.learningCurves(run.metrics())` draws those of a run's folder. An epoch whose value isn't finite
 * leaves a gap, and the picture says so. The best epoch, if known, is marked.
 *
 * @throws ArgumentError without epochs or metrics
 * @example
 * const figure = viz.learningCurves(
 *   [
 *     { epoch: 1, train: { loss: 0.9 }, validation: { loss: 1.0, accuracy: 0.7 } },
 *     { epoch: 2, train: { loss: 0.5 }, validation: { loss: 0.7, accuracy: 0.8 } },
 *   ],
 *   { title: 'LeNet-5' },
 * );
 * console.log(figure.toText());
 */
export function learningCurves(
  lines: readonly (EpochMetrics | MetricsLine)[],
  options?: LearningCurvesOptions,
): Figure {
  requireList('learningCurves', 'lines', lines);
  return drawn(lines, learningCurvesOptions('learningCurves', options), {});
}

/** Epochs are whole numbers: a single one has half an epoch of room on both sides. */
function epochAxis(epochs: readonly number[]): Axis {
  const axis = axisOf(epochs);
  return new Set(epochs).size === 1 ? linear([epochs[0]! - 0.5, epochs[0]! + 0.5]) : axis;
}

/** Metrics whose values lie between 0 and 1. */
const SHARES = /accuracy|\bacc\b|f1|precision|recall|sensitivity|specificity|auc|iou|dice/i;

/** The axis of a metric; for shares, it stays between 0 and 1. */
function metricAxis(name: string, values: readonly number[]): Axis {
  const axis = axisOf(values);
  const isShare = SHARES.test(name) && values.every((value) => !(value < 0 || value > 1));
  return isShare ? linear([Math.max(0, axis.from), Math.min(1, axis.to)]) : axis;
}

function drawn(
  lines: readonly (EpochMetrics | MetricsLine)[],
  options: { readonly title: string; readonly subtitle?: string | undefined },
  /** Given axes of metrics; the others fit their curves. */
  given: Readonly<Record<string, Axis>>,
): Figure {
  const { title, subtitle } = options;
  const epochs = lines.filter(isEpoch);
  requireSome('learningCurves', 'epochs', epochs.length);
  const names = [
    ...new Set(epochs.flatMap(({ train, validation }) => Object.keys({ ...train, ...validation }))),
  ];
  requireSome('learningCurves', 'metrics', names.length);
  const hasValidation = epochs.some(({ validation }) => validation !== undefined);
  const curve = (name: string, of: 'train' | 'validation'): Series => {
    const measured = epochs.filter((epoch) => epoch[of]?.[name] !== undefined);
    return {
      name: of,
      x: measured.map(({ epoch }) => epoch),
      y: measured.map((epoch) => epoch[of]![name]!),
      dashed: of === 'validation',
      points: epochs.length <= FEW,
    };
  };
  const best = epochs.at(-1)!.bestEpoch;
  const bestMark = {
    data: { values: [{ best }] },
    mark: { type: 'rule' as const, color: faint, strokeDash: [2, 3] },
    encoding: { x: { field: 'best', type: 'quantitative' as const } },
  };
  const metrics = names.map((name) => {
    const curves = [curve(name, 'train'), ...(hasValidation ? [curve(name, 'validation')] : [])];
    const x = epochAxis(epochs.map(({ epoch }) => epoch));
    const y =
      given[name] ??
      metricAxis(
        name,
        curves.flatMap((each) => each.y),
      );
    return { name, curves, x, y, gaps: gapsOf(curves, {}) };
  });
  const concat = metrics.map(({ name, curves, x, y }) => ({
    ...SIZE,
    layer: [
      ...(best === undefined ? [] : [bestMark]),
      ...curveLayers(
        curves,
        {},
        {
          x: numbers('x', x, { label: 'epoch', across: true, whole: true, exact: true }),
          // A single curve has no legend to name it.
          y: numbers('y', y, { label: hasValidation ? name : `${name} (train)` }),
        },
      ),
    ],
  }));
  const marked = best === undefined ? undefined : `best epoch: ${best}`;
  const notes = metrics.flatMap(({ name, gaps }) => gaps.map((gap) => `${name}: ${gap}`));
  const spec = () => ({
    title: heading({ title, subtitle }, marked, ...notes),
    columns: 2,
    spacing: 28,
    concat,
  });
  const text = (columns: number, color: boolean): string =>
    [
      marked === undefined ? title : `${title}\n${marked}`,
      ...metrics.map(({ name, curves, x, y, gaps }) => {
        const measured = curves.filter((each) => each.y.length > 0);
        const of = measured.length === 1 ? ` (${measured[0]!.name})` : '';
        const layers = textLayers(measured);
        return textPlot(
          { title: name + of, xLabel: 'epoch', x, y, layers, notes: gaps, rows: ROWS },
          columns,
          color,
        );
      }),
    ].join('\n\n');
  return new Figure(title, spec, text, true, {
    axes: Object.fromEntries(metrics.map(({ name, y }) => [name, y])),
    redraw: (axes) => drawn(lines, options, axes),
  });
}
