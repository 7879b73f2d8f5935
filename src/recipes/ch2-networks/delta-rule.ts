import { grad, stack, type Tensor, tensor } from '../../index.js';
import { lineChart } from '../../viz/index.js';
import {
  defineRecipe,
  listsOf,
  lr,
  type NumberSpec,
  type PartResult,
  plural,
  study,
  table,
  text,
} from '../kit/index.js';

/** A neuron with two inputs, and its target output. */
export interface Example {
  readonly x: readonly [number, number];
  readonly w: readonly [number, number];
  readonly b: number;
  readonly t: number;
}

/** Everything on the way from the weights to the error and back. */
export interface Derivatives {
  readonly a: number;
  readonly y: number;
  readonly E: number;
  readonly dEdy: number;
  readonly dyda: number;
  readonly dadw: readonly number[];
  readonly dEdw: readonly number[];
  readonly dEdb: number;
}

/**
 * The delta rule as the course notes write it, with plain numbers: E = (y − t)², y = 1/(1 + e^−a),
 * a = Σ wₚxₚ + b, and the chain rule dE/dwₚ = dE/dy · dy/da · da/dwₚ = 2 xₚ (y − t) (1 − y) y.
 *
 * @source notes 2.5
 */
export function deltaRule({ x, w, b, t }: Example): Derivatives {
  const a = w[0] * x[0] + w[1] * x[1] + b;
  const y = 1 / (1 + Math.exp(-a));
  const dEdy = 2 * (y - t);
  const dyda = (1 - y) * y;
  return {
    a,
    y,
    E: (y - t) ** 2,
    dEdy,
    dyda,
    dadw: x,
    dEdw: x.map((xp) => dEdy * dyda * xp),
    dEdb: dEdy * dyda,
  };
}

/** The same by autograd, which gets only the forward pass. */
export async function byAutograd(example: Example): Promise<Derivatives> {
  const leaf = (values: number | readonly number[]): Tensor =>
    tensor(values, { dtype: 'float64', requiresGrad: true });
  const [x, w, b] = [tensor(example.x, { dtype: 'float64' }), leaf(example.w), leaf(example.b)];
  const a = w.mul(x).sum().add(b);
  const y = a.sigmoid();
  const E = y.sub(example.t).square();
  const derivative = (of: Tensor, by: Tensor): Tensor => grad([of], [by], { retainGraph: true })[0]!;
  const [scalars, dadw, dEdw] = await listsOf([
    stack([a, y, E, derivative(E, y), derivative(y, a), derivative(E, b)]),
    derivative(a, w),
    derivative(E, w),
  ]);
  const [valueOfA, valueOfY, error, dEdy, dyda, dEdb] = scalars as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { a: valueOfA, y: valueOfY, E: error, dEdy, dyda, dadw: dadw!, dEdw: dEdw!, dEdb };
}

/** w ← w − η dE/dw, b ← b − η dE/db */
const stepDown = (example: Example, { dEdw, dEdb }: Derivatives, lr: number): Example => ({
  ...example,
  w: [example.w[0] - lr * dEdw[0]!, example.w[1] - lr * dEdw[1]!],
  b: example.b - lr * dEdb,
});

/** The quantities to compare: name, formula, value. */
const quantities: readonly (readonly [name: string, formula: string, of: (d: Derivatives) => number])[] = [
  ['a', 'w₁x₁ + w₂x₂ + b', (d) => d.a],
  ['y', '1/(1 + e^−a)', (d) => d.y],
  ['E', '(y − t)²', (d) => d.E],
  ['dE/dy', '2 (y − t)', (d) => d.dEdy],
  ['dy/da', '(1 − y) y', (d) => d.dyda],
  ['da/dw₁', 'x₁', (d) => d.dadw[0]!],
  ['da/dw₂', 'x₂', (d) => d.dadw[1]!],
  ['dE/dw₁', '2 x₁ (y − t) (1 − y) y', (d) => d.dEdw[0]!],
  ['dE/dw₂', '2 x₂ (y − t) (1 − y) y', (d) => d.dEdw[1]!],
  ['dE/db', '2 (y − t) (1 − y) y', (d) => d.dEdb],
];

interface StepsResult extends PartResult {
  readonly numbers: { readonly error: number; readonly difference: number };
  /** Output and error before each step, and after the last. */
  readonly y: readonly number[];
  readonly E: readonly number[];
}

const value = (usual: number, help: string): NumberSpec => ({
  kind: 'number',
  default: usual,
  min: -100,
  max: 100,
  help,
});

