import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { setEngine } from '../../src/engine/registry.js';
import {
  ArgumentError,
  AutogradError,
  defineFunction,
  detectAnomaly,
  enableGrad,
  type FunctionContext,
  grad,
  gradcheck,
  gradgradcheck,
  noGrad,
  ones,
  rand,
  ShapeError,
  type Tensor,
  tensor,
  tidy,
  zerosLike,
} from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

const { cases } = JSON.parse(
  readFileSync(new URL('../recordings/function.json', import.meta.url), 'utf8'),
) as { cases: Record<string, unknown> };

type Numbers = readonly number[] | readonly Numbers[];

const leaf = (values: Numbers): Tensor => tensor(values as number[], { dtype: 'float64' }).requiresGrad_();
const flat = (x: Tensor): number[] => [...x.dataSync()];

function expectClose(got: Tensor | null, wanted: Numbers): void {
  const numbers = (wanted as number[]).flat(9);
  expect(flat(got!)).toHaveLength(numbers.length);
  for (const [i, value] of flat(got!).entries()) expect(value).toBeCloseTo(numbers[i]!, 12);
}

const scaledExp = defineFunction({
  name: 'scaledExp',
  forward(ctx: FunctionContext & { factor?: number }, x: Tensor, factor: number) {
    const y = x.mul(factor).exp();
    ctx.saveForBackward(y);
    ctx.factor = factor;
    return y;
  },
  backward(ctx, g) {
    const [y] = ctx.savedTensors;
    return [g.mul(y!).mul(ctx.factor!), null];
  },
});

let seenByPolar: unknown;

const polar = defineFunction({
  name: 'polar',
  forward(ctx, x: Tensor, y: Tensor) {
    const r = x.square().add(y.square()).sqrt();
    ctx.saveForBackward(x, y, r);
    return [r, y.atan2(x)];
  },
  backward(ctx, gr, ga) {
    seenByPolar = [gr.toArraySync(), ga.toArraySync()];
    const [x, y, r] = ctx.savedTensors as [Tensor, Tensor, Tensor];
    const rr = r.square();
    return [gr.mul(x).div(r).sub(ga.mul(y).div(rr)), gr.mul(y).div(r).add(ga.mul(x).div(rr))];
  },
});

/** Multiplies, and returns from backward what it was told. */
const returning = defineFunction({
  name: 'returning',
  forward(ctx: FunctionContext & { what?: unknown }, x: Tensor, y: Tensor, what: unknown) {
    ctx.what = what;
    return x.mul(y);
  },
  backward: (ctx) => ctx.what as [Tensor, Tensor, null],
});

const refusal = (what: unknown) => () =>
  returning(leaf([1, 2]), leaf([3, 4]), what)
    .sum()
    .backward();

