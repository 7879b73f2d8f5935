import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Generator, tensor, tidy, zeros } from '../../../src/index.js';
import {
  analogyAccuracy,
  biasProbe,
  readAnalogies,
  readWordPairs,
  similarityScore,
  skipGrams,
  Vocab,
  WordVectors,
  wordMap,
} from '../../../src/text/index.js';
import { rankCorrelation } from '../../../src/text/vectors/rank-correlation.js';
import { Draws } from '../../../src/text/vectors/word-draws.js';
import { windowsOf } from '../../../src/text/vectors/word2vec-composed.js';
import { textFolder } from '../../helpers/text-data.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** man + royal = king, woman + royal = queen; car is apart. */
const small = new WordVectors(
  new Vocab(['man', 'woman', 'king', 'queen', 'car']),
  tensor([
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [1, 0, 1, 0],
    [0, 1, 1, 0],
    [0, 0, 0, 3],
  ]),
);

describe('answers', () => {
  test('distance and similarity use every number', async () => {
    expect(await small.distance('man', 'queen')).toBeCloseTo(Math.sqrt(3), 6);
    expect(await small.similarity('man', 'king')).toBeCloseTo(Math.SQRT1_2, 6);
    expect(await small.similarity('man', 'car')).toBe(0);
  });

  test('neighbors by angle and by distance, without the word itself', async () => {
    expect((await small.nearest('king', { count: 2 })).map(({ word }) => word)).toEqual(['man', 'queen']);
    expect(await small.nearest('car', { count: 1, measure: 'euclidean' })).toEqual([
      { word: 'man', score: expect.closeTo(Math.sqrt(10), 5) },
    ]);
    expect((await small.nearest(tensor([0, 2, 2, 0]), { count: 1 }))[0]).toEqual({
      word: 'queen',
      score: expect.closeTo(1, 6),
    });
  });

  test.each(['add', 'multiply'] as const)('king − man + woman, method %s', async (method) => {
    const [best] = await small.analogy({ positive: ['king', 'woman'], negative: ['man'], count: 1, method });
    expect(best!.word).toBe('queen');
    const [itself] = await small.analogy({ positive: ['king'], method, exclude: false, count: 1 });
    expect(itself!.word).toBe('king');
  });

  test('3CosMul is the product over the quotient', async () => {
    const [best] = await small.analogy({
      positive: ['king', 'woman'],
      negative: ['man'],
      method: 'multiply',
    });
    const s = (cosine: number): number => (1 + cosine) / 2;
    expect(best!.score).toBeCloseTo((s(0.5) * s(Math.SQRT1_2)) / (s(0) + 1e-3), 4);
  });

  test('rows for a vocabulary', async () => {
    const vocab = new Vocab(['<pad>', 'King', 'car', 'zebra']);
    const { rows, missing } = await small.rowsFor(vocab, { lowercase: true });
    expect(missing).toEqual(['<pad>', 'zebra']);
    expect(await rows.toArray()).toEqual([
      [0, 0, 0, 0],
      [1, 0, 1, 0],
      [0, 0, 0, 3],
      [0, 0, 0, 0],
    ]);
    const generator = new Generator(1);
    const random = await small.embedding(vocab, {
      unknown: 'random',
      generator,
      paddingIdx: 0,
      freeze: false,
    });
    expect(random.weight.requiresGrad).toBe(true);
    expect((await random.weight.norm(2, 1).data()).map((x) => Number(x > 0))).toEqual(
      new Float32Array([0, 1, 1, 1]),
    );
    expect((await small.embedding()).weight.requiresGrad).toBe(false);
  });

  test('the bias probe orders words by how they lean', async () => {
    const leans = await biasProbe(small, ['queen', 'car', 'king'], ['man', 'woman']);
    expect(leans.map(({ word }) => word)).toEqual(['king', 'car', 'queen']);
    expect(leans[0]).toEqual({
      word: 'king',
      first: expect.closeTo(Math.SQRT1_2, 6),
      second: 0,
      lean: expect.closeTo(0.5, 6),
    });
  });

  test.each([
    ['Queen', `there's no vector for "Queen"\n  hint: did you mean "queen"?`],
    ['womn', `there's no vector for "womn"\n  hint: did you mean "woman"?`],
    ['zebra', `there's no vector for "zebra"`],
  ])('an unknown word: %s', (word, message) => {
    expect(() => small.get(word)).toThrow(`WordVectors: ${message}`);
  });

  test('what makes no sense', async () => {
    expect(() => new WordVectors(['a'] as never, zeros([1, 1]))).toThrow("vocab must be a Vocab, got ['a']");
    expect(() => new WordVectors(new Vocab(['a']), [1] as never)).toThrow(
      'vectors must be a float32 tensor, got [1]',
    );
    expect(() => new WordVectors(new Vocab(['a']), zeros([2, 1]))).toThrow(
      'there must be a row for each word',
    );
    expect(() => new WordVectors(new Vocab(['a']), zeros([1, 0]))).toThrow('with at least one number');
    await expect(small.embedding(undefined, null as never)).rejects.toThrow(
      'WordVectors.embedding: the options must be an object, got null',
    );
    for (const [paddingIdx, problem] of [
      [99, 'paddingIdx 99 is outside the vocabulary of 5 tokens'],
      [1.5, 'paddingIdx must be a whole number, or null, got 1.5'],
      [Number.NaN, 'paddingIdx must be a whole number, or null, got NaN'],
      ['x', "paddingIdx must be a whole number, or null, got 'x'"],
    ])
      await expect(small.embedding(undefined, { paddingIdx: paddingIdx as number })).rejects.toThrow(
        `WordVectors.embedding: ${problem}`,
      );
    await expect(small.embedding(['a'] as never)).rejects.toThrow('WordVectors.embedding: vocab must be');
    await expect(small.analogy({})).rejects.toThrow('give words in positive, negative, or both');
    await expect(small.nearest(zeros([3]))).rejects.toThrow(
      'the vector must be as long as those of the words',
    );
    await expect(small.nearest(tensor([1, 2, Number.NaN, 4]))).rejects.toThrow(
      'WordVectors.nearest: of[2] is NaN',
    );
    await expect(small.nearest(tensor([1, 2, 3, 4], { dtype: 'int32' }))).rejects.toThrow(
      "WordVectors.nearest: of must be float32, as the words' vectors are, got int32\n  hint: convert it with to('float32')",
    );
    await expect(small.rowsFor(['a'] as never)).rejects.toThrow("vocab must be a Vocab, got ['a']");
    await expect(biasProbe(small, ['car'], ['man'] as never)).rejects.toThrow(
      'between must be two words, got 1',
    );
    await expect(analogyAccuracy({} as never, [])).rejects.toThrow(
      'the first argument must be WordVectors, got {}',
    );
    await expect(analogyAccuracy(small, [{ category: 'x', words: ['a'] }] as never)).rejects.toThrow(
      "analogyAccuracy: questions[0].words must be a list of 4 words, got ['a']",
    );
    await expect(similarityScore(small, [null] as never)).rejects.toThrow(
      'similarityScore: pairs[0] must be an object, got null',
    );
    await expect(similarityScore(small, [{ words: ['car', 'man'], score: 'x' }] as never)).rejects.toThrow(
      "similarityScore: pairs[0].score must be a finite number, got 'x'",
    );
  });
});