/** One neuron, one example: the derivative by the chain rule next to autograd's. */
export const deltaRuleByHand = defineRecipe({
  name: 'delta-rule',
  section: '2.5',
  title: 'The delta rule, worked by hand and checked against autograd',
  about:
    'One sigmoid neuron with two inputs and one example. The chain rule is worked out step by step with plain ' +
    'arithmetic, as in the course notes; next to it are the values that autograd finds from the forward ' +
    'pass alone. Then gradient descent repeats the step. Try --b 8 --target 0 (the neuron is as wrong as ' +
    'can be and hardly learns, because (1 − y) y is nearly 0: it is saturated) and --lr 50.',
  options: {
    x1: value(1, 'first input'),
    x2: value(2, 'second input'),
    w1: value(0.5, 'first weight at the start'),
    w2: value(-0.5, 'second weight at the start'),
    b: value(0.1, 'bias at the start'),
    target: { kind: 'number', default: 1, min: 0, max: 1, help: 'what the neuron should output' },
    lr: { ...lr(0.5), help: 'learning rate' },
    steps: { kind: 'integer', default: 100, min: 1, max: 100_000, help: 'steps of gradient descent' },
  },

  async prepare(context) {
    const { x1, x2, w1, w2, b, target, lr, steps } = context.options;
    const start: Example = { x: [x1, x2], w: [w1, w2], b, t: target };
    await context.emit(
      text('example', `x = (${x1}, ${x2}), t = ${target}; at first w = (${w1}, ${w2}), b = ${b}`),
    );

    /** Descends and compares both ways of differentiating at every step. */
    const descend = async (
      count: number,
      progress: (share: number) => Promise<void>,
    ): Promise<StepsResult> => {
      let example = start;
      let difference = 0;
      const y: number[] = [];
      const E: number[] = [];
      for (let step = 0; ; step++) {
        const hand = deltaRule(example);
        const autograd = await byAutograd(example);
        y.push(hand.y);
        E.push(hand.E);
        for (const [, , of] of quantities)
          difference = Math.max(difference, Math.abs(of(hand) - of(autograd)));
        if (step === count) break;
        example = stepDown(example, hand, lr);
        if (step % 100 === 99) await progress(step / count);
      }
      return { numbers: { error: E.at(-1)!, difference }, y, E };
    };

    return study(context, {
      parts: [1, steps].map((count) => ({
        name: plural(count, 'step'),
        run: (progress) => descend(count, progress),
      })),

      async conclude([, all]) {
        const [hand, autograd] = [deltaRule(start), await byAutograd(start)];
        const next = stepDown(start, hand, lr);
        const shown = (v: number): string => v.toFixed(10);
        const { error, difference } = all!.numbers;
        const powers = [0, 1, 2, 5, 10, 20, 50].flatMap((n) => [n, 100 * n, 10_000 * n]);
        const some = [...new Set([...powers.filter((n) => n < steps), steps])].sort((a, b) => a - b);
        return {
          line: `error after ${steps} steps: ${error.toFixed(6)}; largest difference from autograd: ${difference.toExponential(1)}`,
          numbers: { error, difference },
          report: [
            table(
              ['', 'formula', 'by hand', 'autograd'],
              quantities.map(([name, formula, of]) => [name, formula, shown(of(hand)), shown(of(autograd))]),
            ),
            '',
            'A positive gradient means that the weight raises the error, so each weight moves against its gradient, w ← w − η dE/dw:',
            ...[0, 1].map(
              (p) => `  w${'₁₂'[p]} ← ${start.w[p]} − ${lr} · ${shown(hand.dEdw[p]!)} = ${shown(next.w[p]!)}`,
            ),
            `  b  ← ${start.b} − ${lr} · ${shown(hand.dEdb)} = ${shown(next.b)}`,
            '(The course notes call η dE/dw the change of w; the minus sign, which appears in their formula for the new w, belongs to it.)',
            '',
            table(
              ['steps', 'y', 'E'],
              some.map((step) => [step, all!.y[step]!.toFixed(6), all!.E[step]!.toFixed(6)]),
            ),
          ],
        };
      },

      pictures([, all]) {
        const around = Array.from({ length: 101 }, (_, i) => w1 + (i - 50) / 10);
        const { E, dEdw } = deltaRule(start);
        const tangent = [w1 - 1.5, w1 + 1.5];
        return [
          {
            name: 'slope',
            figure: lineChart(
              [
                {
                  name: 'error',
                  x: around,
                  y: around.map((w) => deltaRule({ ...start, w: [w, w2] }).E),
                },
                {
                  name: 'gradient',
                  x: tangent,
                  y: tangent.map((w) => E + dEdw[0]! * (w - w1)),
                  dashed: true,
                },
                { name: 'start', x: [w1], y: [E], points: 'only' },
              ],
              { title: 'The gradient is the slope of the error', xLabel: 'w₁', yLabel: 'E' },
            ),
          },
          {
            name: 'descent',
            figure: lineChart(
              [
                { name: 'output y', x: all!.y.map((_, step) => step), y: all!.y },
                { name: 'error E', x: all!.E.map((_, step) => step), y: all!.E },
              ],
              { title: 'Gradient descent on one example', xLabel: 'step', yLabel: '' },
            ),
          },
        ];
      },
    });
  },
});
