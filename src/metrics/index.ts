export { type KMeans, type KMeansOptions, kMeans } from '../analysis/kmeans/kmeans.js';
export { type Neighbors, nearestNeighbors } from '../analysis/nearest-neighbors.js';
export { type Pca, type PcaOptions, pca } from '../analysis/pca/pca.js';
export type { TsneProgress } from '../analysis/tsne/descent.js';
export { type TrustworthinessOptions, trustworthiness } from '../analysis/tsne/trustworthiness.js';
export { type Tsne, type TsneOptions, tsne } from '../analysis/tsne/tsne.js';
export { Accuracy, accuracy } from './accuracy.js';
export { AveragePrecision, type AveragePrecisionOptions, averagePrecision } from './average-precision.js';
export type { Average, AverageOptions } from './averaging.js';
export { BalancedAccuracy, type BalancedAccuracyOptions, balancedAccuracy } from './balanced-accuracy.js';
export type { ClassesOptions } from './class-counts.js';
export {
  ClassificationReport,
  type ClassificationReportOptions,
  classificationReport,
} from './classification-report.js';
export { ConfusionMatrix, type ConfusionMatrixOptions, confusionMatrix } from './confusion-matrix.js';
export { F1, f1 } from './f1.js';
export { imbalanceWarning, imbalanceWarningAsync } from './imbalance.js';
export { MeanAbsoluteError, meanAbsoluteError } from './mean-absolute-error.js';
export { MeanSquaredError, meanSquaredError } from './mean-squared-error.js';
export { Metric, type MetricState } from './metric.js';
export type { OutputOptions } from './outputs.js';
export { Perplexity, type PerplexityOptions, perplexity } from './perplexity.js';
export { Precision, precision } from './precision.js';
export {
  PrecisionRecallCurve,
  type PrecisionRecallPoints,
  precisionRecallCurve,
} from './precision-recall-curve.js';
export { R2, type R2Options, r2 } from './r2.js';
export { Recall, recall } from './recall.js';
export { RocAuc, type RocAucOptions, rocAuc } from './roc-auc.js';
export { RocCurve, type RocCurveOptions, type RocPoints, rocCurve } from './roc-curve.js';
export { TopK, topK } from './top-k.js';
