import { beforeAll, describe, expect, test } from 'vitest';
import * as F from '../../../src/functional.js';
import {
  Generator,
  noGrad,
  randn,
  setEngine,
  setThreads,
  type Tensor,
  tensor,
  zeros,
} from '../../../src/index.js';
import { GloVe, Vocab, Word2Vec, type Word2VecOptions, WordCorpus } from '../../../src/text/index.js';
import { aliasTable, keepShares } from '../../../src/text/vectors/noise.js';
import { Draws } from '../../../src/text/vectors/word-draws.js';
import { composedRounds } from '../../../src/text/vectors/word2vec-composed.js';
import { trainerOf } from '../../../src/text/vectors/word2vec-kernel.js';
import { trainWindows } from '../../../src/text/vectors/word2vec-softmax.js';
import { chunkSize, roundsOf, type Word2VecTask } from '../../../src/text/vectors/word2vec-task.js';
import { testEngines } from '../../helpers/engines.js';

const draws = new Draws(3, 0, 0, 0);

/** Sentences of words 0 to `words` − 1, of which small numbers are frequent. */
const tokensOf = (length: number, words: number): Int32Array =>
  Int32Array.from({ length }, (_, i) => (i % 11 === 10 ? -1 : Math.floor(words * draws.unit(i) ** 3)));

const taskOf = (options: Partial<Word2VecTask>): Word2VecTask => {
  const words = 40;
  const tokens = tokensOf(options.shards === undefined ? 150 : 500, words);
  const counts = new Int32Array(words);
  for (const token of tokens) if (token >= 0) counts[token]! += 1;
  return {
    ...{
      model: 'skip-gram',
      words,
      stride: 32,
      window: 3,
      negative: 5,
      shards: 1,
      chunk: 512,
      seed: 9,
      tokens,
    },
    keep: keepShares(counts, 0.02),
    noise: aliasTable(Float64Array.from(counts, (count) => count ** 0.75)),
    ...options,
  };
};

const compareTasks: readonly Partial<Word2VecTask>[] = [
  {},
  { model: 'cbow' },
  { negative: 1 },
  { negative: 11, window: 4 },
  { negative: 11, model: 'cbow' },
  { shards: 3 },
  { shards: 2, model: 'cbow' },
  { shards: 3, chunk: 64 },
];

const sentences = Array.from({ length: 400 }, (_, i) => {
  const one = (words: readonly string[], place: number): string => words[draws.below(2 * i + place, 2)]!;
  return i % 2 === 0
    ? ['the', one(['cat', 'dog'], 0), 'eats', one(['fish', 'meat'], 1)]
    : ['one', one(['dollar', 'euro'], 0), 'buys', one(['gold', 'coins'], 1)];
});

const numbers = async (x: Tensor): Promise<number[]> => Array.from(await x.data(), Number);