describe('tests of word vectors', () => {
  test('questions by category', async () => {
    const questions = await readAnalogies(
      bytes(
        ': family\nman king woman queen\nMan Woman King Queen\n: cars\nman car woman car\nman x king y\n',
      ),
    );
    expect(questions[0]).toEqual({ category: 'family', words: ['man', 'king', 'woman', 'queen'] });
    const { total, categories } = await analogyAccuracy(small, questions);
    expect(categories).toEqual([
      { name: 'family', correct: 2, asked: 2, skipped: 0, accuracy: 1 },
      { name: 'cars', correct: 0, asked: 1, skipped: 1, accuracy: 0 },
    ]);
    expect(total).toEqual({ name: 'all', correct: 2, asked: 3, skipped: 1, accuracy: 2 / 3 });
    await expect(readAnalogies(bytes('a b c d\na b\n'))).rejects.toThrow(
      'line 2: has 2 words; a question has four',
    );
  });

  test('pairs between blanks, tabs, or commas', async () => {
    const pair = { words: ['tiger', 'cat'], score: 7.35 };
    for (const line of [
      'tiger\tcat\t7.35\n',
      'Word 1,Word 2,Human (mean)\ntiger,cat,7.35\n',
      'tiger cat 7.35',
    ])
      expect(await readWordPairs(bytes(line))).toEqual([pair]);
    await expect(readWordPairs(bytes('a\tb\t1\na\tb\n'))).rejects.toThrow(
      'line 2: must be two words and a number, got "a\\tb"',
    );
    await expect(readWordPairs(bytes('a\tb\n'))).rejects.toThrow('line 1: must be two words and a number');
  });

  test('the rank correlation shares ranks', () => {
    expect(rankCorrelation([1, 2, 3], [10, 20, 90])).toBe(1);
    expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBe(-1);
    // scipy.stats.spearmanr([1, 2, 2, 4, 5], [3, 1, 4, 4, 9])
    expect(rankCorrelation([1, 2, 2, 4, 5], [3, 1, 4, 4, 9])).toBeCloseTo(0.7631578947, 9);
    expect(rankCorrelation([1, 1], [1, 2])).toBeNaN();
  });
});

