import { requireList } from '../core/arguments.js';
import { heading, numbers, sizeOf } from './chart.js';
import { requireSome } from './checks.js';
import { checkCurves, curveLayers, gapsOf, textLayers } from './curves.js';
import { type ChartOptions, chartOptions, Figure, type Series } from './figure.js';
import { type Axis, axisOf } from './text/axis.js';
import { textPlot } from './text/plot.js';

/**
 * Curves over a common axis. A value that isn't finite leaves a gap, and the picture says so.
 *
 * @throws ArgumentError without series or values, or if a series doesn't have as many x as y
 * @example
 * const x = [1, 10, 100, 1000];
 * const figure = viz.lineChart(
 *   [
 *     { name: 'train', x, y: [2.3, 0.9, 0.2, 0.01] },
 *     { name: 'validation', x, y: [2.3, 1.0, 0.5, 0.6], dashed: true },
 *   ],
 *   { title: 'Loss', xLabel: 'step', xLog: true },
 * );
 * console.log(figure.toText());
 */
export function lineChart(curves: readonly Series[], options: ChartOptions): Figure {
  requireList('lineChart', 'curves', curves);
  chartOptions('lineChart', options);
  checkCurves('lineChart', curves);
  requireSome('lineChart', 'series', curves.length);
  requireSome('lineChart', 'values', Math.max(...curves.map(({ x }) => x.length)));
  const y = axisOf(
    curves.flatMap((curve) => curve.y),
    options.yLog,
  );
  return drawn(curves, options, y);
}

function drawn(curves: readonly Series[], options: ChartOptions, y: Axis): Figure {
  const { title, xLabel, yLabel, xLog } = options;
  const gaps = gapsOf(curves, options);
  const x = axisOf(
    curves.flatMap((curve) => curve.x),
    xLog,
  );
  const whole = curves.every((curve) => curve.x.every(Number.isInteger));
  const roomy = curves.some(({ points }) => points === 'only');
  const axes = {
    x: numbers('x', x, { label: xLabel, roomy, across: true, whole: whole && !xLog }),
    y: numbers('y', y, { label: yLabel, roomy }),
  };
  const spec = () => ({
    title: heading(options, ...gaps),
    ...sizeOf(options),
    layer: curveLayers(curves, options, axes),
  });
  return new Figure(
    title,
    spec,
    (columns, color) =>
      textPlot({ ...options, x, y, layers: textLayers(curves), notes: gaps }, columns, color),
    true,
    { axes: { y }, redraw: (shared) => drawn(curves, options, shared.y!) },
  );
}