describe.each(testEngines)('on %s', (engine) => {
  beforeAll(() => setEngine(engine));

  test.each(compareTasks)('the kernel does what the operations do: %j', async (options) => {
    const task = taskOf(options);
    const start = randn([2, task.words, task.stride], { generator: new Generator(1) }).mul(0.3);
    const rounds = { epoch: 1, round: 0, rates: new Float32Array(roundsOf(task)).fill(0.1) };
    const results = [];
    for (const train of [composedRounds(task), trainerOf(task, start.engine)]) {
      const rows = start.clone();
      const tally = zeros([task.shards, 3], { dtype: 'float64' });
      train(rows, tally, rounds);
      results.push({ rows: await numbers(rows), tally: await numbers(tally) });
    }
    const [composed, kernel] = results as [(typeof results)[0], (typeof results)[0]];
    const before = await numbers(start);
    const change = Math.max(...composed.rows.map((x, i) => Math.abs(x - before[i]!)));
    expect(change).toBeGreaterThan(0.1);
    const apart = Math.max(...composed.rows.map((x, i) => Math.abs(x - kernel.rows[i]!)));
    expect(apart).toBeLessThan(2e-5);
    composed.tally.forEach((x, i) => {
      expect(kernel.tally[i]).toBeCloseTo(x, 3);
    });
  });

  test.each(['skip-gram', 'cbow'] as const)(
    'a step of the full softmax is one of autograd: %s',
    async (model) => {
      const rows = randn([2, 7, 16], { generator: new Generator(2) });
      const windows = [
        { contexts: [1, 2, 1], outputs: [0], place: 0 },
        { contexts: [6], outputs: [2], place: 1 },
      ];
      const leaf = rows.clone().requiresGrad_();
      const [vectors, o] = [leaf.select(0, 0), leaf.select(0, 1)];
      const losses = windows.map(({ contexts, outputs }) => {
        const around = vectors.indexSelect(0, tensor(contexts, { dtype: 'int32' }));
        const h = model === 'cbow' ? around.mean(0, { keepdim: true }) : around;
        const target = tensor(
          h.shape.slice(0, 1).flatMap((n) => new Array(n).fill(outputs[0])),
          { dtype: 'int32' },
        );
        return F.crossEntropy(h.matmul(o.t()), target, { reduction: 'sum' });
      });
      const loss = losses[0]!.add(losses[1]!);
      loss.backward();
      const expected = await numbers(rows.sub(leaf.grad!.mul(0.1)));
      const step = noGrad(() => trainWindows(model, rows, windows, 0.1));
      expect(await step.loss.item()).toBeCloseTo(await loss.item(), 5);
      expect(step.predictions).toBe(model === 'cbow' ? 2 : 4);
      (await numbers(rows)).forEach((x, i) => {
        expect(x).toBeCloseTo(expected[i]!, 5);
      });
    },
  );

  test.each(
    (['skip-gram', 'cbow'] as const).flatMap((model) =>
      (['negative-sampling', 'softmax'] as const).map((loss) => ({ model, loss })),
    ),
  )('$model learns which words go together by $loss', async ({ model, loss: kind }) => {
    const shards = kind === 'softmax' ? 1 : 2;
    const corpus = await WordCorpus.from(sentences);
    const word2vec = new Word2Vec(corpus, {
      model,
      loss: kind,
      dim: 16,
      epochs: 40,
      lr: 0.1,
      sample: 0,
      shards,
    });
    const losses: number[] = [];
    await word2vec.train({ onProgress: ({ loss }) => void losses.push(loss) });
    const { vectors } = word2vec;
    expect(await vectors.similarity('cat', 'dog')).toBeGreaterThan(
      0.3 + (await vectors.similarity('cat', 'euro')),
    );
    expect(losses.length).toBeGreaterThan(0);
    expect(word2vec.share).toBe(1);
  });

  test('the same bits on any number of threads, and after resuming from a saved state', async () => {
    const text = Array.from({ length: 300 }, (_, i) =>
      Array.from({ length: 10 }, (_, j) => `w${Math.floor(30 * draws.unit(10 * i + j) ** 2)}`),
    );
    const corpus = await WordCorpus.from(text, { minCount: 1 });
    const make = (): Word2Vec => new Word2Vec(corpus, { dim: 12, epochs: 3, seed: 4, shards: 3 });
    const whole = make();
    setThreads(1);
    await whole.train();
    setThreads(2);
    const first = make();
    await first.train({ until: 1 });
    expect(first.epoch).toBe(1);
    const second = make();
    await second.loadStateDict(first.stateDict());
    await second.train();
    expect(await numbers(second.vectors.vectors)).toEqual(await numbers(whole.vectors.vectors));
    expect(await numbers(first.vectors.vectors)).not.toEqual(await numbers(whole.vectors.vectors));
  });

  test('training stops where onProgress throws, and continues from there', async () => {
    const corpus = await WordCorpus.from(sentences);
    const make = (): Word2Vec => new Word2Vec(corpus, { dim: 8, epochs: 4, shards: 1 });
    const whole = make();
    await whole.train();
    const stopped = make();
    const stop = { onProgress: () => Promise.reject(new Error('stop')) };
    await expect(stopped.train({ until: 2, ...stop })).rejects.toThrow('stop');
    await stopped.train();
    expect(await numbers(stopped.vectors.vectors)).toEqual(await numbers(whole.vectors.vectors));
  });
});

