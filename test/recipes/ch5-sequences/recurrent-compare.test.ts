import { beforeAll, expect, test } from 'vitest';
import { recurrentCompare } from '../../../src/recipes/ch5-sequences/recurrent-compare.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { trainedInTwoGoes } from '../stopped.js';
import { withoutData } from '../without-data.js';

beforeAll(withoutData);

test('gated layers learn more of a text than an RNN of their size', async () => {
  const { experiment, result } = await trainedInTwoGoes(recurrentCompare, {
    steps: 200,
    hidden: 32,
    length: 32,
  });
  const { rnn, lstm, gru } = result.numbers;
  expect(rnn).toBeLessThan(2);
  expect(gru).toBeLessThan(rnn!);
  expect(lstm).toBeLessThan(2);
  const text = reportLines(result.report!).join('\n');
  expect(text).toMatch(/^RNN +2,112 /m);
  expect(text).toMatch(/^LSTM +8,448 /m);
  expect(text).toMatch(/^GRU +6,336 /m);
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['curves']);
});
