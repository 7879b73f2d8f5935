import { beforeAll, expect, test } from 'vitest';
import { languageModel } from '../../../src/recipes/ch5-sequences/language-model.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { withoutData } from '../without-data.js';

beforeAll(withoutData);

test('an LSTM learns the grammar of a text that Myelin makes', async () => {
  const experiment = await prepare(languageModel, { epochs: 2, hidden: 48, layers: 1, dropout: 0, lr: 0.01 });
  await experiment.train();
  const { numbers, report } = await experiment.evaluate();
  expect(numbers.perplexity).toBeLessThan(15);
  expect(numbers.perplexity).toBeCloseTo(Math.exp(numbers.loss!), 6);
  expect(reportLines(report!).join('\n')).toMatch(/^0\.7 +\w+ \w+/m);
});

test('tied weights are one table less', async () => {
  const sizes: number[] = [];
  for (const tied of ['on', 'off'])
    await prepare(
      languageModel,
      { tied, hidden: 16 },
      {
        onEvent(event) {
          if (event.type !== 'text' || event.label !== 'model') return;
          const [, size, words] = /LSTM, (\S+) parameters; (\S+) words/.exec(event.text)!;
          sizes.push(Number(size!.replace(/,/g, '')), Number(words!.replace(/,/g, '')));
        },
      },
    );
  expect(sizes[2]! - sizes[0]!).toBe(16 * sizes[1]!);
});

test('characters need no spaces, and the loss is in nats', async () => {
  const experiment = await prepare(languageModel, {
    tokens: 'characters',
    ...{ epochs: 1, hidden: 32, layers: 1, dropout: 0, lr: 0.01, length: 32 },
  });
  await experiment.train();
  const { line, numbers, report } = await experiment.evaluate();
  expect(numbers.loss).toBeLessThan(1.5);
  expect(numbers['validation loss']).toBeCloseTo(numbers.loss!, 1);
  expect(line).toContain(`${numbers.loss!.toFixed(3)} nats`);
  expect(reportLines(report!).join('\n')).toMatch(/^0\.7 +[\w ⏎.,]{40}/m);
});