describe('what training is made of', () => {
  test('words are thinned out by √(t/f) + t/f', () => {
    const keep = keepShares(new Int32Array([900, 90, 10]), 0.01);
    expect(keep[0]).toBeCloseTo(Math.sqrt(0.01 / 0.9) + 0.01 / 0.9, 6);
    expect(keep[2]).toBe(1);
    expect([...keepShares(new Int32Array([900, 10]), 0)]).toEqual([1, 1]);
  });

  test('the alias table has the distribution', () => {
    const weights = Float64Array.from([5, 1, 0, 3, 11, 0.25]);
    const { share, alias } = aliasTable(weights);
    const mass = new Float64Array(6);
    share.forEach((own, i) => {
      mass[i]! += own / 6;
      mass[alias[i]!]! += (1 - own) / 6;
    });
    const total = weights.reduce((a, b) => a + b);
    mass.forEach((p, i) => {
      expect(p).toBeCloseTo(weights[i]! / total, 6);
    });
  });

  test('draws spread evenly', () => {
    const counts = new Array(10).fill(0);
    for (let i = 0; i < 10_000; i++) counts[draws.below(i, 10)]++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test('a corpus numbers words by frequency, and leaves out rare ones', async () => {
    const corpus = await WordCorpus.from([['a', 'rose', 'is', 'a', 'rose'], ['is'], ['rose']], {
      minCount: 2,
    });
    expect(corpus.vocab.itos).toEqual(['rose', 'a', 'is']);
    expect([...corpus.counts]).toEqual([3, 2, 2]);
    expect([...corpus.tokens]).toEqual([1, 0, 2, 1, 0, -1, 2, -1, 0, -1]);
    expect(corpus.length).toBe(7);
    const small = await WordCorpus.from([['a', 'b', 'a'], ['c']], { minCount: 1, maxWords: 1 });
    expect([...small.tokens]).toEqual([0, 0, -1]);
  });
});

describe('refuses', () => {
  const corpusOf = (sentences: unknown) => WordCorpus.from(sentences as never);
  test.each([
    [
      'a text',
      () => corpusOf('one text'),
      "each sentence must be a list of words, got 'o'\n  hint: for one text, pass [words]",
    ],
    ['a number', () => corpusOf(3), 'sentences must be a list or another iterable'],
    ['null', () => corpusOf(null), 'sentences must be a list or another iterable, got null'],
    ['numbers', () => corpusOf([[1, 2]]), 'each word must be a string, got 1'],
    ['no text', () => corpusOf([]), 'WordCorpus.from: there are no words'],
    [
      'rare words',
      () => corpusOf([['a', 'b']]),
      'no word occurs 5 times; the 2 different words are rarer\n  hint: lower minCount, or give more text',
    ],
  ])('%s as a corpus', async (_, make, message) => {
    await expect(make()).rejects.toThrow(message);
  });

  test.each([{}, { model: 'cbow' }, { loss: 'softmax' }] as const)(
    'says that it diverged: %j',
    async (options) => {
      const corpus = await WordCorpus.from(new Array(50).fill(['a', 'b', 'c', 'd']), { minCount: 1 });
      const model = new Word2Vec(corpus, { dim: 4, sample: 0, lr: 1e30, ...options });
      await expect(model.train()).rejects.toThrow(
        "Word2Vec.train: the training has diverged: vectors aren't finite; take a smaller lr than 1e+30",
      );
    },
  );

  test("refuses what isn't a corpus", () => {
    expect(() => new Word2Vec(new Vocab(['a']) as never)).toThrow(
      'Word2Vec: the first argument must be a WordCorpus, got a Vocab',
    );
    expect(() => new (WordCorpus as never as new () => unknown)()).toThrow(
      "WordCorpus: can't be made with new\n  hint: await text.WordCorpus.from(sentences) makes one",
    );
  });

  test('refuses a corpus whose numbers were changed: kernels trust them', async () => {
    const changed = async (change: (corpus: WordCorpus) => void): Promise<WordCorpus> => {
      const corpus = await WordCorpus.from([['a', 'b', 'a']], { minCount: 1 });
      change(corpus);
      return corpus;
    };
    const beyond = await changed(({ tokens }) => tokens.fill(2 ** 30, 1, 2));
    expect(() => new Word2Vec(beyond)).toThrow(
      "Word2Vec: tokens[1] of the corpus is 1073741824, which isn't one of its 2 words",
    );
    const recounted = await changed(({ counts }) => counts.fill(9));
    await expect(GloVe.from(recounted)).rejects.toThrow(
      "GloVe.from: the corpus's counts don't match its tokens: word 0 occurs 2 times, not 9",
    );
  });

  test.each<[Word2VecOptions, string]>([
    [{ dim: 0 }, 'dim must be a whole number from 1 to 4096, got 0'],
    [{ negative: 1e9 }, 'negative must be a whole number from 1 to 128'],
    [{ lr: 0 }, 'lr must be a finite number above 0, got 0'],
    [{ shards: 65 }, 'shards must be a whole number from 1 to 64, got 65'],
    [{ model: 'glove' as never }, "model must be 'skip-gram' or 'cbow'"],
  ])('%j', async (options, message) => {
    const corpus = await WordCorpus.from(sentences);
    expect(() => new Word2Vec(corpus, options)).toThrow(message);
  });

  test('a softmax over too many words, or in shards', async () => {
    const large = await WordCorpus.from([Array.from({ length: 2 ** 15 + 1 }, (_, i) => `w${i}`)], {
      minCount: 1,
    });
    expect(() => new Word2Vec(large, { loss: 'softmax' })).toThrow(
      "Word2Vec: a softmax takes at most 32768 words, and the corpus has 32769\n  hint: use loss: 'negative-sampling', or a corpus with a larger minCount or fewer maxWords",
    );
    const corpus = await WordCorpus.from(sentences);
    expect(() => new Word2Vec(corpus, { loss: 'softmax', shards: 2 })).toThrow(
      "Word2Vec: loss: 'softmax' trains on one shard, got shards: 2; its matrix products use all threads",
    );
  });

  test('the state of another training', async () => {
    const corpus = await WordCorpus.from(sentences);
    const model = new Word2Vec(corpus, { dim: 8, epochs: 2, shards: 1 });
    const state = model.stateDict();
    const load = (changed: object) => model.loadStateDict({ ...state, ...changed });
    await expect(load({ rows: undefined })).rejects.toThrow("the state has no tensor 'rows', got undefined");
    await expect(load({ rows: zeros([2, 3, 16]) })).rejects.toThrow(
      "'rows' is float32 [2, 3, 16], but this training has float32 [2, 12, 8]; use the same corpus and options",
    );
    await expect(model.loadStateDict(null as never)).rejects.toThrow('state must be an object, got null');
    const other = new Word2Vec(corpus, { dim: 9, shards: 1 });
    await expect(other.loadStateDict(state)).rejects.toThrow(
      "'rows' is float32 [2, 12, 8], but this training has float32 [2, 12, 9]; use the same corpus and options",
    );
    await expect(load({ position: zeros([2]) })).rejects.toThrow(
      "the state's position must be two int32, got",
    );
    await expect(load({ position: tensor([-1, 0], { dtype: 'int32' }) })).rejects.toThrow(
      "the state's position must not be negative, got [-1, 0]",
    );
    await expect(load({ position: tensor([3, 0], { dtype: 'int32' }) })).rejects.toThrow(
      'the state is at epoch 3, round 0, but this training has 2 epochs of 4 rounds; use the same corpus, epochs, and shards',
    );
  });
});

test('a round of few shards has as many words as one of sixteen', () =>
  expect([1, 2, 8, 16, 64].map(chunkSize)).toEqual([512, 4096, 1024, 512, 512]));
