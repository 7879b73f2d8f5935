import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { tensor } from '../../../src/index.js';
import { neighborAccuracy, projection } from '../../../src/recipes/ch2-networks/projection.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { smallDigits } from '../../cli/command.js';
import { picturesOf } from '../pictures.js';
import { trainedInTwoGoes } from '../stopped.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
const data = smallDigits(join(folder, 'digits'));
afterAll(() => rmSync(folder, { recursive: true }));

test('features of a trained network gather the digits in the plane, pixels less so', async () => {
  const options = { data, images: 200, perplexity: 15, epochs: 6 };
  const { experiment, result } = await trainedInTwoGoes(projection, options);
  const { numbers, report } = result;
  expect(numbers.featuresPca).toBeGreaterThan(numbers.pixelsPca! + 0.1);
  expect(numbers.featuresTsne).toBeGreaterThan(0.85);
  expect(numbers.pixelsTsne).toBeGreaterThan(numbers.pixelsPca!);
  expect(numbers.pixelsTrustworthiness).toBeGreaterThan(0.9);
  expect(reportLines(report!).join('\n')).toMatch(/^features +84 +\d+\.\d %/m);
  expect(await picturesOf(experiment, 'MNIST')).toEqual(['projection', 'variance']);
}, 60_000);

test('more neighbors than images are an error before anything is computed', async () => {
  await expect(prepare(projection, { data, images: 100, perplexity: 100 })).rejects.toThrow(
    'projection: perplexity 100 is more neighbors than 100 images have; lower it',
  );
});

test("a point doesn't vote for itself", async () => {
  const x = tensor([[0], [1], [2], [10], [11], [12]]);
  const apart = tensor([0, 0, 0, 1, 1, 1], { dtype: 'int32' });
  expect(await neighborAccuracy(x, apart, 2)).toBe(1);
  const alone = tensor([0, 1, 0, 1, 0, 1], { dtype: 'int32' });
  expect(await neighborAccuracy(x, alone, 1)).toBe(0);
});
