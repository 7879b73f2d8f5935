/** Entry `myelin/viz`: pictures of data and of training. */

export { activations, type LayerValues, layerOutputs } from './activations.js';
export { type Bar, type BarChartOptions, barChart } from './bar-chart.js';
export { type ConfusionMatrixOptions, confusionMatrix } from './confusion-matrix.js';
export { contour, type Surface } from './contour.js';
export { type DecisionBoundaryOptions, decisionBoundary } from './decision-boundary.js';
export { type ChartOptions, Figure, type Series, type TextOptions } from './figure.js';
export { type HeatmapOptions, heatmap } from './heatmap.js';
export { type HistogramOptions, histogram, type Sample } from './histogram.js';
export { type ImageGridOptions, imageGrid } from './image-grid.js';
export { type EpochMetrics, learningCurves, type MetricsLine } from './learning-curves.js';
export { lineChart } from './line-chart.js';
export { type PanelsOptions, panels } from './panels.js';
export {
  type ParallelAxis,
  type ParallelCoordinatesOptions,
  parallelCoordinates,
} from './parallel-coordinates.js';
export { toPng } from './png.js';
export { saveFigure } from './save.js';
export { type Points, scatter } from './scatter.js';
export type { Spec } from './spec.js';
export { toSvg } from './svg.js';
export { weights } from './weights.js';
