import { beforeAll, describe, expect, test } from 'vitest';
import { Generator, rand, setEngine, setThreads, type Tensor, tensor, zeros } from '../../../src/index.js';
import { GloVe, WordCorpus } from '../../../src/text/index.js';
import {
  type Cooccurrence,
  composedMeetings,
  countMeetings,
} from '../../../src/text/vectors/cooccurrence.js';
import { composedGloVe, type GloVeState, gloveTrainer } from '../../../src/text/vectors/glove-kernel.js';
import { Draws } from '../../../src/text/vectors/word-draws.js';
import { testEngines } from '../../helpers/engines.js';

const draws = new Draws(5, 0, 0, 0);
const text = Array.from({ length: 60 }, (_, i) =>
  Array.from({ length: 9 }, (_, j) => `w${Math.floor(70 * draws.unit(9 * i + j) ** 2)}`),
);
const numbers = async (x: Tensor): Promise<number[]> => Array.from(await x.data(), Number);

/** x_ij by "i,j". */
async function elementsOf({
  words,
  rowStarts,
  columns,
  values,
}: Cooccurrence): Promise<Record<string, number>> {
  const [starts, js, xs] = [await numbers(rowStarts), await numbers(columns), await numbers(values)];
  const found: Record<string, number> = {};
  for (let i = 0; i < words; i++)
    for (let at = starts[i]!; at < starts[i + 1]!; at++) found[`${i},${js[at]}`] = xs[at]!;
  return found;
}

describe.each(testEngines)('on %s', (engine) => {
  beforeAll(() => setEngine(engine));

  test('meetings are counted within sentences, by their distance', async () => {
    const corpus = await WordCorpus.from([['a', 'b', 'a', 'c'], ['a']], { minCount: 1 });
    const counted = await countMeetings(corpus, 2, true);
    expect(await elementsOf(counted!)).toEqual({
      ...{ '0,0': 1, '0,1': 2, '1,0': 2 },
      ...{ '0,2': 1, '2,0': 1, '1,2': 0.5, '2,1': 0.5 },
    });
  });

  test.each([true, false])('the kernel counts as plain code does, weighted: %s', async (weighted) => {
    const corpus = await WordCorpus.from(text, { minCount: 1 });
    const counted = await elementsOf((await countMeetings(corpus, 4, weighted))!);
    const expected = await elementsOf(composedMeetings(corpus, 4, weighted));
    expect(Object.keys(counted).sort()).toEqual(Object.keys(expected).sort());
    for (const [key, x] of Object.entries(expected)) expect(counted[key]).toBeCloseTo(x, 5);
  });

  test('a step of the kernel is one of AdaGrad', async () => {
    // Elements (0, 1) and (1, 0) share no row, so that their order doesn't matter.
    const matrix: Cooccurrence = {
      words: 2,
      rowStarts: tensor(new Int32Array([0, 1, 2])),
      columns: tensor(new Int32Array([1, 0])),
      values: tensor([7, 150]),
    };
    const task = { lr: 0.1, xMax: 100, power: 0.75, seed: 1 };
    const results: number[][] = [];
    for (const { steps, train } of [composedGloVe(matrix, task), gloveTrainer(matrix, task)]) {
      const generator = new Generator(2);
      const state: GloVeState = {
        rows: rand([2, 2, 32], { generator }).sub(0.5),
        biases: rand([2, 2], { generator }),
        rowSquares: rand([2, 2, 32], { generator }),
        biasSquares: rand([2, 2], { generator }),
      };
      const cost = zeros([1], { dtype: 'float64' });
      for (let epoch = 0; epoch < 3; epoch++)
        for (let step = 0; step < steps; step++) train(state, step, cost);
      const all = await Promise.all([...Object.values(state), cost].map(numbers));
      results.push(all.flat());
    }
    results[0]!.forEach((x, i) => {
      expect(results[1]![i]).toBeCloseTo(x, 4);
    });
  });

  test('the cost falls; the same bits on any number of threads and after resuming', async () => {
    const corpus = await WordCorpus.from(text, { minCount: 1 });
    const options = { dim: 10, window: 3, epochs: 6, xMax: 10, seed: 3 };
    setThreads(1);
    const whole = await GloVe.from(corpus, options);
    const losses: number[] = [];
    await whole.train({ onProgress: ({ loss }) => void losses.push(loss) });
    expect(losses).toHaveLength(6);
    expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]!);
    setThreads(2);
    const first = await GloVe.from(corpus, options);
    await first.train({ until: 2 });
    const second = await GloVe.from(corpus, options);
    await second.loadStateDict(first.stateDict());
    await second.train();
    expect(second.epoch).toBe(6);
    expect(await numbers(second.vectors.vectors)).toEqual(await numbers(whole.vectors.vectors));
  });
});

describe('refuses', () => {
  test("refuses what isn't a corpus, no meeting, and another training's state", async () => {
    await expect(GloVe.from([] as never)).rejects.toThrow(
      'GloVe.from: the first argument must be a WordCorpus, got []',
    );
    expect(() => new (GloVe as never as new (corpus: unknown) => unknown)([1])).toThrow(
      "GloVe: can't be made with new\n  hint: await text.GloVe.from(corpus) makes one",
    );
    const lonely = await WordCorpus.from([['a'], ['a']], { minCount: 1 });
    await expect(GloVe.from(lonely)).rejects.toThrow('no two words meet\n  hint: give longer sentences');
    const corpus = await WordCorpus.from([['a', 'b']], { minCount: 1 });
    await expect(GloVe.from(corpus, { xMax: 0 })).rejects.toThrow(
      'xMax must be a finite number above 0, got 0',
    );
    const model = await GloVe.from(corpus, { dim: 4, epochs: 2 });
    const state = { ...model.stateDict(), position: tensor([5, 0], { dtype: 'int32' }) };
    await expect(model.loadStateDict(state)).rejects.toThrow(
      'GloVe.loadStateDict: the state is at epoch 5, but this training has 2 epochs',
    );
    const wider = await GloVe.from(corpus, { dim: 5 });
    await expect(wider.loadStateDict(model.stateDict())).rejects.toThrow(
      "'rows' is float32 [2, 2, 4], but this training has float32 [2, 2, 5]; use the same corpus and options",
    );
  });

  test('says that it diverged', async () => {
    const corpus = await WordCorpus.from([['a', 'b', 'c', 'a', 'b']], { minCount: 1 });
    const model = await GloVe.from(corpus, { dim: 4, epochs: 50, lr: 1e30 });
    await expect(model.train()).rejects.toThrow(
      /^GloVe.train: the cost of epoch \d+ is (NaN|Infinity): the training has diverged; take a smaller lr than 1e\+30$/,
    );
  });
});
