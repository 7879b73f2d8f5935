/** Where modules and parameters are found, and what is said of those that can't be. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { noGrad, ones, onWarning, type Tensor, type Warning } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import * as optim from '../../../src/optim/index.js';

const warnings: Warning[] = [];
beforeEach(() => {
  warnings.length = 0;
  onWarning((warning) => warnings.push(warning));
});
afterAll(() => void onWarning(null));

class Holder extends nn.Module {
  readonly byName = new Map<string | number | symbol, nn.Module | nn.Parameter>([
    ['leftPart', new nn.Linear(2, 2)],
    [7, new nn.Parameter(ones([1]))],
    [Symbol('key'), new nn.Linear(2, 1, { bias: false })],
  ]);
  readonly all = new Set<unknown>([
    new nn.Linear(1, 1, { bias: false }),
    'text',
    new nn.Parameter(ones([3])),
  ]);
  readonly deep = { list: [['name', new nn.Linear(3, 1, { bias: false })]], bare: Object.create(null) };
  readonly mixed = [null, undefined, 5, new nn.Parameter(ones([4]))];
  private readonly hiddenByTypes = new nn.Linear(5, 1, { bias: false });

  constructor() {
    super();
    this.deep.bare.weight = new nn.Parameter(ones([6]));
  }

  override forward(x: Tensor): Tensor {
    return this.hiddenByTypes.forward(x);
  }
}

const names = [
  'by_name.leftPart.weight',
  'by_name.leftPart.bias',
  'by_name.7',
  'by_name.2.weight',
  'all.0.weight',
  'all.2',
  'deep.list.0.1.weight',
  'deep.bare.weight',
  'mixed.3',
  'hidden_by_types.weight',
];

test('Maps, Sets and whatever lies in one another are gone through', () => {
  const holder = new Holder();
  expect(
    holder
      .namedParameters()
      .map(([name]) => name)
      .sort(),
  ).toEqual([...names].sort());
  expect(Object.keys(holder.stateDict()).sort()).toEqual([...names].sort());
  holder.forward(ones([1, 5]));
  expect(warnings).toEqual([]);
});

test('what is there is converted and replaced there, in the same order', () => {
  const holder = new Holder();
  const before = holder.namedParameters().map(([name]) => name);
  holder.to('float64').setSubmodule('by_name.leftPart', new nn.Linear(2, 4, { dtype: 'float64' }));
  expect(holder.namedParameters().map(([name]) => name)).toEqual(before);
  expect(holder.parameters().map(({ dtype }) => dtype)).toEqual(names.map(() => 'float64'));
  expect((holder.byName.get('leftPart') as nn.Linear).outFeatures).toBe(4);
  expect([...holder.all].map((item) => (item instanceof nn.Module ? 'module' : typeof item))).toEqual([
    'module',
    'string',
    'object',
  ]);
});

test('a list that holds itself is gone through once', () => {
  class Looped extends nn.Module {
    readonly items: unknown[] = [new nn.Parameter(ones([1]))];
    override forward(): void {}
  }
  const looped = new Looped();
  looped.items.push(looped.items, { again: looped.items });
  expect(looped.namedParameters().map(([name]) => name)).toEqual(['items.0']);
});

class Secret extends nn.Module {
  readonly open = new nn.Linear(3, 3);
  readonly #head = new nn.Linear(3, 2);
  override forward(x: Tensor): Tensor {
    return this.#head.forward(this.open.forward(x));
  }
  headParameters(): nn.Parameter[] {
    return this.#head.parameters();
  }
}

const secret = {
  operation: 'Secret',
  message:
    "its forward uses parameters missing from parameters() and stateDict(), so they aren't trained or " +
    'saved: [2, 3] (linear), [2] (linear)\n' +
    '  hint: #private fields and closures are invisible from outside; keep modules and parameters in fields, declared ' +
    'private if you like, or in lists, objects, Maps, or Sets inside them',
};

test('the first forward that learns warns of what #private fields hide', () => {
  const model = new Secret();
  noGrad(() => model.forward(ones([1, 3])));
  expect(warnings).toEqual([]);
  model.forward(ones([1, 3]));
  expect(warnings).toEqual([secret]);
  onWarning((warning) => warnings.push(warning));
  model.forward(ones([1, 3]));
  expect(warnings.length).toBe(1);
});

test('it does so no matter who iterated over them', () => {
  class Initialized extends nn.Module {
    readonly #fc = new nn.Linear(3, 2);
    constructor() {
      super();
      for (const parameter of this.#fc.parameters()) nn.init.normal_(parameter);
      this.#fc.stateDict();
      this.#fc.requiresGrad_();
    }
    override forward(x: Tensor): Tensor {
      return this.#fc.forward(x);
    }
  }
  new Initialized().forward(ones([1, 3]));
  expect(warnings).toEqual([{ ...secret, operation: 'Initialized' }]);
});

test('it does so inside another model, which is checked instead', () => {
  class Outer extends nn.Module {
    readonly inner = new Secret();
    override forward(x: Tensor): { readonly out: Tensor[] } {
      return { out: [this.inner.forward(x)] };
    }
  }
  new Outer().forward(ones([1, 3]));
  expect(warnings).toEqual([{ ...secret, operation: 'Outer' }]);
});

test('many are counted', () => {
  const layers = Array.from({ length: 4 }, () => new nn.Linear(1, 1));
  class Closure extends nn.Module {
    override forward(x: Tensor): Tensor {
      let y = x;
      for (const layer of layers) y = layer.forward(y);
      return y;
    }
  }
  new Closure().forward(ones([1, 1]));
  expect(warnings[0]?.message).toContain('(linear) and 3 more\n');
});

test('no warning for parameters that others have, that are given, or that came before', () => {
  class Second extends nn.Module {
    readonly #first: nn.Linear;
    constructor(first: nn.Linear) {
      super();
      this.#first = first;
    }
    override forward(x: Tensor, weight?: nn.Parameter): Tensor {
      const y = this.#first.forward(x);
      return weight ? y.mul(weight) : y;
    }
  }
  const first = new nn.Linear(2, 2);
  new optim.SGD(first.parameters(), { lr: 0.1 });
  new Second(first).forward(new nn.Linear(2, 2).forward(ones([1, 2])), new nn.Parameter(ones([2])));
  const frozen = new nn.Linear(2, 2);
  for (const tensor of [frozen.weight, frozen.bias!]) tensor.requiresGrad_(false);
  new Second(frozen).forward(ones([1, 2]).requiresGrad_());
  expect(warnings).toEqual([]);
});
