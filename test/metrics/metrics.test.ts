import { beforeAll, describe, expect, test } from 'vitest';
import { ArgumentError, IndexError, NonFiniteError, ShapeError } from '../../src/core/errors.js';
import * as F from '../../src/functional.js';
import { arange, full, setEngine, type Tensor, tensor, zeros } from '../../src/index.js';
import * as metrics from '../../src/metrics/index.js';
import { allEngines } from '../helpers/engines.js';
import { array, item, m } from './measures.js';

describe.each(allEngines)('on %s', (engine) => {
  setEngine(engine);
  beforeAll(() => setEngine(engine));

  const three = tensor([0, 1, 2]);
  const two = tensor([0, 1, 1]);
  const scores = tensor([
    [0.7, 0.2, 0.1],
    [0.1, 0.8, 0.1],
    [0.3, 0.3, 0.4],
  ]);

  test('classes may be integers, whole numbers, booleans or scores', async () => {
    const labels = tensor([0, 1, 1]);
    for (const predicted of [
      tensor([0, 1, 0], { dtype: 'int32' }),
      tensor([0, 1, 0], { dtype: 'uint8' }),
      tensor([0, 1, 0]),
      tensor([false, true, false]),
      tensor([
        [1, 0],
        [-2, -1],
        [0, -5],
      ]),
    ]) {
      expect(await item(m.accuracy(predicted, labels))).toBe(2 / 3);
      expect(await item(m.recall(predicted, labels.to('bool')))).toBe(1 / 2);
    }
  });

  test('scores of every pixel are (N, C, H, W), their labels (N, H, W)', async () => {
    const pixels = arange(2 * 3 * 4).reshape([2, 3, 2, 2]);
    expect(await item(m.accuracy(pixels, full([2, 2, 2], 2)))).toBe(1);
    const matrix = await m.confusionMatrix(pixels, zeros([2, 2, 2]));
    expect(await matrix.toArray()).toEqual([
      [0, 0, 8],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  test('results are outside the graph', async () => {
    const logits = scores.clone().requiresGrad_(true);
    expect((await m.accuracy(logits, three)).requiresGrad).toBe(false);
    expect((await m.meanSquaredError(logits, zeros([3, 3]))).requiresGrad).toBe(false);
  });

  test('of equal scores the lower class comes first, in accuracy and in topK', async () => {
    const equal = zeros([3, 3]);
    expect(await item(m.accuracy(equal, three))).toBe(1 / 3);
    for (const k of [1, 2, 3]) expect(await item(m.topK(equal, three, k))).toBe(k / 3);
  });

  test('scores that are infinite have their place', async () => {
    const extreme = tensor([Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    expect(await item(m.rocAuc(extreme, tensor([0, 1, 1, 0])))).toBe(1);
  });

  test('two columns of probabilities are those of two classes', async () => {
    const p = tensor([0.1, 0.4, 0.35, 0.8], { dtype: 'float64' });
    const labels = tensor([0, 0, 1, 1]);
    const columns = tensor([...(await p.data())].flatMap((v) => [1 - v, v])).reshape([4, 2]);
    expect(await item(m.rocAuc(columns, labels))).toBe(0.75);
    expect(await item(m.averagePrecision(columns, labels))).toBe(await item(m.averagePrecision(p, labels)));
  });

  test('a number of classes that is given makes room for them', async () => {
    const matrix = await m.confusionMatrix(two, two, { classes: 3 });
    expect(matrix.dtype).toBe('int32');
    expect(await matrix.toArray()).toEqual([
      [1, 0, 0],
      [0, 2, 0],
      [0, 0, 0],
    ]);
    const each = await m.f1(two, two, { classes: 3, average: 'none' });
    expect(await each.toArray()).toEqual([1, 1, 0]);
  });

  test('after an error nothing of the batch was taken', async () => {
    const metric = new metrics.ConfusionMatrix({ classes: 2 }).update(two, two);
    await expect((async () => metric.update(two, three).settled())()).rejects.toThrow(IndexError);
    expect(await array(metric.computeAsync())).toEqual([
      [1, 0],
      [0, 2],
    ]);
  });

  const imbalanced = tensor([...Array<number>(95).fill(0), ...Array<number>(5).fill(1)]);

  test('the warning says if accuracy is misleading and gives F1', async () => {
    const always = await m.confusionMatrix(zeros([100]), imbalanced);
    expect(await m.imbalanceWarning(always)).toBe(
      'accuracy 95.0 % is misleading because the classes are imbalanced (95 examples of class 0, 5 of class 1): ' +
        'always predicting class 0 would score 95.0 %; macro F1 is 0.487, lowest for class 1 at 0.000',
    );
    expect(await m.imbalanceWarning(always, ['healthy', 'ill'])).toContain(
      '95 examples of healthy, 5 of ill',
    );
    // Better than guessing, and yet half of the rare class is missed.
    const half = imbalanced.clone();
    half.narrow(0, 95, 3).fill_(0);
    const missed = await m.confusionMatrix(half, imbalanced);
    expect(await m.imbalanceWarning(missed)).toMatch(/^accuracy 97.0 % is misleading .* class 1 at 0.571$/);
  });

  test.each<[string, number[][]]>([
    [
      'imbalanced, but each class is found',
      [
        [95, 0],
        [0, 5],
      ],
    ],
    [
      'balanced',
      [
        [50, 0],
        [50, 0],
      ],
    ],
    [
      'one class alone',
      [
        [50, 0],
        [0, 0],
      ],
    ],
    [
      'nothing',
      [
        [0, 0],
        [0, 0],
      ],
    ],
  ])('no warning: %s', async (_, matrix) => {
    expect(await m.imbalanceWarning(tensor(matrix))).toBeUndefined();
  });

  test('a report has names, with the warning below', async () => {
    const report = await m.classificationReport(zeros([100]), imbalanced, { names: ['healthy', 'ill'] });
    expect(report).toBe(
      [
        '              precision    recall  f1-score   support',
        '',
        '     healthy       0.95      1.00      0.97        95',
        '         ill       0.00      0.00      0.00         5',
        '',
        '    accuracy                           0.95       100',
        '   macro avg       0.47      0.50      0.49       100',
        'weighted avg       0.90      0.95      0.93       100',
        '',
        'warning: accuracy 95.0 % is misleading because the classes are imbalanced (95 examples of healthy, 5 of ill): ' +
          'always predicting healthy would score 95.0 %; macro F1 is 0.487, lowest for ill at 0.000',
      ].join('\n'),
    );
  });

  const wide = tensor([[0.2], [0.7]]);
  const nan = tensor([0, Number.NaN, 1]);
  const batches = () => new metrics.MeanSquaredError().update(zeros([2, 3]), zeros([2, 3]));

  test.each<[string, new (...args: never[]) => Error, () => Promise<unknown>]>([
    [
      "accuracy: labels[2] is 3, which isn't a class; there are 3 classes (0 to 2)",
      IndexError,
      () => m.accuracy(scores, tensor([0, 1, 3])),
    ],
    [
      "accuracy: labels[0] is -1, which isn't a class; classes must be from 0 to 1048575",
      IndexError,
      () => m.accuracy(three, tensor([-1, 1, 2], { dtype: 'int32' })),
    ],
    [
      "f1: predicted[1] is 0.5, which isn't a class; classes are whole numbers from 0\n  hint: scores must be (N, C); if there's one score for two classes, compare it with a threshold: p.gt(0.5)",
      ArgumentError,
      () => m.f1(tensor([0, 0.5]), tensor([0, 1])),
    ],
    [
      "f1: labels[0, 1] is 7, which isn't a class; there are 3 classes (0 to 2)",
      IndexError,
      () => m.f1(zeros([1, 2]), tensor([[0, 7]]), { classes: 3 }),
    ],
    [
      "labels[0] is 2000000, which isn't a class; classes must be from 0 to 1048575",
      IndexError,
      () => m.f1(three, tensor([2e6, 0, 0])),
    ],
    [
      'accuracy: predicted[1, 2] is NaN',
      NonFiniteError,
      () =>
        m.accuracy(
          tensor([
            [0, 1, 2],
            [0, 1, Number.NaN],
          ]),
          tensor([0, 1]),
        ),
    ],
    [
      'accuracy: predicted must be (N, C), and labels must be (N)\n  predicted    [3, 3]\n  labels       [2]',
      ShapeError,
      () => m.accuracy(scores, tensor([0, 1])),
    ],
    [
      'accuracy: predicted must be (N, C), and labels must be (N)',
      ShapeError,
      () => m.accuracy(scores, zeros([3, 1])),
    ],
    [
      "accuracy: predicted have only one class\n  predicted  (N, C)  [2, 1]  C = 1\n  hint: if there's one score for two classes, compare it with a threshold: predicted.squeeze(1).gt(0)",
      ShapeError,
      () => m.accuracy(wide, tensor([0, 1])),
    ],
    ['accuracy: there are no examples', ArgumentError, () => m.accuracy(zeros([0, 3]), zeros([0]))],
    [
      'confusionMatrix: expected 4 classes\n  predicted  (N, C)  [3, 3]  C = 3',
      ShapeError,
      () => m.confusionMatrix(scores, three, { classes: 4 }),
    ],
    [
      'confusionMatrix: a matrix of 20001 classes is too large',
      ArgumentError,
      () => m.confusionMatrix(three, tensor([0, 1, 20000])),
    ],
    [
      'confusionMatrix: there are no examples',
      ArgumentError,
      () => m.confusionMatrix(zeros([0]), zeros([0])),
    ],
    [
      "confusionMatrix: normalize must be 'true', 'pred' or 'all', got 'rows'",
      ArgumentError,
      () => m.confusionMatrix(two, two, { normalize: 'rows' as never }),
    ],
    [
      'f1: classes must be a whole number from 1 to 1048576, got 0',
      ArgumentError,
      () => m.f1(two, two, { classes: 0 }),
    ],
    [
      "f1: there are 3 classes; set average to 'micro', 'macro', 'weighted', or 'none'",
      ArgumentError,
      () => m.f1(three, three),
    ],
    [
      "f1: average must be 'binary', 'micro', 'macro', 'weighted' or 'none', got 'samples'",
      ArgumentError,
      () => m.f1(two, two, { average: 'samples' as never }),
    ],
    [
      'precision: zeroDivision must be 0 or 1, got 2',
      ArgumentError,
      () => m.precision(two, two, { zeroDivision: 2 as never }),
    ],
    [
      'recall: posLabel must be a whole number from 0 to 1, got 3',
      ArgumentError,
      () => m.recall(two, two, { posLabel: 3 }),
    ],
    [
      "recall: labels choose among classes that are averaged; 'binary' gives",
      ArgumentError,
      () => m.recall(two, two, { labels: [1] }),
    ],
    [
      'recall: labels must name at least one class',
      ArgumentError,
      () => m.recall(two, two, { average: 'micro', labels: [] }),
    ],
    [
      'recall: labels must be a list in which each is a whole number of at least 0 and below 1048576, got [-1]',
      ArgumentError,
      () => m.recall(two, two, { average: 'micro', labels: [-1] }),
    ],
    [
      'recall: label 1 appears twice',
      ArgumentError,
      () => m.recall(two, two, { average: 'micro', labels: [1, 0, 1] }),
    ],
    [
      'balancedAccuracy: labels have only one class',
      ArgumentError,
      () => m.balancedAccuracy(two, zeros([3]), { adjusted: true }),
    ],
    ['topK: k must be a whole number of at least 1, got 0', ArgumentError, () => m.topK(scores, three, 0)],
    ['topK: scores must be (N, C), and labels must be (N)', ShapeError, () => m.topK(three, three, 1)],
    ['topK: scores[0, 0] is NaN', NonFiniteError, () => m.topK(tensor([[Number.NaN, 1]]), zeros([1]), 1)],
    [
      'classificationReport: class 2 has no name; names has only 2',
      ArgumentError,
      () => m.classificationReport(three, three, { names: ['a', 'b'] }),
    ],
    [
      'classificationReport: digits must be a whole number from 0 to 15, got -1',
      ArgumentError,
      () => m.classificationReport(two, two, { digits: -1 }),
    ],
    [
      'classificationReport: zeroDivision must be 0 or 1, got 3',
      ArgumentError,
      () => m.classificationReport(two, two, { zeroDivision: 3 as never }),
    ],
    [
      'imbalanceWarning: the confusion matrix must be square\n  confusion  (C, C)  [2, 3]',
      ShapeError,
      () => m.imbalanceWarning(zeros([2, 3])),
    ],
    ['rocAuc: scores[1] is NaN', NonFiniteError, () => m.rocAuc(nan, two)],
    [
      "rocAuc: labels[2] is 2, which isn't a class; there are 2 classes (0 to 1)",
      IndexError,
      () => m.rocAuc(three, three),
    ],
    [
      'rocAuc: labels have no negative example, so the curve is undefined',
      ArgumentError,
      () => m.rocAuc(two, full([3], 1)),
    ],
    [
      'rocAuc: labels have no positive example, so the curve is undefined',
      ArgumentError,
      () => m.rocAuc(two, zeros([3])),
    ],
    [
      'averagePrecision: labels have no positive example',
      ArgumentError,
      () => m.averagePrecision(two, zeros([3])),
    ],
    [
      'precisionRecallCurve: labels have no positive example',
      ArgumentError,
      () => m.precisionRecallCurve(two, zeros([3])),
    ],
    ['rocCurve: labels have no negative example', ArgumentError, () => m.rocCurve(two, full([3], 1))],
    [
      'rocCurve: scores and labels must be (N)\n  scores    [3, 3]\n  labels    [3]',
      ShapeError,
      () => m.rocCurve(scores, three),
    ],
    [
      'rocAuc: scores must be (N), or (N, C) with a score for each class; labels must be (N)',
      ShapeError,
      () => m.rocAuc(tensor([1, 2]), three),
    ],
    [
      'rocAuc: labels have no example of class 2 of 3, so its curve is undefined',
      ArgumentError,
      () => m.rocAuc(scores, tensor([0, 1, 1])),
    ],
    [
      'averagePrecision: labels have no example of class 0 of 3',
      ArgumentError,
      () => m.averagePrecision(scores, tensor([2, 1, 1])),
    ],
    [
      'rocAuc: scores for several classes must be probabilities, but row 1 sums to 3\n  hint: softmax(1)',
      ArgumentError,
      () =>
        m.rocAuc(
          tensor([
            [1, 0, 0],
            [0, 1, 2],
          ]),
          tensor([0, 1]),
        ),
    ],
    [
      "rocAuc: multiClass must be 'ovr' or 'ovo', got 'raise'",
      ArgumentError,
      () => m.rocAuc(scores, three, { multiClass: 'raise' as never }),
    ],
    [
      "rocAuc: average must be 'macro', 'weighted' or 'none', got 'micro'; did you mean 'macro'?",
      ArgumentError,
      () => m.rocAuc(scores, three, { average: 'micro' as never }),
    ],
    [
      "rocAuc: average 'none' only works with 'ovr'; 'ovo' has one value per pair",
      ArgumentError,
      () => m.rocAuc(scores, three, { multiClass: 'ovo', average: 'none' }),
    ],
    [
      "averagePrecision: average must be 'macro', 'weighted' or 'none', got 'micro'; did you mean 'macro'?",
      ArgumentError,
      () => m.averagePrecision(scores, three, { average: 'micro' as never }),
    ],
    [
      'rocAuc: previous batches had 3 scores per example',
      ShapeError,
      async () => new metrics.RocAuc().update(scores, three).update(two, two).settled(),
    ],
    [
      'meanSquaredError: predictions and targets must both be (N, …), with the same shape\n  predictions    [3, 1]\n  targets        [3]',
      ShapeError,
      () => m.meanSquaredError(zeros([3, 1]), zeros([3])),
    ],
    [
      'r2: predictions and targets must both be (N, …), with the same shape',
      ShapeError,
      () => m.r2(tensor(1), tensor(2)),
    ],
    [
      "meanAbsoluteError: predictions[1] is NaN, which isn't finite",
      NonFiniteError,
      () => m.meanAbsoluteError(nan, three),
    ],
    [
      "meanSquaredError: targets[0] is -Infinity, which isn't finite",
      NonFiniteError,
      () => m.meanSquaredError(zeros([1]), full([1], Number.NEGATIVE_INFINITY)),
    ],
    [
      'meanSquaredError: previous batches had 3 numbers per example',
      ShapeError,
      async () =>
        batches()
          .update(zeros([2]), zeros([2]))
          .settled(),
    ],
    [
      'meanSquaredError: there are no examples',
      ArgumentError,
      () => m.meanSquaredError(zeros([0]), zeros([0])),
    ],
    [
      "meanSquaredError: multioutput must be 'uniform_average' or 'raw_values', got 'variance_weighted'",
      ArgumentError,
      () => m.meanSquaredError(two, two, { multioutput: 'variance_weighted' as never }),
    ],
    [
      "r2: multioutput must be 'uniform_average', 'raw_values' or 'variance_weighted', got 'all'",
      ArgumentError,
      () => m.r2(two, two, { multioutput: 'all' as never }),
    ],
    ['r2: needs at least two examples', ArgumentError, () => m.r2(zeros([1]), zeros([1]))],
    [
      'f1: the state has right, total, reading, expected hits, predicted, actual, reading',
      ArgumentError,
      async () => new metrics.F1().loadStateDict(new metrics.Accuracy().stateDict()),
    ],
  ])('%s', async (message, kind, work) => {
    const failed = work().then(undefined, (error) => error);
    expect(await failed).toBeInstanceOf(kind);
    await expect(work()).rejects.toThrow(message);
  });

  test("rows of zeros and ones mark an example's labels; they aren't classes", async () => {
    const labels = tensor([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ]);
    const predicted = labels.roll(1, 1);
    expect(await item(m.accuracy(predicted, labels))).toBe(0);
    expect(await item(m.accuracy(labels, labels.to('bool')))).toBe(1);
    expect(await item(m.f1(predicted, labels, { average: 'macro' }))).toBe(0);
    expect(await item(m.accuracy(predicted.argmax(1), labels.argmax(1)))).toBe(0);
    expect(await item(m.accuracy(predicted.flatten(), labels.flatten()))).toBe(0.5);
    await expect(m.f1(predicted, labels)).rejects.toThrow(
      "f1: there are 4 labels per example; set average to 'micro', 'macro', 'weighted', or 'none'",
    );

    const refused = [m.balancedAccuracy, m.confusionMatrix, m.classificationReport] as const;
    for (const measure of refused) {
      await expect(measure(predicted, labels)).rejects.toThrow(ArgumentError);
      await expect(measure(predicted, labels)).rejects.toThrow(
        'labels are rows of zeros and ones: one-hot, or several labels per example\n' +
          '  hint: turn one-hot rows into classes with x.argmax(1); if each element has its own class, ' +
          'pass the number of classes, or flatten both with x.flatten()',
      );
    }
    await expect(m.accuracy(predicted.mul(0.7), labels)).rejects.toThrow(
      'labels [3, 4] are rows of zeros and ones, but predicted holds scores\n' +
        '  hint: if labels are one-hot, use labels.argmax(1); if each example has several labels, compare scores with a threshold: predicted.gt(0.5)',
    );
    const hint = 'hint: turn one-hot labels into classes with labels.argmax(1)';
    await expect(m.accuracy(predicted.argmax(1), labels)).rejects.toThrow(hint);
    await expect(m.topK(predicted, labels, 2)).rejects.toThrow(hint);
    const sampleWeight = arange(12).reshape([3, 4]);
    await expect(m.accuracy(predicted, labels, { sampleWeight })).rejects.toThrow(
      'for rows of labels, sampleWeight must be (N), one per row',
    );
  });

  test('classes of sequences are told from rows, in batches too', async () => {
    const [zeroOne, others] = [
      tensor([
        [0, 1],
        [1, 0],
      ]),
      tensor([
        [0, 2],
        [1, 0],
      ]),
    ];
    expect(await item(m.accuracy(others, zeroOne))).toBe(0.75);
    expect(await item(m.f1(zeroOne, zeroOne, { average: 'micro', classes: 3 }))).toBe(1);
    const sequence = new metrics.Accuracy().update(others, others).update(zeroOne.flip([0]), zeroOne);
    expect(await item(sequence.computeAsync())).toBe(0.5);
    for (const metric of [new metrics.Accuracy(), new metrics.F1({ average: 'macro' })]) {
      await metric.update(zeroOne, zeroOne).settled();
      const again =
        metric instanceof metrics.F1 ? new metrics.F1({ average: 'macro' }) : new metrics.Accuracy();
      again.loadStateDict(metric.stateDict());
      await expect((async () => again.update(others, others).settled())()).rejects.toThrow(
        'previous batches were rows of zeros and ones, but these labels hold other classes\n' +
          '  hint: if each element has its own class, pass the number of classes, or flatten both with x.flatten()',
      );
      again.reset();
      await again.update(others, others).settled();
    }
  });

  test("one-hot labels beyond rows are refused, masks of zeros and ones aren't", async () => {
    const classes = arange(24, { dtype: 'int32' }).reshape([2, 3, 4]).remainder(5);
    const [guesses, truth] = [F.oneHot(classes.add(1).remainder(5), 5), F.oneHot(classes, 5)];
    const measures = [m.accuracy, m.f1, m.precision, m.recall, m.confusionMatrix];
    for (const measure of measures) {
      await expect(measure(guesses, truth)).rejects.toThrow(
        'labels [2, 3, 4, 5] are one-hot along axis 3\n' +
          '  hint: get classes with labels.argmax(-1), and predicted.argmax(-1) if predictions are one-hot too; if each element has its own class, flatten both with x.flatten()',
      );
      const first = [guesses, truth].map((x) => x.permute([0, 3, 1, 2])) as [Tensor, Tensor];
      await expect(measure(...first)).rejects.toThrow('labels [2, 5, 3, 4] are one-hot along axis 1\n');
      await expect(measure(first[0].mul(0.5), first[1])).rejects.toThrow(
        'labels.argmax(1), and predicted.argmax(1) if',
      );
    }
    await expect(m.topK(guesses, truth, 2)).rejects.toThrow(
      'turn one-hot labels into classes with labels.argmax(1)',
    );
    expect(await item(m.accuracy(guesses.argmax(-1), truth.argmax(-1)))).toBe(0);
    expect(await item(m.accuracy(guesses.flatten(), truth.flatten()))).toBeCloseTo(0.6, 12);
    const mask = classes.remainder(2);
    expect(await item(m.accuracy(mask, mask))).toBe(1);
    expect(await item(m.f1(mask, mask, { average: 'macro' }))).toBe(1);
    // After a batch of classes, a mask that happens to look like it is one of classes, too.
    const cross = tensor([
      [
        [0, 1],
        [1, 0],
      ],
    ]);
    expect(await item(new metrics.Accuracy().update(mask, mask).update(cross, cross).computeAsync())).toBe(1);
    // As many classes as elements of a row: one-hot rows.
    const rows = F.oneHot(tensor([0, 1, 2, 3], { dtype: 'int32' }), 4);
    const wanted = { average: 'macro', classes: 4 } as const;
    expect(await item(m.f1(rows.roll(1, 1), rows, wanted))).toBe(0);
  });

  test("ignored labels needn't be classes; weights are at least 0, one per example", async () => {
    const labels = tensor([0, 1, 1, -100]);
    const predicted = tensor([0, 1, 0, 9]);
    expect(await item(m.accuracy(predicted, labels, { ignoreIndex: -100 }))).toBeCloseTo(2 / 3);
    expect((await m.confusionMatrix(predicted, labels, { ignoreIndex: -100 })).shape).toEqual([2, 2]);
    await expect(m.accuracy(predicted, labels)).rejects.toThrow('labels[3] is -100');
    await expect(m.f1(predicted, tensor([0, 1, 5.5, -100]), { ignoreIndex: -100 })).rejects.toThrow(
      "labels[2] is 5.5, which isn't a class",
    );
    await expect(m.accuracy(predicted, full([4], -100), { ignoreIndex: -100 })).rejects.toThrow(
      'there are no examples',
    );
    const pixels = zeros([2, 3]);
    const sampleWeight = tensor([1, 3]);
    expect(
      await item(
        m.accuracy(
          pixels,
          tensor([
            [0, 0, 2],
            [2, 2, 0],
          ]),
          { sampleWeight },
        ),
      ),
    ).toBeCloseTo((2 + 3) / 12);
    const refused: [object, string][] = [
      [{ sampleWeight: tensor([1, 2]) }, 'sampleWeight must have one number per example'],
      [{ sampleWeight: tensor([1, 2, -1, 0]) }, 'sampleWeight[2] is -1; weights must be at least 0'],
      [{ sampleWeight: tensor([1, 2, Number.NaN, 0]) }, "sampleWeight[2] is NaN, which isn't finite"],
      [{ sampleWeight: [1, 2, 3, 4] }, 'sampleWeight must be a tensor, got [1, 2, 3, 4]'],
      [{ ignoreIndex: 0.5 }, 'ignoreIndex must be a whole number, got 0.5'],
      [{ sampleWeight: zeros([4]), weights: 1 }, "there's no option 'weights'"],
    ];
    for (const [options, message] of refused)
      await expect(m.accuracy(zeros([4]), zeros([4]), options)).rejects.toThrow(message);
    await expect(m.accuracy(zeros([4]), zeros([4]), { sampleWeight: zeros([4]) })).rejects.toThrow(
      'there are no examples',
    );
  });
});
