import { beforeAll, expect, test } from 'vitest';
import { words } from '../../../src/recipes/ch5-sequences/words.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { trainedInTwoGoes } from '../stopped.js';
import { withoutData } from '../without-data.js';

beforeAll(withoutData);

test('three ways to make word vectors, asked for neighbors', async () => {
  const { experiment, result } = await trainedInTwoGoes(
    words,
    { dim: 16, epochs: 2, minCount: 3 },
    { timed: true },
  );
  expect(Object.keys(result.numbers)).toEqual(['seconds skip-gram', 'seconds CBOW', 'seconds GloVe']);
  const text = reportLines(result.report!).join('\n');
  expect(text).toMatch(/^word +times +skip-gram +CBOW +GloVe/m);
  expect(text).toMatch(/^\w+ +\d+ +\w+, \w+, \w+, \w+/m);
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['neighborhoods']);
});
