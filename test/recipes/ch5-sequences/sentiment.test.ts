import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as nn from '../../../src/nn/index.js';
import { sentiment } from '../../../src/recipes/ch5-sequences/sentiment.js';
import { buildModel, trainerFor } from '../../../src/recipes/ch5-sequences/sentiment-models.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { EncodedTexts, foldsOf, textBatches, wordEmbedding } from '../../../src/recipes/kit/text/index.js';
import { LabeledTexts, type SumClassifier, Vocab } from '../../../src/text/index.js';
import { Trainer } from '../../../src/train/index.js';
import { listener } from '../said.js';
import { withoutData } from '../without-data.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-sentiment-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(withoutData);

test.each(['sum', 'concat', 'cnn', 'rnn', 'lstm', 'gru', 'bilstm'])(
  '%s learns the reviews that Myelin makes, and judges two sentences of the same words',
  async (model) => {
    const experiment = await prepare(sentiment, {
      ...{ model, epochs: 3, dim: 16, hidden: 16, batchSize: 32, lr: 0.005, dropout: 0 },
    });
    await experiment.train();
    const { numbers, report } = await experiment.evaluate();
    expect(numbers.accuracy).toBeGreaterThan(0.75);
    const text = reportLines(report!).join('\n');
    const [first, second] = [...text.matchAll(/great +(\S+ %) +(\S+ %)/g)].map(([, a, b]) => [a, b]);
    expect(first).toBeDefined();
    if (model === 'sum') expect(first).toEqual(second);
    expect(text.includes('What concatenation costs')).toBe(model === 'concat');
    const gated = ['lstm', 'gru', 'bilstm'].includes(model);
    expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(gated ? ['gates'] : []);
  },
);

test('folds judge every text once, by networks trained as Kim did', async () => {
  const experiment = await prepare(sentiment, {
    ...{ dataset: 'rt-polarity', model: 'cnn', folds: 3, epochs: 4, patience: 1, batchSize: 50 },
    ...{ optimizer: 'adadelta', lr: 1, maxNorm: 3, dim: 16, range: 0.25 },
  });
  expect(await experiment.train()).toBe(true);
  expect(experiment.step).toBe(3);
  const { line, numbers, report } = await experiment.evaluate();
  expect(numbers.accuracy).toBeGreaterThan(0.75);
  expect(line).toMatch(/^accuracy over 3 folds: \d+\.\d\d % ± \d+\.\d\d %$/);
  expect(reportLines(report!).join('\n')).toMatch(/^fold 3 +\d+\.\d\d % +[1-4]$/m);
});

test('every word has a vector if it may occur only once', async () => {
  const sizes: number[] = [];
  for (const minCount of [1, 2, 1000])
    await prepare(
      sentiment,
      { model: 'sum', minCount, dim: 8 },
      {
        onEvent: (event) => {
          const words = event.type === 'text' && /vectors of ([\d,]+) words/.exec(event.text);
          if (words) sizes.push(Number(words[1]!.replace(',', '')));
        },
      },
    );
  expect(sizes).toHaveLength(3);
  expect(sizes[0]).toBeGreaterThanOrEqual(sizes[1]!);
  expect(sizes[1]).toBeGreaterThan(sizes[2]!);
});

test('texts that concat cuts are counted', async () => {
  mkdirSync(join(folder, 'rt-polarity'));
  for (const part of ['neg', 'pos']) {
    const lines = Array.from({ length: 20 }, (_, i) => 'a fine film '.repeat(i < 3 ? 21 : 20));
    writeFileSync(join(folder, 'rt-polarity', `rt-polarity.${part}`), lines.join('\n'));
  }
  for (const [model, folds] of [
    ['concat', 1],
    ['concat', 2],
    ['sum', 1],
  ] as const) {
    const { said, onEvent } = listener();
    const options = { dataset: 'rt-polarity', data: folder, model, folds, dim: 2, hidden: 2 };
    await prepare(sentiment, options, { onEvent });
    expect(said.filter((line) => line.startsWith('cut'))).toEqual(
      model === 'concat' ? ["cut: 6 of 40 texts have more than 60 words; the rest of those isn't read"] : [],
    );
  }
});

test('folds need a set without a test part', async () => {
  await expect(prepare(sentiment, { folds: 10 })).rejects.toThrow(
    'sst-2 has its own test part; --folds 10 needs --dataset rt-polarity',
  );
});

test('folds cover all texts, and share none', () => {
  const part = (from: number, to: number): LabeledTexts =>
    new LabeledTexts(
      Array.from({ length: to - from }, (_, i) => `text ${from + i}`),
      Array.from({ length: to - from }, (_, i) => i % 2),
      ['bad', 'good'],
    );
  const folds = foldsOf({ train: part(0, 80), validation: part(80, 92), test: part(92, 103) }, 4);
  expect(folds.map(({ test }) => test.length)).toEqual([26, 26, 25, 26]);
  expect(new Set(folds.flatMap(({ test }) => test.texts)).size).toBe(103);
  for (const { train, validation, test } of folds) {
    expect(validation.length).toBe(8);
    expect(new Set([train, validation, test].flatMap(({ texts }) => texts)).size).toBe(103);
  }
});

test('the rows of the last layer stay within a norm', async () => {
  const embedding = new nn.Embedding(20, 4, { paddingIdx: 0 });
  const choices = { hidden: 8, dropout: 0, optimizer: 'adadelta', lr: 1, maxNorm: 0.1, patience: 0 } as const;
  const model = buildModel('sum', embedding, 2, choices) as SumClassifier;
  const texts = new EncodedTexts([Int32Array.of(3, 4), Int32Array.of(5)], Int32Array.of(0, 1));
  await new Trainer(trainerFor(model, choices)).fit(textBatches(texts, 2, true), { epochs: 1 });
  for (const norm of await model.fc2.weight.norm(2, 1).data()) expect(norm).toBeCloseTo(0.1, 5);
});

test('random word vectors are uniform within a range', async () => {
  const context = {
    options: { seed: 0, vectors: '', frozen: 'off', dim: 50, range: 0.25 },
    emit: async () => {},
  } as const;
  const { weight } = await wordEmbedding(new Vocab(['<pad>', 'good', 'bad']), context);
  expect(await weight.abs().max().item()).toBeLessThanOrEqual(0.25);
  expect(await weight.std().item()).toBeCloseTo(0.25 / Math.sqrt(3), 1);
});

test('word vectors that stay come from a file with words of the texts', async () => {
  const embed = (vectors: string, frozen: 'on' | 'off') =>
    wordEmbedding(new Vocab(['<pad>', 'good']), {
      options: { seed: 0, vectors, frozen, dim: 2 },
      emit: async () => {},
    });
  await expect(embed('', 'on')).rejects.toThrow(
    '--frozen on keeps the vectors of a file; name it with --vectors',
  );
  const path = join(folder, 'vectors.txt');
  writeFileSync(path, 'bad 1 2\n');
  await expect(embed(path, 'off')).rejects.toThrow(`${path} has none of the texts' 2 words`);
  writeFileSync(path, 'good 1 2\n');
  expect(await (await embed(path, 'on')).weight.toArray()).toEqual([
    [0, 0],
    [1, 2],
  ]);
});
