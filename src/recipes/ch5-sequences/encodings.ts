import * as F from '../../functional.js';
import { arange, Generator, randn, randperm, type Tensor } from '../../index.js';
import { R2 } from '../../metrics/index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import { barChart, heatmap, panels } from '../../viz/index.js';
import {
  borneOut,
  defineRecipe,
  listOf,
  type PartProgress,
  type PartResult,
  study,
  table,
  text,
} from '../kit/index.js';

const COLORS = ['red', 'blue', 'green', 'yellow', 'black', 'white', 'orange', 'purple', 'brown', 'gray'];
/** Standard deviation of one answer around the mean of its color. */
const NOISE = 0.2;
/** Values of each color, for training and for testing. */
const EACH = 50;

interface Result extends PartResult {
  readonly inputs: number;
  readonly weights: number;
  /** R² on the test set under each numbering. */
  readonly scores: readonly number[];
  /** What the model answers for each color under the first numbering. */
  readonly answers: readonly number[];
}

interface Way {
  readonly name: string;
  /** Codes (N) under a numbering → inputs (N, F). */
  encode(codes: Tensor): Tensor;
  model(): nn.Layer;
  /** A learning rate that converges. */
  readonly lr: number;
}

/** Codes 0 to n − 1 as numbers with mean 0 and variance 1, so only their order can hurt. */
const standardized = (codes: Tensor, n: number): Tensor =>
  codes
    .to('float32')
    .sub((n - 1) / 2)
    .div(Math.sqrt((n * n - 1) / 12))
    .unsqueeze(1);

