import { beforeAll, expect, test } from 'vitest';
import { seq2seq } from '../../../src/recipes/ch5-sequences/seq2seq.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { withoutData } from '../without-data.js';

beforeAll(withoutData);

const small = { pairs: 3000, epochs: 4, hidden: 48, dim: 32, batchSize: 32, lr: 0.005, dropout: 0, beams: 3 };

test('with attention, letters are written backward', async () => {
  const experiment = await prepare(seq2seq, { ...small, task: 'reversal' });
  await experiment.train();
  const { numbers, report } = await experiment.evaluate();
  expect(numbers.loss).toBeLessThan(0.3);
  expect(numbers.accuracy).toBeGreaterThan(0.5);
  expect(reportLines(report!)[0]).toMatch(/^source +written +should be$/);
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['attention']);
});

test('without attention, dates are understood too; half of the steps see their own guesses', async () => {
  const experiment = await prepare(seq2seq, {
    ...{ ...small, task: 'dates', attention: 'off', teacherForcing: 0.5, epochs: 3 },
  });
  await experiment.train();
  const { numbers } = await experiment.evaluate();
  expect(numbers.loss).toBeLessThan(1);
  expect(await experiment.pictures!()).toEqual([]);
});

test('made sentences are translated, and judged by BLEU', async () => {
  const experiment = await prepare(seq2seq, {
    ...small,
    task: 'translation',
    vocabSize: 400,
    hidden: 64,
    tied: 'on',
    smoothing: 0.1,
    epochs: 5,
  });
  await experiment.train();
  const { line, numbers } = await experiment.evaluate();
  expect(line).toMatch(/^test BLEU: \d+\.\d\d with 3 beams, \d+\.\d\d greedily$/);
  expect(numbers.bleu).toBeGreaterThan(50);
});

test('misspelled words of a text', async () => {
  const experiment = await prepare(seq2seq, { ...small, task: 'spelling', pairs: 1100, epochs: 1 });
  await experiment.train();
  expect((await experiment.evaluate()).numbers.loss).toBeLessThan(4);
});

test('pairs that are longer than they may be are counted, not cut in silence', async () => {
  const lines: string[] = [];
  const options = { ...small, task: 'dates', pairs: 1100, longest: 9 } as const;
  await prepare(seq2seq, options, {
    onEvent: (event) => {
      if (event.type === 'text' && event.label === 'cut') lines.push(event.text);
    },
  });
  expect(lines).toEqual([
    expect.stringMatching(
      /^1,\d+ of 1,\d+ pairs have more than 9 tokens on a side; the rest of those isn't read or learned \(--longest 18 keeps more\)$/,
    ),
  ]);
});
