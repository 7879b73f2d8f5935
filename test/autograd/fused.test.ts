/** Operations with several results that are kernels on some engines: `defineFusedMulti`. */
import { expect, test } from 'vitest';
import { defineFusedMulti } from '../../src/autograd/fused.js';
import { noFamilies } from '../../src/engine/engine.js';
import { grad, gradcheck, gradgradcheck, noGrad, tensor } from '../../src/index.js';
import { empty, type Tensor } from '../../src/tensor/tensor.js';
import { withFamilies } from '../helpers/families.js';

const calls = { composition: 0, forward: 0, backward: 0, recorded: 0 };

/** a·b and a·a, as if there were kernels for them. */
const products = defineFusedMulti<'distance', [Tensor, Tensor], { scale: number }, [Tensor, Tensor]>({
  name: 'products',
  family: 'distance',
  composition([a, b], { scale }) {
    calls.composition++;
    return [a.mul(b).mul(scale), a.mul(a)];
  },
  forward(_, ctx, [a, b], { scale }) {
    calls.forward++;
    const results: [Tensor, Tensor] = [a.mul(b).mul(scale), empty(a.shape, a.dtype, a.engine)];
    results[1].engine.binary('mul', results[1], a, a);
    if (ctx.records) {
      calls.recorded++;
      ctx.save(results[1]);
    }
    return results;
  },
  backward(_, { saved, needs, attrs: { scale } }, [first, second]) {
    calls.backward++;
    const [a, b, square] = saved as [Tensor, Tensor, Tensor];
    expect(square.shape).toEqual(a.shape);
    const da = [first?.mul(b).mul(scale), second?.mul(a).mul(2)].filter((x) => x !== undefined);
    return [
      needs[0] ? da.reduce((x, y) => x.add(y)) : null,
      needs[1] && first ? first.mul(a).mul(scale) : null,
    ];
  },
});

const inputs = () =>
  [tensor([1, -2, 3]), tensor([0.5, 4, -1])].map((x) => x.to('float64').requiresGrad_()) as [Tensor, Tensor];
const run = (a: Tensor, b: Tensor): [Tensor, Tensor] => products([a, b], { scale: 3 });

function counted(work: () => void): typeof calls {
  for (const name of Object.keys(calls) as (keyof typeof calls)[]) calls[name] = 0;
  work();
  return { ...calls };
}

test('the kernels compute results and gradients, the composition what is differentiated twice', () => {
  const [a, b] = inputs();
  expect(counted(() => gradcheck(run, [a, b])).composition).toBe(0);
  expect(counted(() => gradgradcheck(run, [a, b])).composition).toBeGreaterThan(0);
});

test('forward knows whether a graph is recorded', () => {
  const [a, b] = inputs();
  expect(counted(() => noGrad(() => run(a, b)))).toMatchObject({ forward: 1, recorded: 0 });
  expect(counted(() => run(a.detach(), b.detach()))).toMatchObject({ forward: 1, recorded: 0 });
  expect(counted(() => run(a, b))).toMatchObject({ forward: 1, recorded: 1 });
});

test('a result that nothing used has no gradient, and an input that needs none gets none', () => {
  const [a, b] = inputs();
  expect(grad(run(a, b)[1].sum(), [a, b], { allowUnused: true })[1]).toBeNull();
  const [, second] = grad(run(a, b)[1].sum(), [a, b], { allowUnused: true, createGraph: true });
  expect(second).toBeNull();
  expect(grad(run(a.detach(), b)[0].sum(), b)[0]!.toArraySync()).toEqual([3, -6, 9]);
});

test('a chain of them is differentiated once each, not once more for each that follows', () => {
  const [a, b] = inputs();
  const chain = (): Tensor => {
    let x: Tensor = a;
    for (let i = 0; i < 6; i++) x = run(x, b)[0].tanh();
    return x.sum();
  };
  expect(counted(() => grad(chain(), a, { createGraph: true })).composition).toBe(6);
  const once = grad(chain(), a, { createGraph: true })[0]!;
  const plain = grad(chain(), a)[0]!;
  expect(once.allcloseSync(plain)).toBe(true);
  const twice = grad(once.sum(), b)[0]!;
  const composed = withFamilies(
    a.engine,
    noFamilies,
    () => grad(grad(chain(), a, { createGraph: true })[0]!.sum(), b)[0]!,
  );
  expect(twice.allcloseSync(composed)).toBe(true);
});
