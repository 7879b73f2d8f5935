import { beforeAll, expect, test } from 'vitest';
import { chargen } from '../../../src/recipes/ch5-sequences/chargen.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { withoutData } from '../without-data.js';

beforeAll(withoutData);

test('a GRU learns to write names, and writes at every temperature', async () => {
  const experiment = await prepare(chargen, { texts: 'names', epochs: 2, hidden: 48 });
  await experiment.train();
  const { numbers, report } = await experiment.evaluate();
  expect(numbers.loss).toBeLessThan(1.9);
  const text = reportLines(report!).join('\n');
  expect(text).toMatch(/^greedy +[A-Z][a-z]+/m);
  expect(text).toMatch(/^5 beams +[A-Z][a-z]+/m);
  for (const temperature of [0.8, 1, 1.5, 2, 5]) expect(text).toContain(`temperature ${temperature} `);
  expect(text).not.toMatch(/<BOS>|<EOS>|<pad>/);
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['temperature']);
});
