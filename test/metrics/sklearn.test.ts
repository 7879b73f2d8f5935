/** Metrics against scikit-learn's, recorded by test/record/record-metrics.py. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { setEngine, type Tensor, tensor } from '../../src/index.js';
import * as metrics from '../../src/metrics/index.js';
import { allEngines } from '../helpers/engines.js';
import { array, item, m } from './measures.js';

type Values = number | readonly number[];

interface ClassCase {
  readonly name: string;
  readonly predicted: number[];
  readonly labels: number[];
  readonly accuracy: number;
  readonly balanced: number;
  readonly adjusted: number | null;
  readonly averages: readonly (metrics.AverageOptions & {
    readonly values: readonly [Values, Values, Values];
  })[];
  readonly confusion: Readonly<Record<'None' | 'true' | 'pred' | 'all', number[][]>>;
  readonly reversed: number[][];
  readonly reports: readonly {
    readonly options: metrics.ClassificationReportOptions;
    readonly text: string;
  }[];
}

interface RankingCase {
  readonly name: string;
  readonly scores: number[];
  readonly labels: number[];
  readonly rocAuc: number;
  readonly averagePrecision: number;
  readonly rocCurve: readonly [number[], number[], number[]];
  readonly rocCurveWhole: readonly [number[], number[], number[]];
  readonly precisionRecallCurve: readonly [number[], number[], number[]];
}

interface MulticlassCase {
  readonly name: string;
  readonly scores: number[][];
  readonly labels: number[];
  readonly ovr: Readonly<Record<'macro' | 'weighted' | 'None', Values>>;
  readonly ovo: Readonly<Record<'macro' | 'weighted', number>>;
  readonly averagePrecision: Readonly<Record<'macro' | 'weighted' | 'None', Values>>;
}

type Regression = Readonly<Record<'uniform_average' | 'raw_values', Values>>;

interface RegressionCase {
  readonly name: string;
  readonly predictions: number[] | number[][];
  readonly targets: number[] | number[][];
  readonly meanSquaredError: Regression;
  readonly meanAbsoluteError: Regression;
  readonly r2: Regression & { readonly variance_weighted: number };
}

interface WeightedCase {
  readonly name: string;
  readonly predicted: number[];
  readonly labels: number[];
  readonly scores: number[][];
  readonly weights: number[];
  readonly accuracy: number;
  readonly balanced: number;
  readonly topK: number | null;
  readonly confusion: number[][];
  readonly averages: Readonly<
    Record<'micro' | 'macro' | 'weighted' | 'none', readonly [Values, Values, Values]>
  >;
}

interface WeightedRegression {
  readonly predictions: number[][];
  readonly targets: number[][];
  readonly weights: number[];
  readonly meanSquaredError: number;
  readonly meanAbsoluteError: number;
  readonly r2: number;
}

const recorded = JSON.parse(
  gunzipSync(readFileSync(new URL('../recordings/metrics.json.gz', import.meta.url))).toString(),
) as {
  readonly classification: readonly ClassCase[];
  readonly ranking: readonly RankingCase[];
  readonly multiclass: readonly MulticlassCase[];
  readonly topK: { readonly scores: number[][]; readonly labels: number[]; readonly shares: number[] };
  readonly regression: readonly RegressionCase[];
  readonly weighted: {
    readonly classification: readonly WeightedCase[];
    readonly multilabel: Pick<WeightedCase, 'accuracy' | 'averages' | 'weights'> & {
      readonly predicted: number[][];
      readonly labels: number[][];
    };
    readonly ranking: Pick<RankingCase, 'labels' | 'scores' | 'rocAuc' | 'averagePrecision'> & {
      readonly weights: number[];
      readonly rocCurve: readonly [number[], number[]];
      readonly classes: number[];
      readonly chances: number[][];
      readonly ovr: Readonly<Record<'macro' | 'weighted', number>>;
    };
    readonly regression: WeightedRegression;
  };
};

const ints = (values: readonly number[]): Tensor => tensor([...values], { dtype: 'int32' });
const double = (values: number[] | number[][]): Tensor => tensor(values, { dtype: 'float64' });

/** Equal up to the rounding of a sum. */
async function expectClose(result: Tensor | Promise<Tensor>, want: Values): Promise<void> {
  const got = await result;
  const values = [...(await got.data())];
  const wanted = [want].flat();
  expect(got.dtype).toBe('float64');
  expect(values).toHaveLength(wanted.length);
  values.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(wanted[i]!)));
  });
}

