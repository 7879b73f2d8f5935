import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { words } from '../../../src/recipes/ch5-sequences/words.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { trainedInTwoGoes } from '../stopped.js';
import { withoutData } from '../without-data.js';

beforeAll(withoutData);

test('three ways to make word vectors, asked for neighbors', async () => {
  const { experiment, result } = await trainedInTwoGoes(
    words,
    { dim: 16, epochs: 2, minCount: 3 },
    { timed: true },
  );
  expect(Object.keys(result.numbers)).toEqual([
    'words',
    'vocabulary',
    'seconds skip-gram',
    'seconds CBOW',
    'seconds GloVe',
  ]);
  const text = reportLines(result.report!).join('\n');
  expect(text).toMatch(/^word +times +skip-gram +CBOW +GloVe/m);
  expect(text).toMatch(/^\w+ +\d+ +\w+, \w+, \w+, \w+/m);
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['neighborhoods']);
});

test('some models only, asked for pairs and analogies', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
  const [pairs, questions] = [join(folder, 'pairs.txt'), join(folder, 'questions.txt')];
  writeFileSync(pairs, 'dog cat 9\ndog park 5\npark cat 4\nnowhere dog 1\n');
  writeFileSync(questions, ': made\ndog cat dog cat\ndog cat park nowhere\n');
  const options = { dim: 8, epochs: 1, minCount: 1, models: 'cbow', pairs, questions };
  const experiment = await prepare(words, options);
  await experiment.train();
  const { numbers, report } = await experiment.evaluate();
  rmSync(folder, { recursive: true });
  expect(Object.keys(numbers)).toEqual([
    'words',
    'vocabulary',
    'seconds CBOW',
    'similarity CBOW',
    'frequent CBOW',
    'rare CBOW',
    'analogies CBOW',
  ]);
  expect(numbers['analogies CBOW']).toBe(0);
  expect(reportLines(report!).join('\n')).toMatch(/Analogies answered right:\n +right\nCBOW +0\.0 %/);
});

test("refuses models that don't exist", async () => {
  await expect(prepare(words, { models: 'cbow,elmo' })).rejects.toThrow(
    'words: --models takes skip-gram, cbow, glove, or some of them separated by commas, not cbow,elmo',
  );
});
