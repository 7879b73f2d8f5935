import { beforeAll, expect, test } from 'vitest';
import { familyNames } from '../../../src/recipes/ch5-sequences/names.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { withoutData } from '../without-data.js';

beforeAll(withoutData);

test('a GRU tells the languages of invented names apart', async () => {
  const experiment = await prepare(familyNames, { epochs: 2, hidden: 32, batchSize: 32, lr: 0.005 });
  await experiment.train();
  const { numbers, report, line } = await experiment.evaluate();
  expect(numbers.accuracy).toBeGreaterThan(0.9);
  expect(numbers.f1).toBeGreaterThan(0.9);
  expect(line).toContain('F1 averaged over the languages: ');
  expect(reportLines(report!).join('\n')).toMatch(/^Dovesky +\w+ \d+ %/m);
});
