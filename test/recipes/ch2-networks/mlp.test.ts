import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mlp, network } from '../../../src/recipes/ch2-networks/mlp.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { smallDigits } from '../../cli/command.js';
import { picturesOf } from '../pictures.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-mlp-'));
let data: string;
beforeAll(() => {
  data = smallDigits(join(folder, 'digits'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const small = { epochs: 8, batchSize: 32, hidden: 64, lr: 3e-3 };

test('it has the layers it says', () => {
  // 784·512 + 512 + 512·512 + 512 + 512·10 + 10
  expect(network(512, 0).numParameters()).toBe(669_706);
});

test("a fully connected network reads digits that it hasn't seen; stopped and resumed as well", async () => {
  const through = await prepare(mlp, { ...small, data });
  expect(await through.train()).toBe(true);
  const { numbers, line, report, confusion } = await through.evaluate();
  expect(numbers.accuracy).toBeGreaterThan(0.9);
  expect(line).toBe(`test accuracy: ${(100 * numbers.accuracy!).toFixed(2)} %`);
  expect(confusion!.matrix.flat().reduce((a, b) => a + b)).toBe(200);
  expect(reportLines(report!)[0]).toBe('most often mistaken  taken for  times');
  expect(await picturesOf(through, 'MNIST')).toEqual(['mistakes']);

  const abort = new AbortController();
  const stopped = await prepare(
    mlp,
    { ...small, data },
    {
      onEvent(event) {
        if (event.type === 'progress' && event.training!.step === 70) abort.abort();
      },
    },
  );
  expect(await stopped.train(abort.signal)).toBe(false);
  expect(stopped.step).toBe(70);
  const state = stopped.state();
  const resumed = await prepare(mlp, { ...small, data });
  resumed.loadState(state);
  expect(await resumed.train()).toBe(true);
  expect((await resumed.evaluate()).numbers).toEqual(numbers);
});

test('a share of the images can be held back to validate on', async () => {
  const seen: unknown[] = [];
  const experiment = await prepare(
    mlp,
    { ...small, epochs: 1, validation: 0.25, data },
    {
      onEvent(event) {
        if (event.type === 'metrics') seen.push(event.step, event.validation);
      },
    },
  );
  await experiment.train();
  expect(seen).toEqual([15, { loss: expect.any(Number), accuracy: expect.any(Number) }]);
});
