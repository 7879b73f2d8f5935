/** What an operation only learns from elements: thrown at once, or with the next read. */
import { describe, expect, test } from 'vitest';
import { DTypeError, EngineError, IndexError, MyelinError } from '../../src/core/errors.js';
import type { Engine } from '../../src/engine/engine.js';
import { FaultQueue } from '../../src/engine/fault.js';
import { engineNamed } from '../../src/engine/registry.js';
import * as F from '../../src/functional.js';
import { maskedSelectAsync, noGrad, tensor } from '../../src/index.js';
import { int32Tensor } from '../../src/tensor/list.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { testEngines } from '../helpers/engines.js';
import { lateEngine } from './late.js';

const problem = (text: string): MyelinError => new MyelinError('test', text);

describe('the queue of faults', () => {
  test('raises the first fault in the order of the checks, once', async () => {
    const faults = new FaultQueue();
    let finish = (_: MyelinError | null): void => {};
    faults.watch(Promise.resolve(null));
    faults.watch(new Promise((resolve) => (finish = resolve)));
    faults.watch(Promise.resolve(problem('a consequence')));
    const raised = faults.raise();
    finish(problem('the cause'));
    await expect(raised).rejects.toThrow('test: the cause');
    await faults.raise();
  });

  test('keeps a fault that no read waited for', async () => {
    const faults = new FaultQueue();
    faults.watch(Promise.resolve(problem('long ago')));
    await new Promise((resolve) => setTimeout(resolve));
    await expect(faults.raise()).rejects.toThrow('long ago');
  });

  test('raises what a check itself throws', async () => {
    const faults = new FaultQueue();
    faults.watch(Promise.reject(new TypeError('the device is lost')));
    await expect(faults.raise()).rejects.toThrow('the device is lost');
  });
});

const now = engineNamed(testEngines[0]!);
const late = lateEngine(testEngines[0]!);
const numbers = (list: number[], engine: Engine = late): Tensor => int32Tensor(list, engine);

const floats = (list: Lists, ...elements: number[]): Tensor =>
  elements.reduce(
    (x, element, i) => x.indexFill(0, list([i]), element),
    list(elements.map(() => 0)).to('float32'),
  );

const bag = (list: Lists, index: number[], offsets: number[]): Tensor =>
  F.embeddingBag(list(index), floats(list, 0, 1, 2, 3).reshape([4, 1]), { offsets: list(offsets) });

const gaussian = (list: Lists, ...variances: number[]): Tensor =>
  F.gaussianNllLoss(floats(list, 0, 0), floats(list, 0, 0), floats(list, ...variances));

type Lists = (list: number[]) => Tensor;
type Case = readonly [name: string, run: (list: Lists) => Tensor];

const bad: readonly Case[] = [
  ['gather', (list) => list([1, 2]).gather(0, list([0, 5]))],
  ['scatter_', (list) => list([1, 2]).scatter_(0, list([3]), 1)],
  ['indexSelect', (list) => list([1, 2]).indexSelect(0, list([-1]))],
  ['indexFill', (list) => list([1, 2]).indexFill(0, list([2]), 1)],
  ['take', (list) => list([1, 2]).take(list([-3]))],
  ['at', (list) => list([1, 2]).at(list([0, 7]))],
  ['sum', (list) => list([2 ** 31 - 1, 1]).sum()],
  ['prod', (list) => list([2 ** 30, 4]).prod()],
  ['cumsum', (list) => list([2 ** 31 - 1, 1]).cumsum(0)],
  ['sum in uint8', (list) => list([255, 1]).sum({ dtype: 'uint8' })],
  ['scatterAdd', (list) => list([2 ** 31 - 1]).scatterAdd(0, list([0]), list([1]))],
  [
    'matmul',
    (list) =>
      list([2 ** 20])
        .reshape([1, 1])
        .matmul(list([2 ** 20]).reshape([1, 1])),
  ],
  ['crossEntropy', (list) => F.crossEntropy(list([1, 2]).to('float32').unsqueeze(0), list([2]))],
  [
    'maxUnpool1d',
    (list) => F.maxUnpool1d(list([1]).to('float32').reshape([1, 1]), list([9]).reshape([1, 1]), 2),
  ],
  ['oneHot', (list) => F.oneHot(list([3]), 2)],
  ['embeddingBag, index', (list) => bag(list, [4], [0])],
  ['embeddingBag, offsets', (list) => bag(list, [1], [0, 2])],
  ['embeddingBag, first offset', (list) => bag(list, [1], [1])],
  ['nllLoss', (list) => F.nllLoss(list([1, 2]).to('float32').unsqueeze(0), list([-1]))],
  ['multiMarginLoss', (list) => F.multiMarginLoss(list([1, 2]).to('float32').unsqueeze(0), list([2]))],
  ['ctcLoss', (list) => F.ctcLoss(list([0, 0]).to('float32').unsqueeze(0), list([5]), 1, 1)],
  ['binaryCrossEntropy', (list) => F.binaryCrossEntropy(floats(list, 0, 2), floats(list, 0, 1))],
  ['gaussianNllLoss', (list) => gaussian(list, 1, -2)],
  ['gaussianNllLoss beside NaN', (list) => gaussian(list, Number.NaN, -2)],
  ['quantile', (list) => floats(list, 1, 2).quantile(floats(list, 2))],
  ['cov', (list) => floats(list, 1, 2).cov({ aweights: floats(list, 1, -1) })],
  ['histc', (list) => floats(list, 1, Number.POSITIVE_INFINITY).histc()],
  ['bernoulli', (list) => floats(list, 0, 1.5).bernoulli()],
  ['bernoulli_', (list) => list([1]).bernoulli_(floats(list, -1))],
  ['multinomial', (list) => floats(list, 1, Number.POSITIVE_INFINITY).multinomial(1)],
  ['multinomial of nothing', (list) => floats(list, 0, 0).multinomial(1)],
  ['fill_', (list) => list([1]).fill_(floats(list, 2 ** 40).reshape([]))],
  ['indexFill by a tensor', (list) => list([1]).indexFill(0, list([0]), floats(list, 2 ** 40).reshape([]))],
  ['maskedScatter', (list) => list([1, 2]).maskedScatter(list([1, 1]).ne(0), list([3]))],
];