describe.each(testEngines)('defineFunction on %s, as PyTorch', (engine) => {
  beforeEach(() => void setEngine(engine));

  test('an attribute, a saved result, a second derivative', () => {
    const wanted = cases.scaledExp as Record<'y' | 'first' | 'second', number[]>;
    const x = leaf([0.1, -0.2, 0.3]);
    const y = scaledExp(x, 3);
    expectClose(y, wanted.y);
    const [first] = grad(y.pow(2).sum(), x, { createGraph: true });
    expectClose(first!, wanted.first);
    expectClose(grad(first!.sum(), x)[0]!, wanted.second);
  });

  test('several results, of which one is used', () => {
    const wanted = cases.angle as Record<'x' | 'y' | 'seen', number[]>;
    const [x, y] = [leaf([3, 1]), leaf([4, -2])];
    const [, angle] = polar(x, y);
    angle.sum().backward();
    expectClose(x.grad, wanted.x);
    expectClose(y.grad, wanted.y);
    expect(seenByPolar).toEqual(wanted.seen);
  });

  test('several results, second derivatives', () => {
    const wanted = cases.polar as Record<'gx' | 'gy' | 'sx' | 'sy', number[]>;
    const inputs = [leaf([3, 1]), leaf([4, -2])] as const;
    const [r, angle] = polar(...inputs);
    const [gx, gy] = grad(r.mul(angle).sum(), inputs, { createGraph: true });
    expectClose(gx!, wanted.gx);
    expectClose(gy!, wanted.gy);
    const [sx, sy] = grad(gx!.mul(gy!).sum(), inputs);
    expectClose(sx!, wanted.sx);
    expectClose(sy!, wanted.sy);
  });

  test('gradcheck and gradgradcheck', () => {
    const inputs = [leaf([3, 1]), leaf([4, -2])];
    expect(gradcheck((x, y) => polar(x!, y!), inputs)).toBe(true);
    expect(gradgradcheck((x, y) => polar(x!, y!), inputs)).toBe(true);
    const wrong = defineFunction({
      name: 'wrong',
      forward: (_, x: Tensor) => x.mul(2),
      backward: (_, g) => g.mul(3),
    });
    expect(() => gradcheck((x) => wrong(x!), [leaf([1])])).toThrow('the gradient is');
  });

  test('null for a result that nothing used, if materializeGrads is false', () => {
    const wanted = cases.raw as { seen: boolean[]; x: number[] };
    let seen: boolean[] = [];
    const raw = defineFunction({
      name: 'raw',
      materializeGrads: false,
      forward: (_, x: Tensor) => [x.mul(2), x.mul(3)],
      backward(_, a, b) {
        expectTypeOf(a).toEqualTypeOf<Tensor | null>();
        seen = [a === null, b === null];
        return b === null ? a!.mul(2) : b.mul(3);
      },
    });
    const x = leaf([1, 2]);
    raw(x)[1].sum().backward();
    expect(seen).toEqual(wanted.seen);
    expectClose(x.grad, wanted.x);
  });

  test('results without a gradient: marked ones and integers', () => {
    const wanted = cases.largest as { requiresGrad: boolean[]; x: number[] };
    const largest = defineFunction({
      name: 'largest',
      forward(ctx, x: Tensor) {
        const { values, indices } = x.sort();
        const rank = zerosLike(values).add(1);
        ctx.markNonDifferentiable(rank);
        ctx.saveForBackward(indices);
        return [values, indices, rank];
      },
      backward(ctx, g, ofPlaces, ofRank) {
        expect([ofPlaces.dtype, ofRank.dtype]).toEqual(['int32', 'float64']);
        return zerosLike(g).scatter(0, ctx.savedTensors[0]!, g);
      },
    });
    const x = leaf([3, 1, 2]);
    const [values, indices, rank] = largest(x);
    expect([values, indices, rank].map((y) => y.requiresGrad)).toEqual(wanted.requiresGrad);
    values
      .mul(tensor([1, 10, 100], { dtype: 'float64' }))
      .mul(rank)
      .sum()
      .backward();
    expectClose(x.grad, wanted.x);
  });

  test('gradients are summed to the shape of their input, and get its dtype', () => {
    const wanted = cases.broadcast as { bias: number[][]; dtype: string };
    const addBias = defineFunction({
      name: 'addBias',
      forward: (_, x: Tensor, bias: Tensor) => x.add(bias),
      backward: (_, g) => [g, g.to('float32')],
    });
    const bias = leaf([[0.5], [1.5]]);
    addBias(
      leaf([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      bias,
    )
      .pow(2)
      .sum()
      .backward();
    expectClose(bias.grad, wanted.bias);
    expect(`torch.${bias.grad!.dtype}`).toBe(wanted.dtype);
  });

  test('an input that is returned as it is', () => {
    const wanted = cases.negate as { same: boolean; sharesMemory: boolean; x: number[]; inPlace: boolean };
    const negate = defineFunction({
      name: 'negate',
      forward: (_, x: Tensor) => x,
      backward: (_, g) => g.neg(),
    });
    const x = leaf([1, 2]);
    const y = negate(x);
    expect(y === x).toBe(wanted.same);
    expect(y.storage === x.storage).toBe(wanted.sharesMemory);
    expect([x.isLeaf, y.gradFn!.name]).toEqual([true, 'negate']);
    y.pow(2).sum().backward();
    expectClose(x.grad, wanted.x);
    const change = (): Tensor => negate(leaf([1, 2]).mul(1)).mul_(2);
    expect(wanted.inPlace).toBe(true);
    expect(change).toThrow(
      "mul_: a view can't be changed in place if backward hands its gradient to your code\n  hint: clone() it",
    );
    const base = leaf([1, 2]).mul(1);
    const view = negate(base);
    base.mul_(2);
    expect(() => view.sum()).toThrow('a result of negate shows memory that was changed in place since');
    expect(() => view.sum()).toThrow(AutogradError);
  });

  test('needsInputGrad, and a gradient that nobody needs', () => {
    const wanted = cases.needs as {
      graph: boolean[];
      noGrad: boolean[];
      requiresGrad: boolean;
      x: number[];
      y: null;
    };
    let seen: readonly boolean[] = [];
    const product = defineFunction({
      name: 'product',
      forward(ctx, x: Tensor, y: Tensor, _text: string) {
        seen = ctx.needsInputGrad;
        return x.mul(y);
      },
      backward: (_, g) => [g.mul(5), g.mul(7), null, null] as never,
    });
    const [x, y] = [leaf([1, 2]), tensor([3, 4], { dtype: 'float64' })];
    product(x, y, 'text').sum().backward();
    expect(seen).toEqual(wanted.graph);
    expect(noGrad(() => product(x, y, 'text')).requiresGrad).toBe(wanted.requiresGrad);
    expect(seen).toEqual(wanted.noGrad);
    expectClose(x.grad, wanted.x);
    expect(y.grad).toBe(wanted.y);
  });

  test('onceDifferentiable', () => {
    const wanted = cases.once as { first: number[]; refused: string };
    const cube = defineFunction({
      name: 'cube',
      onceDifferentiable: true,
      forward(ctx, x: Tensor) {
        ctx.saveForBackward(x);
        return x.pow(3);
      },
      backward(ctx, g) {
        const x = flat(ctx.savedTensors[0]!);
        return g.mul(
          tensor(
            x.map((v) => 3 * v * v),
            { dtype: 'float64' },
          ),
        );
      },
    });
    const x = leaf([2]);
    const [first] = grad(cube(x.mul(1)).pow(2).sum(), x, { createGraph: true });
    expectClose(first!, wanted.first);
    expect(wanted.refused).toContain('twice');
    expect(() => first!.sum().backward()).toThrow(
      "cube: can't be differentiated twice: its definition says onceDifferentiable",
    );
    expect(gradcheck((v) => cube(v!), [leaf([1, -2, 3])])).toBe(true);
    // Its own gradient depends on x even where the one that arrives is a constant.
    const [again] = grad(cube(x).sum(), x, { createGraph: true });
    expect(() => again!.sum().backward()).toThrow(AutogradError);
  });

  test('what backward may return', () => {
    const refused = cases.refused as Record<string, string | null>;
    const g = ones([2], { dtype: 'float64' });
    const three = ones([3], { dtype: 'float64' });
    const ours: [string, unknown, string | null][] = [
      [
        'tooFew',
        [g, g],
        'returning: backward must return a gradient or null for each of the 3 inputs, got 2',
      ],
      ['extraNull', [g, g, null, null], null],
      [
        'tooMany',
        [g, g, null, g],
        'returning: backward must return a gradient or null for each of the 3 inputs, got 4',
      ],
      ['notTensor', [g, 3, null], 'returning: backward must return a tensor or null for input 2, got 3'],
      [
        'notNull',
        [g, g, g],
        "returning: backward must return null for input 3, which isn't a tensor, got a Tensor",
      ],
      [
        'shape',
        [three, g, null],
        "returning: the shape of gradient 1 that backward returned doesn't match its input's\n" +
          '  input       [2]\n  gradient    [3]',
      ],
      ['null', [null, g, null], null],
    ];
    for (const [name, what, message] of ours) {
      expect(message === null, name).toBe(refused[name] === null);
      if (message === null) expect(refusal(what), name).not.toThrow();
      else expect(refusal(what), name).toThrow(message);
    }
    expect(refusal([three, g, null])).toThrow(ShapeError);
    expect(refusal([g, g])).toThrow(AutogradError);
  });
});

describe('defineFunction', () => {
  test('knows the types of inputs, results and gradients', () => {
    expectTypeOf(scaledExp).toEqualTypeOf<(x: Tensor, factor: number) => Tensor>();
    expectTypeOf(polar).toEqualTypeOf<(x: Tensor, y: Tensor) => [Tensor, Tensor]>();
    expect([scaledExp.name, scaledExp(leaf([1]), 1).gradFn!.name]).toEqual(['scaledExp', 'scaledExp']);
    defineFunction({
      name: 'types',
      forward: (_, x: Tensor, _mode: 'a' | 'b', y: Tensor | null) => x.add(y ?? 0),
      // @ts-expect-error: input 2 isn't a tensor
      backward: (_, g) => [g, g, g],
    });
    defineFunction({
      name: 'types',
      forward: (_, x: Tensor, y: Tensor) => x.add(y),
      // @ts-expect-error: one gradient for two inputs
      backward: (_, g) => [g],
    });
  });

  test('inputs that are absent', () => {
    const affine = defineFunction({
      name: 'affine',
      forward: (_, x: Tensor, bias: Tensor | null = null) => (bias === null ? x.mul(2) : x.mul(2).add(bias)),
      backward: (ctx, g) => [g.mul(2), ctx.needsInputGrad[1] ? g : null],
    });
    const [x, bias] = [leaf([1]), leaf([1])];
    affine(x).backward();
    affine(x, null).backward();
    affine(x, bias).backward();
    expect([flat(x.grad!), flat(bias.grad!)]).toEqual([[6], [1]]);
  });

  test('a saved tensor that was changed in place, a graph that is gone', () => {
    const x = leaf([1, 2]).mul(1);
    const y = scaledExp(x, 2);
    y.mul_(2);
    expect(() => y.sum().backward()).toThrow(
      /scaledExp: a tensor saved for backward, .* was changed in place/,
    );
    const [z] = [scaledExp(leaf([1]), 2)];
    z!.backward(null, { retainGraph: true });
    z!.backward();
    expect(() => z!.backward()).toThrow('scaledExp: backward a second time');
  });

  test('forward records no graph, whatever it uses', () => {
    const w = leaf([3]);
    const times = defineFunction({
      name: 'times',
      forward: (_, x: Tensor) => x.mul(w),
      backward: (_, g) => g,
    });
    expect(times(tensor([2], { dtype: 'float64' })).requiresGrad).toBe(false);
    const fixed = defineFunction({
      name: 'fixed',
      forward: (_, _x: Tensor) => [w, w],
      backward: (_, a, b) => a.add(b),
    });
    const x = leaf([1]);
    const [a, b] = fixed(x);
    expect([a === w, a === b, w.isLeaf]).toEqual([false, false, true]);
    a.mul(2).add(b).backward();
    expect([flat(x.grad!), w.grad]).toEqual([[3], null]);
  });

  test('a marked input stays outside the graph', () => {
    const stop = defineFunction({
      name: 'stop',
      forward(ctx, x: Tensor) {
        ctx.markNonDifferentiable(x);
        return x;
      },
      backward: (_, g) => g,
    });
    const x = leaf([1]).mul(1);
    const y = stop(x);
    x.mul_(2);
    expect([x.requiresGrad, y.requiresGrad]).toEqual([true, false]);
  });

  test('what backward keeps and returns stays alive', () => {
    const kept: Tensor[] = [];
    const keeping = defineFunction({
      name: 'keeping',
      forward: (_, x: Tensor, y: Tensor) => x.add(y),
      backward(_, g) {
        const twice = g.mul(2);
        kept.push(g, twice);
        return [twice, twice];
      },
    });
    const [x, y] = [leaf([1, 2]), leaf([1, 2])];
    keeping(x.mul(1), y.mul(1)).mul(3).sum().backward();
    expect(kept.map(flat)).toEqual([
      [3, 3],
      [6, 6],
    ]);
    x.grad!.mul_(5);
    expect([flat(y.grad!), flat(kept[1]!)]).toEqual([
      [6, 6],
      [6, 6],
    ]);
    tidy(() => scaledExp(x, 1).sum().backward());
    expect(x.grad!.isDisposed).toBe(false);
  });

  test('backward may run a graph of its own: checkpointing', () => {
    const layer = (x: Tensor): Tensor => x.mul(2).tanh().mul(x);
    const checkpoint = defineFunction({
      name: 'checkpoint',
      forward(ctx, x: Tensor) {
        ctx.saveForBackward(x);
        return layer(x);
      },
      backward(ctx, g) {
        const x = ctx.savedTensors[0]!.detach().requiresGrad_();
        return grad(
          enableGrad(() => layer(x)),
          x,
          { gradOutputs: [g] },
        )[0]!;
      },
    });
    const inputs = [leaf([0.3, -1.2])];
    expect(gradcheck((x) => checkpoint(checkpoint(x!)), inputs)).toBe(true);
    tidy(() => checkpoint(inputs[0]!).sum().backward());
    expectClose(inputs[0]!.grad, flat(grad(layer(inputs[0]!).sum(), inputs)[0]!));
  });

  test('fields of the context have any name', () => {
    const named = defineFunction({
      name: 'named',
      forward(ctx: FunctionContext & { saved?: number; results?: string }, x: Tensor) {
        ctx.saved = 2;
        ctx.results = 'kept';
        return x.mul(2);
      },
      backward(ctx, g) {
        expect(ctx.results).toBe('kept');
        return g.mul(ctx.saved!);
      },
    });
    const x = leaf([1]);
    named(x).backward();
    expectClose(x.grad, [2]);
  });

  test('detectAnomaly names it', () => {
    const root = defineFunction({
      name: 'root',
      forward: (_, x: Tensor) => x.sqrt(),
      backward: (_, g) => g.div(0).mul(0),
    });
    expect(() => detectAnomaly(() => root(leaf([4])).backward())).toThrow(/NaN/);
  });

  const f = (part: object): (() => unknown) => {
    const whole = {
      name: 'f',
      forward: (_: unknown, x: Tensor) => x.mul(2),
      backward: (_: unknown, g: Tensor) => g,
    };
    return () =>
      (defineFunction({ ...whole, ...part } as never) as (x: Tensor) => Tensor)(leaf([1, 2]))
        .sum()
        .backward();
  };

  test.each<[string, object, new (...args: never[]) => Error, string]>([
    [
      "a result that isn't a tensor",
      { forward: () => 3 },
      AutogradError,
      'f: forward must return a tensor or a list of tensors, got 3',
    ],
    [
      'a list with one',
      { forward: (_: unknown, x: Tensor) => [x.mul(2), null] },
      AutogradError,
      'f: forward must return a tensor or a list of tensors, got [a Tensor, null]',
    ],
    [
      'no result',
      { forward() {} },
      AutogradError,
      'f: forward must return a tensor or a list of tensors, got undefined',
    ],
    [
      'an asynchronous forward',
      { forward: async () => {} },
      AutogradError,
      'f: forward must be synchronous\n  hint: read values with dataSync() or itemSync()',
    ],
    [
      'an asynchronous backward',
      { backward: async () => {} },
      AutogradError,
      'f: backward must be synchronous',
    ],
    [
      'a changed input',
      { forward: (_: unknown, x: Tensor) => x.mul_(2) },
      AutogradError,
      'f: forward changed input 1 in place\n  hint: use the form that makes a new tensor, or clone() the input first',
    ],
    [
      'a mark for another tensor',
      {
        forward(ctx: FunctionContext, x: Tensor) {
          ctx.markNonDifferentiable(x);
          return x.mul(2);
        },
      },
      AutogradError,
      "f: markNonDifferentiable was given a tensor that forward doesn't return",
    ],
    [
      "a mark that isn't a tensor",
      { forward: (ctx: FunctionContext) => ctx.markNonDifferentiable(3 as never) },
      ArgumentError,
      'f: what markNonDifferentiable marks[0] must be a tensor, got 3',
    ],
    [
      'null to save',
      { forward: (ctx: FunctionContext) => ctx.saveForBackward(null as never) },
      ArgumentError,
      'f: what saveForBackward keeps[0] must be a tensor, got null',
    ],
    [
      'savedTensors in forward',
      { forward: (ctx: FunctionContext) => ctx.savedTensors },
      AutogradError,
      'f: savedTensors can be read only while backward runs',
    ],
    ['no name', { name: undefined }, ArgumentError, 'defineFunction: the option name is missing'],
    ['no backward', { backward: undefined }, ArgumentError, 'defineFunction: the option backward is missing'],
    ['another option', { once: true }, ArgumentError, "defineFunction: there's no option 'once'"],
    [
      'undefined from backward',
      { backward() {} },
      AutogradError,
      'f: backward must return a tensor or null for input 1, got undefined',
    ],
  ])('%s', (_, part, type, message) => {
    expect(f(part)).toThrow(type);
    expect(f(part)).toThrow(message);
  });

  test('a gradient whose memory was given back, or is another engine’s', () => {
    const disposed = ones([2], { dtype: 'float64' });
    disposed.dispose();
    expect(f({ backward: () => disposed })).toThrow('f: the gradient of input 1, float64 [2], was disposed');
    if (testEngines.length < 2) return;
    const there = rand([2]).to('wasm' as never);
    setEngine('native');
    expect(f({ backward: () => there })).toThrow(
      'f: the gradient of input 1 is on engine wasm, the input is on native\n  hint: move it with to()',
    );
  });
});
