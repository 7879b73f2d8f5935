import { describe, expect, test } from 'vitest';
import {
  ArgumentError,
  arange,
  ones,
  ShapeError,
  setEngine,
  slice,
  type Tensor,
  tensor,
} from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

const line = (): Tensor => arange(6, { dtype: 'float32' });
const square = (): Tensor => arange(9, { dtype: 'float32' }).reshape([3, 3]);
const index = (): Tensor => tensor([1, 2, 3, 4, 5, 0], { dtype: 'int32' });
const most = (): Tensor => tensor([true, true, false, true, true, false]);

describe.each(testEngines)('operands that share memory with what is written, %s', (engine) => {
  const sharing: Record<string, [operand: number, change: () => void]> = {
    indexAdd_: [
      3,
      () => {
        const x = line();
        x.indexAdd_(0, index(), x);
      },
    ],
    indexCopy_: [
      3,
      () => {
        const x = line();
        x.indexCopy_(0, index(), x);
      },
    ],
    scatter_: [
      3,
      () => {
        const x = line();
        x.scatter_(0, index(), x);
      },
    ],
    scatterAdd_: [
      3,
      () => {
        const x = line();
        x.scatterAdd_(0, index(), x);
      },
    ],
    'scatter_ of a part': [
      3,
      () => {
        const x = line();
        x.narrow(0, 0, 4).scatter_(0, index().narrow(0, 0, 3), x.narrow(0, 3, 3));
      },
    ],
    'indexAdd_ by the tensor itself': [
      2,
      () => {
        const x = index();
        x.indexAdd_(0, x, ones([6], { dtype: 'int32' }));
      },
    ],
    setAt: [
      2,
      () => {
        const x = line();
        x.setAt([index()], x);
      },
    ],
    indexPut_: [
      2,
      () => {
        const x = line();
        x.indexPut_([index()], x);
      },
    ],
    'setAt with accumulate': [
      2,
      () => {
        const x = line();
        x.setAt([index()], x, { accumulate: true });
      },
    ],
    'setAt of a range': [
      2,
      () => {
        const x = line();
        x.setAt([slice(1)], x.at(slice(0, -1)));
      },
    ],
    copy_: [
      2,
      () => {
        const x = line();
        x.narrow(0, 1, 5).copy_(x.narrow(0, 0, 5));
      },
    ],
    sub_: [
      2,
      () => {
        const x = line();
        x.sub_(x.at(0));
      },
    ],
    add_: [
      2,
      () => {
        const x = square();
        x.add_(x.t());
      },
    ],
    'add_ of columns': [
      2,
      () => {
        const x = square();
        x.narrow(1, 0, 2).add_(x.narrow(1, 1, 2));
      },
    ],
    addcmul_: [
      2,
      () => {
        const x = line();
        x.narrow(0, 1, 5).addcmul_(x.narrow(0, 0, 5), ones([5]));
      },
    ],
    maskedFill_: [
      2,
      () => {
        const x = most();
        x.narrow(0, 1, 5).maskedFill_(x.narrow(0, 0, 5), 0);
      },
    ],
  };
  test.each(Object.entries(sharing))('%s is refused', (name, [operand, change]) => {
    setEngine(engine);
    expect(change).toThrow(ArgumentError);
    const operation = /^(index(Add|Copy|Put)|scatter(Add)?|set|add|sub|copy|addcmul|maskedFill)\w*/.exec(
      name,
    )![0];
    expect(change).toThrow(
      `${operation}: operand ${operand} shares elements in memory with the tensor that is written\n  hint: clone() the operand first`,
    );
  });

  test('what reads its own place, or disjoint elements of the same memory, is done', () => {
    setEngine(engine);
    const x = line();
    expect([...x.add_(x).dataSync()]).toEqual([0, 2, 4, 6, 8, 10]);
    expect([...x.copy_(x).dataSync()]).toEqual([0, 2, 4, 6, 8, 10]);
    x.at(slice(0, null, 2)).copy_(x.at(slice(1, null, 2)));
    expect([...x.dataSync()]).toEqual([2, 2, 6, 6, 10, 10]);
    x.setAt([0], x.at(5));
    expect([...x.dataSync()]).toEqual([10, 2, 6, 6, 10, 10]);
    x.fill_(x.at(1));
    expect([...x.dataSync()]).toEqual([2, 2, 2, 2, 2, 2]);
    const y = square();
    y.narrow(1, 0, 1).add_(y.narrow(1, 2, 1));
    expect([...y.dataSync()]).toEqual([2, 1, 2, 8, 4, 5, 14, 7, 8]);
    const z = line();
    expect([...z.maskedScatter_(most(), z.flip([0])).dataSync()]).toEqual([5, 4, 2, 3, 2, 5]);
    expect([...z.maskedFill_(most(), z.at(2)).dataSync()]).toEqual([2, 2, 2, 2, 2, 5]);
  });

  test.runIf(testEngines.length > 1)('operands on another engine are refused', () => {
    setEngine(engine);
    const x = line();
    setEngine(testEngines.find((other) => other !== engine)!);
    const message =
      /^\w+: operand 2 is on engine \w+, the first on \w+\n {2}hint: move one of them with to\(\)$/;
    expect(() => x.maskedFill_(most(), 0)).toThrow(message);
    expect(() => x.indexAdd_(0, index(), x.clone())).toThrow(message);
    expect(() => x.add_(ones([6]))).toThrow(message);
  });

  test('elements that are written twice are refused, repeated or in windows', () => {
    setEngine(engine);
    const message = (name: string): RegExp =>
      new RegExp(
        `^${name}: the tensor repeats elements in memory\\n .* strides \\[\\d(, \\d)*\\]\\n {2}hint: clone\\(\\) it first`,
      );
    const wide = (): Tensor => ones([1, 3]).expand([2, 3]);
    const changes: Record<string, () => void> = {
      add_: () => wide().add_(1),
      uniform_: () => wide().uniform_(),
      scatter_: () => wide().scatter_(0, tensor([[0, 1, 1]], { dtype: 'int32' }), 1),
      mul_: () => line().unfold(0, 3, 1).mul_(2),
    };
    for (const [name, change] of Object.entries(changes)) {
      expect(change).toThrow(ShapeError);
      expect(change).toThrow(message(name));
    }
    expect(wide().setAt([0], 4).at(0).dataSync()).toEqual(new Float32Array([4, 4, 4]));
  });
});