test('of the 30 pairs of a window of 2, figure 5.4 lists 21', () => {
  const words = 'I will have orange juice and eggs for breakfast'.split(' ');
  const task = {
    ...{
      model: 'skip-gram' as const,
      words: words.length,
      stride: 16,
      window: 1,
      negative: 0,
      shards: 1,
      chunk: 512,
      seed: 0,
    },
    tokens: Int32Array.from(words, (_, i) => i),
    keep: new Float32Array(words.length).fill(1),
    noise: { share: new Float32Array(9), alias: new Int32Array(9) },
  };
  const draws = new Draws(0, 0, 0, 0);
  const whole = Object.assign(Object.create(draws), { unit: () => 0, below: () => 1, at: () => 0 });
  const { windows } = windowsOf({ ...task, window: 2 }, [0, words.length], whole);
  const pairs = new Set(
    windows.flatMap(({ outputs, contexts }) => contexts.map((c) => `${words[outputs[0]!]}, ${words[c]}`)),
  );
  expect(pairs.size).toBe(30);
  const listed = (
    'will, I; will, have; will, orange; have, I; have, will; have, orange; orange, will; orange, have; orange, juice; ' +
    'juice, have; juice, orange; juice, and; and, orange; and, juice; and, eggs; eggs, juice; eggs, and; eggs, for; ' +
    'for, and; for, eggs; for, breakfast'
  ).split('; ');
  expect(listed).toHaveLength(21);
  expect(listed.filter((pair) => !pairs.has(pair))).toEqual([]);
  // They are the 1-skip-2-grams, in both directions.
  const grams = [...skipGrams(words, 2, 1)].flatMap(([a, b]) => [`${a}, ${b}`, `${b}, ${a}`]);
  expect(new Set(grams)).toEqual(pairs);
});

describe.skipIf(textFolder === null)("GloVe's vectors", () => {
  let vectors: WordVectors;
  const file = (name: string): string => join(textFolder!, 'embeddings', name);
  beforeAll(async () => {
    vectors = await WordVectors.load(file('glove.6B.50d.first2445.txt.gz'));
  });

  test('king − man + woman is queen', async () => {
    expect(String(vectors)).toBe('WordVectors(2,445 words, 50 numbers each)');
    const [best] = await vectors.analogy({ positive: ['king', 'woman'], negative: ['man'], count: 1 });
    expect(best).toEqual({ word: 'queen', score: expect.closeTo(0.852, 3) });
    // With the vectors as they are, not of length 1.
    const sum = vectors.get('king').sub(vectors.get('man')).add(vectors.get('woman'));
    const near = await vectors.nearest(sum, { count: 2 });
    expect(near[1]).toEqual({ word: 'queen', score: expect.closeTo(0.861, 3) });
  });

  test('they answer questions and rank pairs of words', async () => {
    const questions = await readAnalogies(file('questions-words.txt.gz'));
    expect(questions).toHaveLength(19_544);
    const { total, categories } = await analogyAccuracy(vectors, questions);
    expect(categories).toHaveLength(14);
    expect(total.accuracy).toBeGreaterThan(0.4);
    for (const [name, count] of [
      ['EN-WS-353-ALL.txt', 353],
      ['EN-SIMLEX-999.txt', 999],
      ['EN-MEN-TR-3k.txt', 3000],
      ['EN-RG-65.txt', 65],
      ['wordsim353-combined.csv', 353],
    ] as const) {
      const pairs = await readWordPairs(file(name));
      expect(pairs).toHaveLength(count);
      if (count > 100) expect((await similarityScore(vectors, pairs)).correlation).toBeGreaterThan(0.15);
    }
  });
});

test('unit vectors outlive the tidy that they are first made in', async () => {
  const vectors = new WordVectors(
    new Vocab(['a', 'b', 'c']),
    tensor([
      [3, 4],
      [0, 2],
      [1, 0],
    ]),
  );
  tidy(() => vectors.unit.sum());
  const found = await similarityScore(vectors, [
    { words: ['a', 'b'], score: 3 },
    { words: ['a', 'c'], score: 2 },
    { words: ['b', 'c'], score: 1 },
  ]);
  expect(found.correlation).toBeCloseTo(1, 6);
  expect(await vectors.unit.toArray()).toHaveLength(3);
});

test('a map has words and their nearest ones, each once', async () => {
  const rows = tensor([1, 0, 0, 0.9, 0.1, 0, 0.8, 0, 0.2, 0, 1, 0, 0, 0.9, 0.1], [5, 3]);
  const vectors = new WordVectors(new Vocab(['cat', 'dog', 'cow', 'gold', 'coin']), rows);
  for (const method of ['pca', 'tsne'] as const) {
    const { x, y, classes, labels } = await wordMap(vectors, ['cat', 'gold'], { method, neighbors: 1 });
    expect(labels).toEqual(['cat', 'gold', 'dog', 'coin']);
    expect(classes).toEqual(['cat', 'gold', 'cat', 'gold']);
    const away = (a: number, b: number): number => Math.hypot(x[a]! - x[b]!, y[a]! - y[b]!);
    if (method === 'pca') expect(away(0, 2)).toBeLessThan(away(0, 1));
    expect([...x, ...y].every(Number.isFinite)).toBe(true);
  }
  await expect(wordMap(vectors, ['cat'], { neighbors: 1 })).rejects.toThrow(
    'wordMap: a map takes at least 3 words, got 2; ask for more neighbors',
  );
  await expect(wordMap(vectors, ['tiger'])).rejects.toThrow('there\'s no vector for "tiger"');
});