describe.each(allEngines)('on %s', (engine) => {
  setEngine(engine);
  beforeAll(() => setEngine(engine));

  describe.each(recorded.classification)('$name', (recorded) => {
    const predicted = ints(recorded.predicted);
    const labels = ints(recorded.labels);

    test('accuracy, balanced accuracy', async () => {
      await expectClose(m.accuracy(predicted, labels), recorded.accuracy);
      await expectClose(m.balancedAccuracy(predicted, labels), recorded.balanced);
      if (recorded.adjusted !== null)
        await expectClose(m.balancedAccuracy(predicted, labels, { adjusted: true }), recorded.adjusted);
    });

    test('precision, recall and F1 of every average, with nothing to divide by', async () => {
      for (const { values, ...options } of recorded.averages) {
        await expectClose(m.precision(predicted, labels, options), values[0]);
        await expectClose(m.recall(predicted, labels, options), values[1]);
        await expectClose(m.f1(predicted, labels, options), values[2]);
      }
    });

    test('confusion matrix', async () => {
      const { None: counts, ...normalized } = recorded.confusion;
      expect(await array(m.confusionMatrix(predicted, labels))).toEqual(counts);
      for (const normalize of ['true', 'pred', 'all'] as const) {
        const matrix = await m.confusionMatrix(predicted, labels, { normalize });
        await expectClose(matrix, normalized[normalize].flat());
        expect(matrix.shape).toEqual([counts.length, counts.length]);
      }
      const reversed = [...counts.keys()].reverse();
      const chosen = await m.confusionMatrix(predicted, labels, { labels: reversed });
      expect(await chosen.toArray()).toEqual(recorded.reversed);
    });

    test('report', async () => {
      for (const { options, text } of recorded.reports) {
        const report = await m.classificationReport(predicted, labels, options);
        const [table] = report.split('\n\nwarning: ');
        expect(table).toBe(text.trimEnd());
      }
    });
  });

  describe.each(recorded.ranking)('$name', (recorded) => {
    const scores = double(recorded.scores);
    const labels = ints(recorded.labels);

    test('areas under the curves', async () => {
      await expectClose(m.rocAuc(scores, labels), recorded.rocAuc);
      await expectClose(m.averagePrecision(scores, labels), recorded.averagePrecision);
    });

    test('ROC curve', async () => {
      for (const [dropIntermediate, [fpr, tpr, thresholds]] of [
        [true, recorded.rocCurve],
        [false, recorded.rocCurveWhole],
      ] as const) {
        const curve = await m.rocCurve(scores, labels, { dropIntermediate });
        await expectClose(curve.fpr, fpr);
        await expectClose(curve.tpr, tpr);
        expect((await curve.thresholds.data())[0]).toBe(Number.POSITIVE_INFINITY);
        await expectClose(curve.thresholds.narrow(0, 1, thresholds.length), thresholds);
      }
    });

    test('precision-recall curve', async () => {
      const [precision, recall, thresholds] = recorded.precisionRecallCurve;
      const curve = await m.precisionRecallCurve(scores, labels);
      await expectClose(curve.precision, precision);
      await expectClose(curve.recall, recall);
      await expectClose(curve.thresholds, thresholds);
    });
  });

  test.each(recorded.multiclass)('several classes: $name', async (recorded) => {
    const scores = double(recorded.scores);
    const labels = ints(recorded.labels);
    await expectClose(m.rocAuc(scores, labels), recorded.ovr.macro);
    for (const average of ['macro', 'weighted', 'none'] as const) {
      const key = average === 'none' ? 'None' : average;
      await expectClose(m.rocAuc(scores, labels, { average }), recorded.ovr[key]);
      await expectClose(m.averagePrecision(scores, labels, { average }), recorded.averagePrecision[key]);
      if (average !== 'none')
        await expectClose(m.rocAuc(scores, labels, { multiClass: 'ovo', average }), recorded.ovo[average]);
    }
  });

  test('top-k', async () => {
    const scores = double(recorded.topK.scores);
    const labels = ints(recorded.topK.labels);
    for (const [i, share] of recorded.topK.shares.entries())
      await expectClose(m.topK(scores, labels, i + 1), share);
  });

  test.each(recorded.regression)('regression: $name', async (recorded) => {
    const predictions = double(recorded.predictions);
    const targets = double(recorded.targets);
    for (const multioutput of ['uniform_average', 'raw_values'] as const) {
      const options = { multioutput };
      await expectClose(
        m.meanSquaredError(predictions, targets, options),
        recorded.meanSquaredError[multioutput],
      );
      await expectClose(
        m.meanAbsoluteError(predictions, targets, options),
        recorded.meanAbsoluteError[multioutput],
      );
      await expectClose(m.r2(predictions, targets, options), recorded.r2[multioutput]);
    }
    const weighted = m.r2(predictions, targets, { multioutput: 'variance_weighted' });
    await expectClose(weighted, recorded.r2.variance_weighted);
  });

  describe.each(recorded.weighted.classification)('weights and an ignored label: $name', (recorded) => {
    const predicted = ints(recorded.predicted);
    const labels = ints(recorded.labels);
    const options = { ignoreIndex: -100, sampleWeight: double(recorded.weights) };

    test('in one call', async () => {
      await expectClose(m.accuracy(predicted, labels, options), recorded.accuracy);
      await expectClose(m.balancedAccuracy(predicted, labels, options), recorded.balanced);
      await expectClose(m.confusionMatrix(predicted, labels, options), recorded.confusion.flat());
      for (const average of ['micro', 'macro', 'weighted', 'none'] as const) {
        const [precision, recall, f1] = recorded.averages[average];
        await expectClose(m.precision(predicted, labels, { average, ...options }), precision);
        await expectClose(m.recall(predicted, labels, { average, ...options }), recall);
        await expectClose(m.f1(predicted, labels, { average, ...options }), f1);
      }
      const scores = double(recorded.scores);
      if (recorded.topK !== null) await expectClose(m.topK(scores, labels, 2, options), recorded.topK);
      const { ignoreIndex, sampleWeight } = options;
      await expectClose(
        m.accuracy(scores, labels, options),
        await item(m.topK(scores, labels, 1, { ignoreIndex, sampleWeight })),
      );
    });

    test('in batches, from a state, too', async () => {
      const { ignoreIndex, sampleWeight } = options;
      const make = () => [
        new metrics.Accuracy({ ignoreIndex }),
        new metrics.F1({ average: 'macro', ignoreIndex }),
        new metrics.ConfusionMatrix({ ignoreIndex }),
      ];
      const [first, second] = [make(), make()];
      const part = (x: Tensor, start: number): Tensor => x.narrow(0, start, 20);
      for (const [i, metric] of first.entries()) {
        metric.update(part(predicted, 0), part(labels, 0), { sampleWeight: part(sampleWeight, 0) });
        await metric.settled();
        second[i]!.loadStateDict(metric.stateDict());
        second[i]!.update(part(predicted, 20), part(labels, 20), { sampleWeight: part(sampleWeight, 20) });
      }
      const [accuracy, f1, confusion] = second.map((metric) => metric.computeAsync());
      await expectClose(accuracy!, recorded.accuracy);
      await expectClose(f1!, recorded.averages.macro[2]);
      await expectClose(confusion!, recorded.confusion.flat());
    });
  });

  test('weighted regression', async () => {
    const { predictions, targets, weights, ...wanted } = recorded.weighted.regression;
    const [guess, truth, sampleWeight] = [double(predictions), double(targets), double(weights)];
    await expectClose(m.meanSquaredError(guess, truth, { sampleWeight }), wanted.meanSquaredError);
    await expectClose(m.meanAbsoluteError(guess, truth, { sampleWeight }), wanted.meanAbsoluteError);
    await expectClose(m.r2(guess, truth, { sampleWeight }), wanted.r2);
    const whole = await m.r2(guess.narrow(0, 0, 6), truth.narrow(0, 0, 6));
    const zeros = tensor([1, 1, 1, 1, 1, 1, ...new Array<number>(19).fill(0)]);
    await expectClose(m.r2(guess, truth, { sampleWeight: zeros }), await whole.item());
  });

  test('several labels per example', async () => {
    const { averages, accuracy, ...recordedRows } = recorded.weighted.multilabel;
    const [predicted, labels] = [tensor(recordedRows.predicted), tensor(recordedRows.labels)];
    const sampleWeight = double(recordedRows.weights);
    await expectClose(m.accuracy(predicted, labels, { sampleWeight }), accuracy);
    for (const average of ['micro', 'macro', 'weighted', 'none'] as const) {
      const [precision, recall, f1] = averages[average];
      await expectClose(m.precision(predicted, labels, { average, sampleWeight }), precision);
      await expectClose(m.recall(predicted, labels.to('bool'), { average, sampleWeight }), recall);
      const inBatches = new metrics.F1({ average });
      for (const start of [0, 15]) {
        const part = (x: Tensor): Tensor => x.narrow(0, start, 15);
        inBatches.update(part(predicted), part(labels), { sampleWeight: part(sampleWeight) });
      }
      await expectClose(inBatches.computeAsync(), f1);
    }
  });

  test('weighted areas under curves', async () => {
    const { weights, rocCurve, classes, chances, ovr, ...wanted } = recorded.weighted.ranking;
    const [scores, labels, sampleWeight] = [double(wanted.scores), ints(wanted.labels), double(weights)];
    await expectClose(m.rocAuc(scores, labels, { sampleWeight }), wanted.rocAuc);
    await expectClose(m.averagePrecision(scores, labels, { sampleWeight }), wanted.averagePrecision);
    const curve = await m.rocCurve(scores, labels, { dropIntermediate: false, sampleWeight });
    await expectClose(curve.fpr, rocCurve[0]);
    await expectClose(curve.tpr, rocCurve[1]);
    const { precision, recall } = await m.precisionRecallCurve(scores, labels, { sampleWeight });
    expect([precision.shape, recall.shape]).toEqual([curve.fpr.shape, curve.fpr.shape]);
    for (const average of ['macro', 'weighted'] as const)
      await expectClose(m.rocAuc(double(chances), ints(classes), { average, sampleWeight }), ovr[average]);
    await expect(
      m.rocAuc(double(chances), ints(classes), { multiClass: 'ovo', sampleWeight }),
    ).rejects.toThrow("sampleWeight is for 'ovr'; pairs of classes have no weights");
    const inBatches = new metrics.RocAuc();
    inBatches.update(scores.narrow(0, 0, 10), labels.narrow(0, 0, 10), {
      sampleWeight: sampleWeight.narrow(0, 0, 10),
    });
    await inBatches.settled();
    const again = new metrics.RocAuc();
    again.loadStateDict(inBatches.stateDict());
    again.update(scores.narrow(0, 10, 30), labels.narrow(0, 10, 30), {
      sampleWeight: sampleWeight.narrow(0, 10, 30),
    });
    await expectClose(again.computeAsync(), wanted.rocAuc);
  });
});
