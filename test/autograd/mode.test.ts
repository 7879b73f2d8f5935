import { describe, expect, test } from 'vitest';
import {
  ArgumentError,
  AutogradError,
  detectAnomaly,
  enableGrad,
  isGradEnabled,
  noGrad,
  ones,
  tensor,
  tidy,
} from '../../src/index.js';
import * as optim from '../../src/optim/index.js';

const scopes = {
  noGrad,
  enableGrad,
  detectAnomaly: <R>(work: () => R): R => detectAnomaly(work),
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What every scope must leave behind: gradients on, nobody looking for NaN. */
function expectUsual(): void {
  expect(isGradEnabled()).toBe(true);
  expect(tensor([0]).div(0).itemSync()).toBeNaN();
}

describe.each(Object.entries(scopes))('%s', (name, scope) => {
  test('nests, and is restored when its function throws', () => {
    expect(() =>
      scope(() => {
        throw new RangeError('stop');
      }),
    ).toThrow(RangeError);
    expectUsual();
    expect(noGrad(() => scope(isGradEnabled))).toBe(name === 'enableGrad');
    expect(enableGrad(() => scope(isGradEnabled))).toBe(name !== 'noGrad');
    expectUsual();
  });

  test('refuses work that goes on after it returns', () => {
    for (const work of [
      async () => 1,
      function* () {
        yield 1;
      },
      async function* () {
        yield 1;
      },
      // biome-ignore lint/suspicious/noThenProperty: what a query builder returns
      () => ({ then() {} }),
    ]) {
      expect(() => scope(work as () => unknown)).toThrow(AutogradError);
      expect(() => scope(work as () => unknown)).toThrow(
        new RegExp(`^${name}: the function must be synchronous: .*\n  hint: await outside: .*${name}\\(`),
      );
    }
    expectUsual();
  });

  test('asynchronous uses that overlap change nothing for anybody', async () => {
    const w = ones([2]).requiresGrad_();
    const seen: boolean[] = [];
    const use = async (ms: number): Promise<unknown> =>
      scope(async () => {
        await pause(ms);
        seen.push(isGradEnabled());
        return w.mul(2).sum().item();
      });
    const uses = [use(1), use(5), use(3)];
    const between = w.mul(3);
    expectUsual();
    const settled = await Promise.allSettled(uses);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await pause(8);
    expect(seen).toEqual([true, true, true]);
    between.sum().backward();
    expect(w.grad!.toArraySync()).toEqual([3, 3]);
    expectUsual();
  });

  test('the failure of work that was refused ends nothing', async () => {
    expect(() =>
      scope(async () => {
        await pause(1);
        throw new RangeError('nobody hears this');
      }),
    ).toThrow(AutogradError);
    await pause(3);
  });

  test('one scope a step, awaited outside of it', async () => {
    const w = ones([2]).requiresGrad_();
    const evaluate = async (steps: number): Promise<number> => {
      let total = 0;
      for (let i = 0; i < steps; i++) total += await scope(() => w.mul(i).sum()).item();
      return total;
    };
    const train = async (): Promise<void> => {
      for (let i = 0; i < 3; i++) {
        const loss = w.square().sum();
        await pause(1);
        loss.backward();
      }
    };
    const [a, b] = await Promise.all([evaluate(3), evaluate(4), train()]);
    expect([a, b]).toEqual([6, 12]);
    expect(w.grad!.toArraySync()).toEqual([6, 6]);
  });
});

test('tidy and the closure of an optimizer refuse generators and promises, too', async () => {
  expect(() =>
    tidy(function* () {
      yield 1;
    }),
  ).toThrow(/^tidy: the function must be synchronous/);
  const opt = new optim.SGD([ones([1]).requiresGrad_()], { lr: 1 });
  const closure = async () => {
    throw new RangeError('nobody hears this');
  };
  expect(() => opt.step(closure as never)).toThrow(ArgumentError);
  expect(() => opt.step(closure as never)).toThrow(/the closure must return the loss and can't be async/);
  expect(isGradEnabled()).toBe(true);
  await pause(1);
});
