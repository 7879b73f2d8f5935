import { beforeAll, expect, test } from 'vitest';
import { sentiment } from '../../../src/recipes/ch5-sequences/sentiment.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { withoutData } from '../without-data.js';

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
