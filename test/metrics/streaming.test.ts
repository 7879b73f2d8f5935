import { beforeAll, describe, expect, test } from 'vitest';
import { manualSeed, rand, randint, randn, setEngine, Tensor, tidy } from '../../src/index.js';
import * as metrics from '../../src/metrics/index.js';
import { allEngines } from '../helpers/engines.js';

type Streaming = metrics.Metric<[Tensor, Tensor], unknown>;

const N = 61;
const sizes = [1, 17, 3, 32, 8];

/** The result as plain numbers, exactly. */
async function plain(result: unknown): Promise<unknown> {
  if (typeof result === 'string') return result;
  if (result instanceof Tensor) return [...(await result.data())];
  return Promise.all(Object.values(result as Record<string, Tensor>).map(plain));
}

/** What a metric has found. */
const found = async (metric: Streaming): Promise<unknown> => plain(await metric.computeAsync());

/** Feeds batches of unequal sizes, from number `from` on and up to `to`. */
function feed(metric: Streaming, first: Tensor, second: Tensor, from = 0, to = sizes.length): void {
  let at = sizes.slice(0, from).reduce((a, b) => a + b, 0);
  for (const size of sizes.slice(from, to)) {
    metric.update(first.narrow(0, at, size), second.narrow(0, at, size));
    at += size;
  }
}

describe.each(allEngines)('on %s', (engine) => {
  setEngine(engine);
  beforeAll(() => setEngine(engine));

  manualSeed(4);
  const classes = randint(0, 4, [N]);
  const two = randint(0, 2, [N]);
  const logits = randn([N, 4]);
  const probabilities = logits.softmax(1);
  const scores = rand([N]).mul(10).round();
  const numbers = randn([N, 3]).mul(100);
  const predictions = numbers.add(randn([N, 3]));

  /** A metric, and what it is fed. */
  const cases: Readonly<Record<string, [make: () => Streaming, first: Tensor, second: Tensor]>> = {
    Accuracy: [() => new metrics.Accuracy(), logits, classes],
    TopK: [() => new metrics.TopK(2), logits, classes],
    Precision: [() => new metrics.Precision({ average: 'macro' }), logits, classes],
    'Precision, binary': [() => new metrics.Precision(), scores.gt(5), two],
    Recall: [() => new metrics.Recall({ average: 'weighted' }), logits, classes],
    F1: [() => new metrics.F1({ average: 'none' }), logits.argmax(1), classes],
    BalancedAccuracy: [() => new metrics.BalancedAccuracy(), logits, classes],
    ConfusionMatrix: [() => new metrics.ConfusionMatrix(), logits.argmax(1), classes],
    ClassificationReport: [() => new metrics.ClassificationReport(), logits, classes],
    RocCurve: [() => new metrics.RocCurve(), scores, two],
    PrecisionRecallCurve: [() => new metrics.PrecisionRecallCurve(), scores, two],
    RocAuc: [() => new metrics.RocAuc(), scores, two],
    'RocAuc, several classes': [() => new metrics.RocAuc({ multiClass: 'ovo' }), probabilities, classes],
    AveragePrecision: [() => new metrics.AveragePrecision({ average: 'none' }), logits, classes],
    MeanSquaredError: [() => new metrics.MeanSquaredError(), predictions, numbers],
    MeanAbsoluteError: [
      () => new metrics.MeanAbsoluteError({ multioutput: 'raw_values' }),
      predictions,
      numbers,
    ],
    Perplexity: [() => new metrics.Perplexity({ ignoreIndex: 2 }), logits, classes],
    R2: [() => new metrics.R2({ multioutput: 'variance_weighted' }), predictions, numbers],
  };

  describe.each(Object.entries(cases))('%s', (_, [make, first, second]) => {
    let whole: unknown;
    beforeAll(async () => {
      whole = await found(make().update(first, second));
    });

    test('batches of unequal sizes give the same result as the whole, bit for bit', async () => {
      const metric = make();
      feed(metric, first, second);
      expect(await found(metric)).toEqual(whole);
      expect(await found(metric)).toEqual(whole);
    });

    test('it resumes from a state', async () => {
      const before = make();
      feed(before, first, second, 0, 2);
      await before.settled();
      const state = before.stateDict();
      const after = make();
      after.loadStateDict(state);
      feed(after, first, second, 2);
      expect(await found(after)).toEqual(whole);
      expect(() => after.loadStateDict({})).toThrow('the state has no entries, expected ');
      const fresh = make();
      fresh.loadStateDict(make().stateDict());
      feed(fresh, first, second);
      expect(await found(fresh)).toEqual(whole);
    });

    test("reset forgets; without examples there's no result", async () => {
      const metric = make();
      await expect(found(metric)).rejects.toThrow('there are no examples');
      feed(metric, first, second, 0, 3);
      metric.reset();
      await expect(found(metric)).rejects.toThrow('there are no examples');
      metric.update(first.narrow(0, 0, 0), second.narrow(0, 0, 0));
      await expect(found(metric)).rejects.toThrow('there are no examples');
      feed(metric, first, second);
      expect(await found(metric)).toEqual(whole);
    });

    test('a metric survives the tidy in which it is updated', async () => {
      const metric = make();
      tidy(() => {
        metric.update(first.clone(), second.clone());
      });
      expect(await found(metric)).toEqual(whole);
    });
  });
});