export const encodings = defineRecipe({
  name: 'encodings',
  section: '5.1',
  title: 'Integer codes and one-hot vectors: what a false order costs',
  about:
    'A network takes numbers, so words have to become numbers. Integer codes (red 0, blue 1, green 2 …) say ' +
    'that green is twice as far from red as blue is, which nobody meant. Here each color has its own mean ' +
    'value, unrelated to its code. A linear model of the code can only draw a line through these means, and ' +
    'how well that works depends on how the colors happen to be numbered; a hidden layer helps, but has to ' +
    'undo the order first. A one-hot vector has an axis for each color: the same linear model then finds ' +
    'every mean, under any numbering. The price: as many inputs as there are words (10,000 for a small ' +
    'vocabulary), and every word is equally far from every other, cat from dog as much as cat from red. Word ' +
    'vectors fix both (see the recipe `words`). Try --colors 3 and --colors 10.',
  options: {
    colors: { kind: 'integer', default: 6, min: 2, max: COLORS.length, help: 'how many colors' },
    numberings: { kind: 'integer', default: 12, min: 2, max: 100, help: 'how many ways to number them' },
    steps: { kind: 'integer', default: 200, min: 1, max: 100_000, help: 'training steps for each' },
  },

  async prepare(context) {
    const { colors: n, numberings: count, steps, seed } = context.options;
    const generator = new Generator(seed);
    const names = COLORS.slice(0, n);
    const means = randn([n], { generator });
    const numberings = Array.from({ length: count }, (_, i) =>
      i === 0 ? arange(n, { dtype: 'int32' }) : randperm(n, { generator }),
    );
    const colors = arange(n, { dtype: 'int32' }).repeat([EACH]); // (N)
    const values = (): Tensor => {
      const clean = means.indexSelect(0, colors);
      return clean.add(randn(clean.shape, { generator }).mul(NOISE)).unsqueeze(1); // (N, 1)
    };
    const [trainY, testY] = [values(), values()];
    await context.emit(text('data', `${names.join(', ')}: ${n * EACH} values to train on, as many to test`));

    const ways: readonly Way[] = [
      {
        name: 'integer code, linear',
        encode: (codes) => standardized(codes, n),
        model: () => new nn.Linear(1, 1),
        lr: 0.1,
      },
      {
        name: 'integer code, 16 hidden',
        encode: (codes) => standardized(codes, n),
        model: () => new nn.Sequential(new nn.Linear(1, 16), new nn.Tanh(), new nn.Linear(16, 1)),
        lr: 0.05,
      },
      {
        name: 'one-hot, linear',
        encode: (codes) => F.oneHot(codes, n).to('float32'),
        model: () => new nn.Linear(n, 1),
        lr: 0.1,
      },
    ];

    /** Trains one way under each numbering. */
    async function compare({ encode, model: build, lr }: Way, progress: PartProgress): Promise<Result> {
      const scores: number[] = [];
      let answers: readonly number[] = [];
      let sizes = { inputs: 0, weights: 0 };
      for (const [i, codeOf] of numberings.entries()) {
        const model = build();
        const x = encode(codeOf.indexSelect(0, colors));
        const optimizer = new optim.Adam(model.parameters(), { lr });
        for (let step = 0; step < steps; step++) {
          optimizer.zeroGrad();
          F.mseLoss(model.forward(x), trainY).backward();
          optimizer.step();
          if (step % 100 === 0) await progress((i + step / steps) / count);
        }
        const r2 = new R2().update(model.forward(x).detach(), testY);
        scores.push(await (await r2.computeAsync()).item());
        if (i > 0) continue;
        answers = await listOf(model.forward(encode(codeOf)).detach());
        sizes = {
          inputs: x.shape[1]!,
          weights: [...model.parameters()].reduce((sum, p) => sum + p.count, 0),
        };
      }
      const mean = scores.reduce((sum, score) => sum + score, 0) / count;
      return {
        numbers: { r2: mean, worst: Math.min(...scores), best: Math.max(...scores) },
        ...sizes,
        scores,
        answers,
      };
    }

    return study<Result>(context, {
      parts: ways.map((way) => ({ name: way.name, run: (progress) => compare(way, progress) })),

      conclude(results) {
        const [linear, hidden, oneHot] = results.map(({ numbers }) => numbers);
        return {
          numbers: { integerR2: linear!.r2!, hiddenR2: hidden!.r2!, oneHotR2: oneHot!.r2! },
          line: `mean R² over ${count} numberings: ${results
            .map(({ numbers }, i) => `${ways[i]!.name} ${numbers.r2!.toFixed(2)}`)
            .join('; ')}`,
          report: [
            'R² on the test set: 1 is perfect up to noise, 0 is as good as answering the mean.',
            table(
              ['', 'inputs', 'weights', 'mean R²', 'worst numbering', 'best numbering'],
              results.map(({ inputs, weights, numbers: { r2, worst, best } }, i) => [
                ways[i]!.name,
                inputs,
                weights,
                ...[r2, worst, best].map((score) => score!.toFixed(3)),
              ]),
            ),
            ...borneOut(
              oneHot!.best! - oneHot!.worst! < 0.01 && linear!.r2! < oneHot!.r2! - 0.1,
              'The numbering makes no difference to the one-hot model, and all the difference to the integer code.',
            ),
            'What one-hot vectors cost: a vocabulary of 10,000 words needs 10,000 inputs, and any two words are equally',
            'far apart (distance √2, cosine 0).',
          ],
        };
      },

      async pictures(results) {
        const truth = await listOf(means);
        const distances = (x: Tensor): Promise<number[][]> =>
          x.unsqueeze(0).sub(x.unsqueeze(1)).norm(2, 2).toArray() as Promise<number[][]>;
        const codes = arange(n, { dtype: 'int32' });
        return [
          {
            name: 'answers',
            figure: barChart(
              [
                { group: 'the mean', values: truth },
                ...results.map(({ answers }, i) => ({ group: ways[i]!.name, values: answers })),
              ].flatMap(({ group, values }) =>
                names.map((label, i) => ({ label, group, value: values[i]! })),
              ),
              { title: 'What each model answers for each color', xLabel: 'Color', yLabel: 'Value' },
            ),
          },
          {
            name: 'numberings',
            figure: barChart(
              results.flatMap(({ scores }, i) =>
                scores.map((value, j) => ({
                  label: String(j + 1),
                  group: ways[i]!.name,
                  value: Math.max(0, value),
                })),
              ),
              {
                title: 'The same colors, numbered differently',
                xLabel: 'Numbering',
                yLabel: 'R² on the test set',
              },
            ),
          },
          {
            name: 'distances',
            figure: panels(
              [
                heatmap(await distances(codes.to('float32').unsqueeze(1)), {
                  title: 'Integer codes',
                  xNames: names,
                  yNames: names,
                }),
                heatmap(await distances(F.oneHot(codes, n).to('float32')), {
                  title: 'One-hot vectors',
                  xNames: names,
                  yNames: names,
                }),
              ],
              { title: 'How far apart the encodings put colors', columns: 2 },
            ),
          },
        ];
      },
    });
  },
});
