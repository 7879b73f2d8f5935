/** Tensors are equal for `toEqual` if their dtypes, shapes and values are. */
import { expect } from 'vitest';
import { sameShape } from '../../src/core/shape.js';
import { Tensor } from '../../src/tensor/tensor.js';

expect.addEqualityTesters([
  function (a: unknown, b: unknown) {
    if (!(a instanceof Tensor && b instanceof Tensor)) return undefined;
    return (
      a.dtype === b.dtype && sameShape(a.shape, b.shape) && this.equals([...a.dataSync()], [...b.dataSync()])
    );
  },
]);
