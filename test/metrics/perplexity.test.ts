import { expect, test } from 'vitest';
import { IndexError } from '../../src/core/errors.js';
import { crossEntropy } from '../../src/functional.js';
import { full, manualSeed, randint, randn, tensor, zeros } from '../../src/index.js';
import { Perplexity, perplexity } from '../../src/metrics/index.js';

test('exp of the mean cross-entropy', async () => {
  manualSeed(0);
  const logits = randn([3, 5, 7]);
  const targets = randint(0, 7, [3, 5]);
  const loss = await crossEntropy(logits.reshape([15, 7]), targets.flatten()).item();
  expect(await perplexity(logits, targets).item()).toBeCloseTo(Math.exp(loss), 4);
});

test('padding is ignored', async () => {
  const logits = tensor([Math.log(3), 0])
    .reshape([1, 2])
    .expand([4, 2]);
  const targets = tensor([0, -100, 1, 0], { dtype: 'int32' });
  const wanted = Math.exp(-(2 * Math.log(0.75) + Math.log(0.25)) / 3);
  expect(await perplexity(logits, targets, { ignoreIndex: -100 }).item()).toBeCloseTo(wanted, 5);
});

test('errors', async () => {
  const int = (values: number[]) => tensor(values, { dtype: 'int32' });
  expect(() => perplexity(zeros([2, 3]), zeros([3]).to('int32'))).toThrow(
    'perplexity: the logits must be (…, V) for targets (…)\n  logits     [2, 3]\n  targets    [3]',
  );
  expect(() => perplexity(zeros([1, 3]), int([3]))).toThrow(IndexError);
  expect(() => perplexity(full([1, 3], Number.NaN), int([0]))).toThrow(
    "perplexity: the loss[0] is NaN, which isn't finite",
  );
  expect(() => perplexity(zeros([0, 3]), zeros([0]).to('int32'))).toThrow(
    'perplexity: there are no examples',
  );
  expect(() => new Perplexity().loadStateDict({ loss: tensor([-1]), count: tensor([2]) })).toThrow(
    "perplexity: the state doesn't belong to this metric: its loss is -1, and its count 2",
  );
});
