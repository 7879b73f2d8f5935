import { beforeEach, describe, expect, test } from 'vitest';
import type { Shape } from '../../../src/core/shape.js';
import { setEngine } from '../../../src/engine/registry.js';
import * as F from '../../../src/functional.js';
import {
  cat,
  gather,
  indexAdd,
  indexCopy,
  maskedSelect,
  ones,
  scatter,
  scatterAdd,
  scatterReduce,
  type Tensor,
  take,
  takeAlongDim,
  zeros,
} from '../../../src/index.js';
import { testEngines } from '../../helpers/engines.js';

const none = (shape: Shape): Tensor => zeros(shape, { dtype: 'int32' });

/** [name, function of x, shape of x, its gradient (default zeros)] */
const cases: readonly (readonly [string, (x: Tensor) => Tensor, Shape, number?])[] = [
  ['gather', (x) => gather(x, 1, none([2, 0])), [2, 3]],
  ['gather of an index with other axes', (x) => gather(x, 1, none([0])), [2, 3]],
  ['gather of an empty batch', (x) => gather(x, 1, none([0, 1])), [0, 3]],
  ['gather of a scalar', (x) => gather(x, 0, none([0])), []],
  ['takeAlongDim', (x) => takeAlongDim(x, none([2, 0]), 1), [2, 3]],
  ['take', (x) => take(x, none([0])), [2, 3]],
  ['indexSelect', (x) => x.indexSelect(0, none([0])), [2, 3]],
  ['at', (x) => x.at(none([0])), [2, 3]],
  ['at with a mask', (x) => x.at(zeros([2, 3], { dtype: 'bool' })), [2, 3]],
  ['maskedSelect', (x) => maskedSelect(x, zeros([2, 3], { dtype: 'bool' })), [2, 3]],
  ['narrow', (x) => x.narrow(1, 0, 0), [2, 3]],
  ['cat', (x) => cat([x.narrow(0, 0, 0), ones([1, 3])]), [2, 3]],
  ['embedding', (x) => F.embedding(none([0]), x), [2, 3]],
  ['embeddingBag', (x) => F.embeddingBag(none([0]), x, { offsets: none([1]) }), [2, 3]],
  ['scatter into x', (x) => scatter(x, 0, none([0, 3]), ones([0, 3])), [2, 3], 1],
  ['scatter of a source', (x) => scatter(zeros([2, 3]), 0, none([0, 3]), x), [2, 3]],
  ['scatterAdd into x', (x) => scatterAdd(x, 0, none([0, 3]), ones([0, 3])), [2, 3], 1],
  ['scatterAdd of a source', (x) => scatterAdd(zeros([2, 3]), 0, none([0, 3]), x), [1, 3]],
  ['scatterAdd_ of a source', (x) => zeros([2, 3]).scatterAdd_(0, none([0, 3]), x), [1, 3]],
  ['scatterAdd of an empty source', (x) => scatterAdd(zeros([2, 3]), 0, none([0, 3]), x), [0, 3]],
  ['scatterReduce', (x) => scatterReduce(zeros([2, 3]), 0, none([0, 3]), x, 'amax'), [1, 3]],
  ['indexAdd', (x) => indexAdd(zeros([2, 3]), 0, none([0]), x), [0, 3]],
  ['indexCopy', (x) => indexCopy(zeros([2, 3]), 0, none([0]), x), [0, 3]],
  ['nllLoss', (x) => F.nllLoss(x, none([0]), { reduction: 'sum' }), [0, 3]],
  ['crossEntropy', (x) => F.crossEntropy(x, none([0]), { reduction: 'sum' }), [0, 3]],
  ['multiMarginLoss', (x) => F.multiMarginLoss(x, none([0]), { reduction: 'sum' }), [0, 3]],
  ['ctcLoss', (x) => F.ctcLoss(x, none([0, 1]), none([0]), none([0]), { reduction: 'sum' }), [3, 0, 2]],
  ['mseLoss', (x) => F.mseLoss(x, zeros([0, 3]), { reduction: 'sum' }), [0, 3]],
  ['dropout', (x) => F.dropout(x), [0, 3]],
  ['pad', (x) => F.pad(x, [0, 1]), [0, 3]],
  [
    'oneHot rows',
    (x) =>
      F.oneHot(none([0]), 3)
        .to('float32')
        .mul(x),
    [0, 3],
  ],
];

describe.each(testEngines)('an empty index keeps the graph on %s', (engine) => {
  beforeEach(() => void setEngine(engine));

  for (const [name, f, shape, slope = 0] of cases)
    test(name, () => {
      const x = ones(shape).requiresGrad_();
      const y = f(x);
      expect(y.requiresGrad).toBe(true);
      y.sum().backward();
      expect(x.grad!.shape).toEqual(shape);
      expect([...x.grad!.dataSync()]).toEqual(Array(x.count).fill(slope));
    });
});
