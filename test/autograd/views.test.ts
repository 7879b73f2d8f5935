import { beforeEach, describe, expect, test } from 'vitest';
import { setEngine } from '../../src/engine/registry.js';
import {
  arange,
  diagonal,
  grad,
  gradgradcheck,
  linspace,
  noGrad,
  slice,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

type Values = number[] | number[][] | null;
type Case = readonly [string, (x: Tensor, w: Tensor) => Tensor, Values, Values, Values];

const halves = (shape: number[]): Tensor => {
  const n = shape.reduce((a, b) => a * b, 1);
  return arange(1, n + 1)
    .to('float32')
    .reshape(shape)
    .div(2)
    .detach()
    .requiresGrad_();
};

/** [change of a view, result, gradient of x (2, 3), gradient of w (3)]: PyTorch's. */
const cases: readonly Case[] = [
  [
    'a row, by a number',
    (x) => {
      const y = x.mul(2);
      y.at(0).mul_(2);
      return y;
    },
    [
      [2, 4, 6],
      [4, 5, 6],
    ],
    [
      [4, 8, 12],
      [8, 10, 12],
    ],
    null,
  ],
  [
    'a row, by a tensor',
    (x, w) => {
      const y = x.mul(2);
      y.at(0).mul_(w);
      return y;
    },
    [
      [0.5, 2, 4.5],
      [4, 5, 6],
    ],
    [
      [1, 4, 9],
      [8, 10, 12],
    ],
    [1, 4, 9],
  ],
  [
    'another view, made before, sees it',
    (x, w) => {
      const y = x.mul(2);
      const [row, column] = [y.at(0), y.at(slice(), 1)];
      row.mul_(w);
      return column.mul(1);
    },
    [2, 5],
    [
      [0, 2, 0],
      [0, 4, 0],
    ],
    [0, 2, 0],
  ],
  [
    'the view itself goes on',
    (x, w) => {
      const row = x.mul(2).at(0);
      row.mul_(w);
      return row.mul(3);
    },
    [1.5, 6, 13.5],
    [
      [3, 12, 27],
      [0, 0, 0],
    ],
    [3, 12, 27],
  ],
  [
    'a view of what needed no gradient',
    (_, w) => {
      const y = zeros([2, 3]);
      y.at(1).add_(w);
      return y;
    },
    [
      [0, 0, 0],
      [0.5, 1, 1.5],
    ],
    null,
    [4, 5, 6],
  ],
  [
    'rows of a transposed',
    (x) => {
      const y = x.mul(2);
      y.t().at(slice(1)).mul_(3);
      return y;
    },
    [
      [1, 6, 9],
      [4, 15, 18],
    ],
    [
      [2, 12, 18],
      [8, 30, 36],
    ],
    null,
  ],
  [
    'setAt on a view',
    (x, w) => {
      const y = x.mul(2);
      const flat = y.view([6]);
      flat.setAt([2], 7);
      flat.setAt([slice(3, 5)], w.at(slice(0, 2)));
      return y;
    },
    [
      [1, 2, 7],
      [0.5, 1, 6],
    ],
    [
      [2, 4, 0],
      [0, 0, 12],
    ],
    [4, 5, 0],
  ],
  [
    'fill_',
    (x) => {
      const y = x.mul(2);
      y.at(0).fill_(1);
      return y;
    },
    [
      [1, 1, 1],
      [4, 5, 6],
    ],
    [
      [0, 0, 0],
      [8, 10, 12],
    ],
    null,
  ],
  [
    'copy_, then mul_ by the same',
    (x, w) => {
      const y = x.mul(2);
      const row = y.at(0);
      row.copy_(w);
      row.mul_(w);
      return y;
    },
    [
      [0.25, 1, 2.25],
      [4, 5, 6],
    ],
    [
      [0, 0, 0],
      [8, 10, 12],
    ],
    [1, 4, 9],
  ],
  [
    "a base whose memory isn't in order",
    (x, w) => {
      const y = x.t().mul(2);
      y.at(1).mul_(w.at(slice(0, 2)));
      return y;
    },
    [
      [1, 4],
      [1, 5],
      [3, 6],
    ],
    [
      [2, 3, 10],
      [4, 8, 12],
    ],
    [6, 20, 0],
  ],
  [
    'one row to another',
    (x) => {
      const y = x.mul(2);
      y.at(0).add_(y.at(1));
      return y;
    },
    [
      [5, 7, 9],
      [4, 5, 6],
    ],
    [
      [2, 4, 6],
      [10, 14, 18],
    ],
    null,
  ],
  [
    'a view of a detached tensor',
    (x, w) => {
      const y = x.mul(2).detach();
      y.at(0).mul_(w);
      return y;
    },
    [
      [0.5, 2, 4.5],
      [4, 5, 6],
    ],
    null,
    [1, 4, 9],
  ],
  [
    'a view of a view, by a mask',
    (x) => {
      const y = x.mul(2);
      y.unsqueeze(0)
        .at(0, 1)
        .maskedFill_(tensor([true, false, true]), 0);
      return y;
    },
    [
      [1, 2, 3],
      [0, 5, 0],
    ],
    [
      [2, 4, 6],
      [0, 10, 0],
    ],
    null,
  ],
  [
    'the base, and a view made before goes on',
    (x) => {
      const y = x.mul(2);
      const row = y.at(0);
      y.mul_(3);
      return row.mul(1);
    },
    [3, 6, 9],
    [
      [6, 12, 18],
      [0, 0, 0],
    ],
    null,
  ],
  [
    'a diagonal',
    (x, w) => {
      const y = x.mul(2);
      diagonal(y).mul_(w.at(slice(0, 2)));
      return y;
    },
    [
      [0.5, 2, 3],
      [4, 5, 6],
    ],
    [
      [1, 4, 6],
      [8, 10, 12],
    ],
    [1, 25, 0],
  ],
];

describe.each(testEngines)('views changed in place on %s', (engine) => {
  beforeEach(() => void setEngine(engine));

  for (const [name, change, value, ofX, ofW] of cases)
    test(name, () => {
      const [x, w] = [halves([2, 3]), halves([3])];
      const y = change(x, w);
      y.mul(
        arange(1, y.count + 1)
          .to('float32')
          .reshape([...y.shape]),
      )
        .sum()
        .backward();
      expect(y.toArraySync()).toEqual(value);
      expect(x.grad?.toArraySync() ?? null).toEqual(ofX);
      expect(w.grad?.toArraySync() ?? null).toEqual(ofW);
    });

  test('the view is the result of asStrided, its base of copySlices', () => {
    const y = halves([2, 3]).mul(2);
    const [row, other] = [y.at(0), y.at(1)];
    row.mul_(2);
    expect([y, row, other].map((t) => t.gradFn!.name)).toEqual(['copySlices', 'asStrided', 'asStrided']);
    expect(row.base).toBe(y);
  });

  test('second derivatives', () => {
    const f = (x: Tensor): Tensor => {
      const y = x.mul(x);
      y.at(0).mul_(x.at(1));
      const column = y.at(slice(), 1);
      column.pow_(2);
      return y.add(column.sum());
    };
    gradgradcheck(f, [halves([2, 3]).detach().to('float64').requiresGrad_()]);
  });

  test('a gradient with respect to the view, before and after', () => {
    const y = halves([2, 2]).mul(1);
    const row = y.at(0);
    row.mul_(3);
    const [after] = grad(y.sum(), row, { allowUnused: true, retainGraph: true });
    expect(after).toBe(null);
    expect(grad(row.square().sum(), row)[0]!.toArraySync()).toEqual([3, 6]);
  });

  test('what another operation saved is noticed', () => {
    const y = halves([2, 3]).mul(2);
    const squares = y.mul(y).sum();
    y.at(0).mul_(2);
    expect(() => squares.backward()).toThrow(/^mul: a tensor saved for backward, .* was changed in place/);
  });

  test('without a graph it changes memory only', () => {
    const y = halves([2, 3]).mul(2);
    noGrad(() => y.at(0).mul_(2));
    expect(y.gradFn!.name).toBe('mul');
    expect(y.toArraySync()).toEqual([
      [2, 4, 6],
      [4, 5, 6],
    ]);
  });
});

describe.each(testEngines)('pieces of an axis share one gradient, on %s', (engine) => {
  test.each([
    ['split', (x: Tensor) => x.split(2)],
    ['chunk', (x: Tensor) => x.chunk(3)],
    ['unbind', (x: Tensor) => x.unbind()],
  ] as const)("%s: pieces that are used, one that isn't, one changed in place", (_, cut) => {
    setEngine(engine);
    const x = halves([5, 2]);
    const whole = x.mul(1);
    const pieces = cut(whole);
    pieces[2]!.mul_(3);
    const used = pieces[0]!.sum().add(pieces[2]!.sum());
    const [ofPieces] = grad(used, x, { retainGraph: true });
    const first = pieces[0]!.count / 2;
    const second = first + pieces[1]!.count / 2;
    const third = second + pieces[2]!.count / 2;
    const factor = (row: number): number => (row < first ? 1 : row < second ? 0 : row < third ? 3 : 0);
    expect(ofPieces!.toArraySync()).toEqual([0, 1, 2, 3, 4].map((row) => [factor(row), factor(row)]));
    const [ofWhole] = grad(whole.sum(), x);
    const after = (row: number): number => (row >= second && row < third ? 3 : 1);
    expect(ofWhole!.toArraySync()).toEqual([0, 1, 2, 3, 4].map((row) => [after(row), after(row)]));
  });
});

test.each(testEngines)('windows that are longer than they are many add up, on %s', (engine) => {
  setEngine(engine);
  const x = halves([2, 7]);
  const g = arange(1, 21).to('float32').reshape([2, 2, 5]);
  const [sums] = grad(x.unfold(1, 5, 2), x, { gradOutputs: [g] });
  expect(sums!.toArraySync()).toEqual([
    [1, 2, 9, 11, 13, 9, 10],
    [11, 12, 29, 31, 33, 19, 20],
  ]);
});

describe.each(testEngines)('views that must not be changed, on %s', (engine) => {
  beforeEach(() => setEngine(engine));

  test.each<[string, () => Tensor]>([
    ['reshape', () => zeros([6]).reshape([2, 3])],
    ['unsqueeze', () => linspace(0, 1, 2).unsqueeze(1)],
    ['reshape in noGrad', () => noGrad(() => zeros([6]).reshape([2, 3]))],
  ])('a leaf that is a view itself, by %s', (_, make) => {
    const leaf = make().requiresGrad_();
    const message = /a view of a leaf that requires grad can't be changed in place/;
    expect(() => leaf.at(0).mul_(2)).toThrow(message);
    expect(() => leaf.at(0).at(0).zero_()).toThrow(message);
    expect(() => leaf.at(0).setAt([0], 5)).toThrow(message);
    const before = leaf.at(0);
    noGrad(() => leaf.at(0).add_(1));
    expect(before.toArraySync()).toEqual(leaf.at(0).toArraySync());
    expect(leaf.isLeaf).toBe(true);
    leaf.sum().backward();
    expect(leaf.grad!.shape).toEqual(leaf.shape);
  });

  test('a view from before its base became a leaf that requires grad', () => {
    const leaf = zeros([2, 3]);
    const row = leaf.at(0);
    row.add_(1);
    leaf.requiresGrad_();
    expect(() => row.mul_(2)).toThrow(/a view of a leaf that requires grad/);
  });

  test('a view made in noGrad', () => {
    const message =
      /^mul_: a view that was made in noGrad\(\) can't be changed in place while operations are recorded\n {2}hint: change it inside noGrad\(\), or make the view outside$/;
    const x = halves([2, 3]);
    const y = x.mul(1);
    const row = noGrad(() => y.at(0));
    expect(() => row.mul_(2)).toThrow(message);
    expect(() => row.mul_(zeros([3]).requiresGrad_())).toThrow(message);
    expect(() => row.narrow(0, 0, 2).mul_(2)).toThrow(message);
    noGrad(() => row.mul_(2));
    expect(row.requiresGrad).toBe(false);
    y.mul_(2);
    expect(row.requiresGrad).toBe(false);
    expect(() => row.mul_(2)).toThrow(message);
    y.sum().backward();
    expect(x.grad!.toArraySync()).toEqual([
      [2, 2, 2],
      [2, 2, 2],
    ]);
    expect(y.toArraySync()).toEqual([
      [2, 4, 6],
      [4, 5, 6],
    ]);
  });

  test('a view made in noGrad of what requires none, and a detached one', () => {
    const x = zeros([2, 3]);
    noGrad(() => x.at(0)).add_(1);
    expect(x.toArraySync()).toEqual([
      [1, 1, 1],
      [0, 0, 0],
    ]);
    const y = halves([2, 3]).mul(1);
    y.detach().mul_(2);
    expect(y.at(0).toArraySync()).toEqual([1, 2, 3]);
  });
});