test.each(bad)(
  '%s: the error that one engine throws at once comes with the next read of another',
  async (_, run) => {
    let error: unknown;
    expect(() => {
      try {
        run((list) => numbers(list, now));
      } catch (thrown) {
        error = thrown;
        throw thrown;
      }
    }).toThrow(MyelinError);
    const result = run(numbers);
    await expect(result.data()).rejects.toMatchObject({ detail: (error as MyelinError).detail });
    await expect(numbers([1]).item()).resolves.toBe(1);
  },
);

test('sums of integers are exact where nothing is known at once', async () => {
  const sum = numbers([5, -5]).scatterAdd(0, numbers([0, 0, 1]), numbers([1, 2, 3]));
  expect([...(await sum.data())]).toEqual([8, -2]);
  const a = numbers([1, 2, 3, 4]).reshape([2, 2]);
  expect([...(await a.matmul(a).data())]).toEqual([7, 10, 15, 22]);
  const products = numbers([5, 0]).scatterReduce(0, numbers([0, 0, 1]), numbers([1, 2, 3]), 'prod');
  expect([...(await products.data())]).toEqual([10, 0]);
});

describe('sizes that depend on elements', () => {
  const both = ['nonzero', 'argwhere', 'unique', 'uniqueConsecutive', 'bincount'] as const;

  test.each(both)('%s names the form that awaits', (name) => {
    expect(() => numbers([1])[name]()).toThrow(EngineError);
    expect(() => numbers([1])[name]()).toThrow(
      new RegExp(`^${name}: the result depends on elements, .*\n  hint: await \\w+Async$`),
    );
  });

  test('the form that awaits works on every engine', async () => {
    for (const engine of [now, late]) {
      const x = numbers([3, 0, 3], engine);
      expect([...(await (await x.nonzeroAsync()).data())]).toEqual([0, 2]);
      expect([...(await (await x.uniqueAsync()).data())]).toEqual([0, 3]);
      expect([...(await (await x.bincountAsync()).data())]).toEqual([1, 0, 0, 2]);
      expect([...(await (await F.oneHotAsync(x.narrow(0, 1, 1))).data())]).toEqual([1]);
    }
  });

  test('elements count as they are at the call', async () => {
    const mask = numbers([1, 0]).ne(0);
    const selected = numbers([5, 6]).maskedSelectAsync(mask);
    mask.fill_(true);
    expect([...(await (await selected).data())]).toEqual([5]);
  });

  test('the graph is recorded as at the call', async () => {
    const x = tensor([1, 2]).requiresGrad_();
    const mask = tensor([true, false]);
    expect((await maskedSelectAsync(x, mask)).requiresGrad).toBe(true);
    const outside: Promise<Tensor>[] = [];
    noGrad(() => void outside.push(maskedSelectAsync(x, mask)));
    expect((await outside[0]!).requiresGrad).toBe(false);
  });

  test('at and setAt await masks and positions', async () => {
    const x = numbers([5, 6, 7]);
    expect(() => x.at(numbers([1, 0, 1]).ne(0))).toThrow(
      /^at: the result depends .*\n {2}hint: await atAsync$/,
    );
    expect(() => x.at(numbers([1]).sum())).toThrow(EngineError);
    expect(() => x.indexPut_([numbers([1]).sum()], 0)).toThrow(/hint: await setAtAsync$/);
    expect([...(await (await x.atAsync(numbers([1, 0, 1]).ne(0))).data())]).toEqual([5, 7]);
    expect(await (await x.atAsync(numbers([2]).sum())).item()).toBe(7);
    await x.setAtAsync([numbers([0, 1, 1]).ne(0)], numbers([1, 2]));
    expect([...(await x.data())]).toEqual([5, 1, 2]);
    expect([...(await x.at([true, false, true]).data())]).toEqual([5, 2]);
  });

  test('a move from an engine whose results arrive later is awaited', async () => {
    const x = numbers([5, 6]);
    const there = numbers([0], now);
    expect(() => x.to(there)).toThrow(/^to: the result depends .*\n {2}hint: await toAsync$/);
    const moved = await x.toAsync(there);
    expect(moved.engine).toBe(now);
    expect([...moved.dataSync()]).toEqual([5, 6]);
    expect((await x.toAsync('float32')).dtype).toBe('float32');
  });

  test('errors come with the promise', async () => {
    await expect(numbers([-1]).bincountAsync()).rejects.toThrow(IndexError);
    await expect(tensor([1.5]).bincountAsync()).rejects.toThrow(DTypeError);
    await expect(tensor([1.5]).bincountAsync()).rejects.toThrow(
      'bincountAsync: counts integers, got float32',
    );
  });
});
