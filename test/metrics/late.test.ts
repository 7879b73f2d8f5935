/** Metrics of batches that arrive later. */
import { beforeAll, expect, test, vi } from 'vitest';
import { EngineError } from '../../src/core/errors.js';
import { engineNamed } from '../../src/engine/registry.js';
import { randint, setEngine, type Tensor, tensor, tidy, zeros } from '../../src/index.js';
import * as metrics from '../../src/metrics/index.js';

beforeAll(() => setEngine('reference'));

const classes = (...values: number[]): Tensor => tensor(values, { dtype: 'int32' });

test('compute and stateDict say what to await', async () => {
  const metric = new metrics.F1().update(classes(0, 1, 1), classes(0, 1, 0));
  expect(() => metric.compute()).toThrow(EngineError);
  expect(() => metric.compute()).toThrow(
    'f1: results arrive later on the reference engine\n  hint: await computeAsync()',
  );
  expect(() => metric.stateDict()).toThrow(
    'f1: results arrive later on the reference engine\n  hint: await settled() before stateDict()',
  );
  await metric.settled();
  expect(await metric.compute().item()).toBeCloseTo(2 / 3);
  expect(Object.keys(metric.stateDict())).toContain('hits');
});

test('a matrix that arrives later has an awaited warning', async () => {
  const confusion = tensor([
    [95, 0],
    [5, 0],
  ]);
  expect(() => metrics.imbalanceWarning(confusion)).toThrow(
    'imbalanceWarning: the result depends on elements, which arrive later on the reference engine\n  hint: await imbalanceWarningAsync',
  );
  expect(await metrics.imbalanceWarningAsync(confusion)).toMatch(/^accuracy 95.0 % is misleading/);
});

test('what is wrong with a batch is thrown once, and other batches count', async () => {
  const metric = new metrics.Accuracy().update(classes(0, 1), classes(0, 1));
  metric.update(classes(0, 1), classes(-1, 1)).update(classes(0), classes(1));
  await expect(metric.settled()).rejects.toThrow("accuracy: labels[0] is -1, which isn't a class");
  expect(await metric.compute().item()).toBeCloseTo(2 / 3);
});

test("a state that doesn't fit is found when it arrives", async () => {
  const metric = new metrics.Accuracy();
  const state = { ...metric.stateDict(), right: tensor([Number.NaN], { dtype: 'float64' }) };
  metric.loadStateDict(state);
  await expect(metric.settled()).rejects.toThrow(
    "accuracy: the state doesn't belong to this metric: 'right' contains NaN",
  );
});

test("reset drops batches that haven't arrived, requested or not", async () => {
  const metric = new metrics.Accuracy().update(classes(0), classes(1));
  const arriving = metric.settled();
  metric.update(classes(0), classes(1));
  metric.reset();
  metric.update(classes(1), classes(1));
  await arriving;
  expect(await (await metric.computeAsync()).item()).toBe(1);
});

test('a batch counts as it was at its update', async () => {
  const [predicted, labels] = [classes(0, 1), classes(0, 1)];
  const metric = tidy(() => [new metrics.Accuracy().update(predicted.clone(), labels)] as const)[0];
  labels.fill_(0);
  expect(await (await metric.computeAsync()).item()).toBe(1);
});

test("updates take one read together, but don't let many elements wait", async () => {
  const read = vi.spyOn(engineNamed('reference'), 'read');
  const [few, many] = [new metrics.Accuracy(), new metrics.Accuracy()];
  for (let i = 0; i < 5; i++) few.update(randint(0, 2, [8]), classes(0, 1, 0, 1, 0, 1, 0, 1));
  await few.settled();
  expect(read).toHaveBeenCalledTimes(1);
  read.mockClear();
  for (let i = 0; i < 3; i++) {
    many.update(zeros([100_000]), zeros([100_000]));
    await Promise.resolve();
  }
  expect(read).toHaveBeenCalledTimes(1);
  expect(await (await many.computeAsync()).item()).toBe(1);
  read.mockRestore();
});
