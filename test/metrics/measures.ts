import { expect } from 'vitest';
import { EngineError } from '../../src/core/errors.js';
import { currentEngine } from '../../src/engine/registry.js';
import type { Tensor } from '../../src/index.js';
import * as metrics from '../../src/metrics/index.js';

type Weighted = { readonly sampleWeight?: Tensor };
type Measure<O, R> = (predicted: Tensor, labels: Tensor, options?: O & Weighted) => R;

/**
 * A function of `metrics` on every engine: at once, or, if results arrive later, with the class that its error names.
 */
function measure<O extends object, R>(
  atOnce: Measure<O, R>,
  make: (options?: O) => metrics.Metric<[Tensor, Tensor, Weighted?], R>,
): Measure<O, Promise<R>> {
  return async (predicted, labels, options) => {
    if (currentEngine().synchronous) return atOnce(predicted, labels, options);
    const { sampleWeight, ...own } = options ?? {};
    const weights =
      options !== undefined && 'sampleWeight' in options ? ({ sampleWeight } as Weighted) : undefined;
    const metric = make(options && (own as unknown as O)).update(predicted, labels, weights);
    if (predicted.count > 0) {
      const hint = `await new metrics.${metric.constructor.name}(…).update(…).computeAsync(); a Trainer has the option metrics`;
      const wanted = `: results arrive later on the reference engine\n  hint: ${hint}`;
      expect(() => atOnce(predicted, labels, options)).toThrow(EngineError);
      expect(() => atOnce(predicted, labels, options)).toThrow(wanted);
    }
    return metric.computeAsync();
  };
}

export const m = {
  /** Needs no read of its own on any engine; the next one throws what's wrong with the elements. */
  accuracy: async (...args: Parameters<typeof metrics.accuracy>) => {
    const result = metrics.accuracy(...args);
    await result.item();
    return result;
  },
  averagePrecision: measure(metrics.averagePrecision, (own) => new metrics.AveragePrecision(own)),
  balancedAccuracy: measure(metrics.balancedAccuracy, (own) => new metrics.BalancedAccuracy(own)),
  classificationReport: measure(metrics.classificationReport, (own) => new metrics.ClassificationReport(own)),
  confusionMatrix: measure(metrics.confusionMatrix, (own) => new metrics.ConfusionMatrix(own)),
  f1: measure(metrics.f1, (own) => new metrics.F1(own)),
  meanAbsoluteError: measure(metrics.meanAbsoluteError, (own) => new metrics.MeanAbsoluteError(own)),
  meanSquaredError: measure(metrics.meanSquaredError, (own) => new metrics.MeanSquaredError(own)),
  precision: measure(metrics.precision, (own) => new metrics.Precision(own)),
  precisionRecallCurve: measure(metrics.precisionRecallCurve, () => new metrics.PrecisionRecallCurve()),
  r2: measure(metrics.r2, (own) => new metrics.R2(own)),
  recall: measure(metrics.recall, (own) => new metrics.Recall(own)),
  rocAuc: measure(metrics.rocAuc, (own) => new metrics.RocAuc(own)),
  rocCurve: measure(metrics.rocCurve, (own) => new metrics.RocCurve(own)),
  topK: (scores: Tensor, labels: Tensor, k: number, options?: Parameters<typeof metrics.topK>[3]) =>
    measure(
      (x, y, all: typeof options) => metrics.topK(x, y, k, all),
      (own) => new metrics.TopK(k, own),
    )(scores, labels, options),
  imbalanceWarning: async (confusion: Tensor, names?: readonly string[]) =>
    currentEngine().synchronous
      ? metrics.imbalanceWarning(confusion, names)
      : metrics.imbalanceWarningAsync(confusion, names),
};

/** The value of a result. */
export const item = async (result: Promise<Tensor>): Promise<number> => (await result).item();

/** The values of a result. */
export const array = async (result: Promise<Tensor>) => (await result).toArray();
