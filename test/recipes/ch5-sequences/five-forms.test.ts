import { expect, test } from 'vitest';
import { Generator } from '../../../src/index.js';
import {
  endings,
  spell,
  spelledNumbers,
  unspell,
  written,
} from '../../../src/recipes/ch5-sequences/digit-names.js';
import { fiveForms } from '../../../src/recipes/ch5-sequences/five-forms.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { trainedInTwoGoes } from '../stopped.js';

test('all five forms learn', async () => {
  const { experiment, result } = await trainedInTwoGoes(fiveForms, { steps: 150 });
  const { numbers, report } = result;
  expect(numbers.oneToOne).toBeGreaterThan(0.9);
  expect(numbers.oneToMany).toBeGreaterThan(0.85);
  expect(numbers.manyToOne).toBeGreaterThan(0.5);
  expect(numbers.aligned).toBeGreaterThan(0.95);
  expect(numbers.manyToMany).toBeGreaterThan(0.02);
  expect(reportLines(report!).join('\n')).toMatch(/^one to many +an image of \w+ +\w+/m);
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['accuracy']);
});

test('numbers are spelled once each, and letters come back', async () => {
  const all = await spelledNumbers(1110, 3, new Generator(0));
  expect(new Set(all.map(({ digits }) => digits.join())).size).toBe(1110);
  expect(all.every(({ digits }) => digits.length >= 1 && digits.length <= 3)).toBe(true);
  expect(unspell(spell('seven'))).toBe('seven');
  const { digits, text } = { digits: [1, 2], text: 'onetwo' };
  expect(await endings([{ digits, text }]).toArray()).toEqual([[0, 0, 1, 0, 0, 1]]);
  const [input, target] = written([[5, 6], [7]]);
  expect(await input.toArray()).toEqual([
    [1, 5, 6],
    [1, 7, 0],
  ]);
  expect(await target.toArray()).toEqual([
    [5, 6, 2],
    [7, 2, 0],
  ]);
});
