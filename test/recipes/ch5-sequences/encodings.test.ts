import { expect, test } from 'vitest';
import { encodings } from '../../../src/recipes/ch5-sequences/encodings.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { trainedInTwoGoes } from '../stopped.js';

test('one-hot vectors find every mean under any numbering; integer codes depend on it', async () => {
  const { experiment, result } = await trainedInTwoGoes(encodings, { numberings: 4, colors: 6 });
  const { numbers, report } = result;
  expect(numbers.oneHotR2).toBeGreaterThan(0.9);
  expect(numbers.hiddenR2).toBeGreaterThan(numbers.integerR2!);
  expect(numbers.integerR2).toBeLessThan(0.7);
  const text = reportLines(report!).join('\n');
  expect(text).toMatch(/^one-hot, linear +6 +7 /m);
  expect(text).toMatch(/^integer code, linear +1 +2 /m);
  expect(text).toContain('The numbering makes no difference to the one-hot model');
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual([
    'answers',
    'numberings',
    'distances',
  ]);
});
