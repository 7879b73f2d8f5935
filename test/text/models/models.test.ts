import { describe, expect, test } from 'vitest';
import { manualSeed, noGrad, randint, randn, type Tensor, tensor, zeros } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import * as text from '../../../src/text/index.js';

const count = (model: nn.Module): number =>
  [...model.parameters()].filter((p) => p.requiresGrad).reduce((sum, p) => sum + p.count, 0);

const table = (): nn.Embedding => nn.Embedding.fromPretrained(randn([20, 50]));

/** Each classifier, with frozen vectors of 50 numbers. */
const classifiers = {
  sum: () => new text.SumClassifier(table(), 2),
  concat: () => new text.ConcatClassifier(table(), 2, 12),
  cnn: () => new text.TextCnn(table(), 2, { maps: 8 }),
  rnn: () => new text.RecurrentClassifier(table(), 2, { kind: 'rnn' }),
  lstm: () => new text.RecurrentClassifier(table(), 2),
  gru: () => new text.RecurrentClassifier(table(), 2, { kind: 'gru' }),
  bilstm: () => new text.RecurrentClassifier(table(), 2, { bidirectional: true, numLayers: 2 }),
};

describe.each(Object.entries(classifiers))('%s', (name, make) => {
  const build = (): text.TextClassifier => {
    manualSeed(0);
    return make().eval();
  };
  const logitsOf = (model: text.TextClassifier, ids: number[][], lengths?: number[]): Promise<unknown> =>
    noGrad(() => model.forward(tensor(ids, { dtype: 'int32' }), lengths ? { lengths } : {})).toArray();

  test("padding doesn't change what it says of a text", async () => {
    const model = build();
    const [alone] = (await logitsOf(model, [[3, 1, 4, 1]])) as number[][];
    const both = (await logitsOf(
      model,
      [
        [3, 1, 4, 1, 7, 7, 7, 7],
        [2, 7, 1, 8, 2, 8, 1, 8],
      ],
      [4, 8],
    )) as number[][];
    for (const [i, logit] of both[0]!.entries()) expect(logit).toBeCloseTo(alone![i]!, 5);
  });

  test('only the sum is blind to the order of the words', async () => {
    const model = build();
    const [[a], [b]] = (await Promise.all([
      logitsOf(model, [[3, 1, 4, 9]]),
      logitsOf(model, [[9, 4, 3, 1]]),
    ])) as [number[][], number[][]];
    const same = a!.every((logit, i) => Math.abs(logit - b![i]!) < 1e-5);
    expect(same).toBe(name === 'sum');
  });

  test('lengths that do not fit are errors', () => {
    const model = build();
    const ids = randint(0, 20, [2, 5]);
    expect(() => model.forward(ids, { lengths: [5] })).toThrow(
      'there must be a length for each of 2 texts, got 1',
    );
    expect(() => model.forward(ids, { lengths: [5, 6] })).toThrow(
      'lengths[1] is 6, but the texts have 5 tokens',
    );
    expect(() => model.forward(ids, { lengths: [0, 5] })).toThrow('lengths');
    expect(() => model.forward(randint(0, 20, [5]))).toThrow('ids must be (N, L)');
  });
});

test.each<[string, () => unknown]>([
  ['SumClassifier: numClasses', () => new text.SumClassifier(new nn.Embedding(3, 2), 0)],
  ['ConcatClassifier: numClasses', () => new text.ConcatClassifier(new nn.Embedding(3, 2), 0, 4)],
  ['ConcatClassifier: maxLength', () => new text.ConcatClassifier(new nn.Embedding(3, 2), 2, 0)],
  ['TextCnn: numClasses', () => new text.TextCnn(new nn.Embedding(3, 2), 0)],
  ['RecurrentClassifier: numClasses', () => new text.RecurrentClassifier(new nn.Embedding(3, 2), 0)],
  ['Tagger: numTags', () => new text.Tagger(new nn.Embedding(3, 2), 0)],
  ['LanguageModel: vocabSize', () => new text.LanguageModel(0, 4)],
  ['LanguageModel: hiddenSize', () => new text.LanguageModel(5, 0)],
  ['TextGenerator: vocabSize', () => new text.TextGenerator(0, 3)],
  ['TextGenerator: hiddenSize', () => new text.TextGenerator(3, 0)],
  ['Seq2Seq: sourceVocabSize', () => new text.Seq2Seq(0, 4)],
  ['Seq2Seq: targetVocabSize', () => new text.Seq2Seq(4, 0)],
])('a model of nothing: %s', (message, work) => {
  expect(work).toThrow(`${message} must be a whole number of at least 1, got 0`);
});

test('the sizes of the course notes', () => {
  expect(count(classifiers.rnn())).toBe(7424 + 130);
  expect(count(classifiers.lstm())).toBe(29_696 + 130);
  expect(count(classifiers.gru())).toBe(22_272 + 130);
});

test('filters need a width', () => {
  expect(() => new text.TextCnn(new nn.Embedding(3, 2), 2, { widths: [] })).toThrow(
    'TextCnn: widths must have at least one',
  );
});

test('concatenated vectors need weights for every position', () => {
  const sizes = [10, 20, 40].map((longest) => count(new text.ConcatClassifier(table(), 2, longest)));
  expect(sizes).toEqual([10, 20, 40].map((longest) => longest * 50 * 64 + 64 + 64 * 2 + 2));
  expect(() => new text.ConcatClassifier(table(), 2, 3).forward(randint(0, 20, [1, 4]))).toThrow(
    'texts of 4 tokens are longer than maxLength, 3\n  hint: cut them off',
  );
});

test('a generator carries its state from character to character', async () => {
  manualSeed(1);
  const model = new text.TextGenerator(7, 16, { numLayers: 2 }).eval();
  const ids = randint(0, 7, [3, 5]);
  const [all, last] = model.forward(ids);
  let hidden: Tensor | null = null;
  for (let t = 0; t < 5; t++) {
    const [logits, next] = model.forward(ids.narrow(1, t, 1), hidden);
    hidden = next;
    expect(
      await logits
        .sub(all.narrow(1, t, 1))
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-5);
  }
  expect(await hidden!.sub(last).abs().max().item()).toBeLessThan(1e-5);
});

test('a language model with tied weights has one table', () => {
  const [tied, untied] = [true, false].map((tied) => new text.LanguageModel(100, 32, { tied }));
  expect(count(untied!) - count(tied!)).toBe(100 * 32);
  expect(tied!.decoder.weight).toBe(tied!.embedding.weight);
  const [logits, [h, c]] = tied!.forward(randint(0, 100, [4, 6]));
  expect([logits.shape, h.shape, c.shape]).toEqual([
    [4, 6, 100],
    [2, 4, 32],
    [2, 4, 32],
  ]);
  expect(() => new text.LanguageModel(100, 32, { tied: true, embeddingDim: 16 })).toThrow(
    'LanguageModel: tied weights need embeddingDim 16 to be hiddenSize 32',
  );
});

test('a tagger labels every word, known by its vector and by its characters', () => {
  const embedding = new nn.Embedding(30, 8);
  const ids = randint(0, 30, [2, 4]);
  expect(new text.Tagger(embedding, 5).forward(ids, [4, 2]).shape).toEqual([2, 4, 5]);
  const spelled = new text.Tagger(embedding, 5, { numCharacters: 12 });
  const spelling = {
    characters: randint(1, 12, [3, 6]),
    lengths: [6, 1, 3],
    words: tensor(
      [
        [0, 1, 2, 0],
        [2, 1, 0, 0],
      ],
      { dtype: 'int32' },
    ),
  };
  const logits = spelled.forward(ids, [4, 2], spelling);
  expect(logits.shape).toEqual([2, 4, 5]);
  logits.sum().backward();
  expect(spelled.characters!.weight.grad).not.toBeNull();
  expect(() => spelled.forward(ids, [4, 2])).toThrow('Tagger: it reads characters: pass a spelling');
});

describe.each([true, false])('sequence to sequence, attention %s', (attention) => {
  const build = () => {
    manualSeed(2);
    return new text.Seq2Seq(11, 13, { embeddingDim: 6, hiddenSize: 8, numLayers: 2, attention });
  };
  const source = tensor(
    [
      [3, 4, 5, 6],
      [7, 8, 0, 0],
    ],
    { dtype: 'int32' },
  );
  const target = tensor(
    [
      [1, 4, 5],
      [1, 6, 7],
    ],
    { dtype: 'int32' },
  );

  test('step by step as at once', async () => {
    const model = build();
    const all = model.forward(source, target, [4, 2]);
    expect(all.shape).toEqual([2, 3, 13]);
    let state = model.encode(source, [4, 2]);
    for (let t = 0; t < 3; t++) {
      const step = model.decode(target.narrow(1, t, 1), state);
      state = step.state;
      expect(
        await step.logits
          .sub(all.narrow(1, t, 1))
          .abs()
          .max()
          .item(),
      ).toBeLessThan(1e-5);
      expect(step.weights?.shape).toEqual(attention ? [2, 1, 4] : undefined);
    }
  });

  test('padding of the source is not looked at', async () => {
    const model = build();
    const alone = model.forward(source.narrow(0, 1, 1).narrow(1, 0, 2), target.narrow(0, 1, 1), [2]);
    const both = model.forward(source, target, [4, 2]);
    expect(await alone.select(0, 0).sub(both.select(0, 1)).abs().max().item()).toBeLessThan(1e-5);
  });

  test('without teacher forcing, a step sees what the step before guessed', async () => {
    const model = build();
    const free = model.forward(source, target, [4, 2], { teacherForcing: 0 });
    const other = model.forward(source, target.mul(0).add(1), [4, 2], { teacherForcing: 0 });
    expect(await free.sub(other).abs().max().item()).toBe(0);
    const forced = model.forward(source, target, [4, 2]);
    expect(await free.select(1, 0).sub(forced.select(1, 0)).abs().max().item()).toBeLessThan(1e-5);
    expect(() => model.forward(source, target, [4, 2], { teacherForcing: 2 })).toThrow('teacherForcing');
  });
});

test('tied weights of a translator: one table, of small numbers, in any width if there is attention', async () => {
  manualSeed(2);
  const model = new text.Seq2Seq(7, 200, { embeddingDim: 16, hiddenSize: 8, tied: true });
  expect(model.output.weight).toBe(model.targetEmbedding.weight);
  expect(model.combine!.weight.shape).toEqual([16, 24]);
  expect(await model.output.weight.std().item()).toBeCloseTo(1 / 4, 1);
  const [source, target] = [randint(0, 7, [2, 3]), randint(0, 200, [2, 4])];
  expect(model.forward(source, target, [3, 2]).shape).toEqual([2, 4, 200]);
  const plain = new text.Seq2Seq(7, 9, { embeddingDim: 8, hiddenSize: 8, attention: false, tied: true });
  expect(plain.forward(source, randint(0, 9, [2, 4]), [3, 2]).shape).toEqual([2, 4, 9]);
  expect(
    () => new text.Seq2Seq(7, 9, { embeddingDim: 4, hiddenSize: 8, attention: false, tied: true }),
  ).toThrow('Seq2Seq: tied weights without attention need embeddingDim 4 to be hiddenSize 8');
});

test('prompts have only tokens that the model knows', async () => {
  expect(() => text.generate(new text.TextGenerator(5, 3), [1, 7])).toThrow(
    'generate: prompt has token 7 at 1, but the model knows only 5 tokens, from 0',
  );
  await expect(text.generateAll(new text.LanguageModel(5, 3), [[1], [5]])).rejects.toThrow(
    'generateAll: prompt 1 has token 5 at 0, but the model knows only 5 tokens, from 0',
  );
  const translator = new text.Seq2Seq(9, 5, { embeddingDim: 2, hiddenSize: 3 });
  expect(() => text.generate(translator, [6])).toThrow(
    'generate: prompt has token 6 at 0, but the model knows only 5 tokens, from 0',
  );
  expect(() => text.generate({ step: () => null, vocabSize: 0.5 } as never, [0])).toThrow(
    'generate: model.vocabSize must be a whole number of at least 1, got 0.5',
  );
});

test('models write: one token after the other, and with beams', async () => {
  manualSeed(3);
  const generator = new text.TextGenerator(7, 8).eval();
  const written: number[] = [];
  for await (const token of text.generate(generator, [1], { maxNewTokens: 4 })) written.push(token);
  expect(written).toHaveLength(4);
  const model = new text.LanguageModel(9, 8, { dropout: 0 }).eval();
  const beams = await text.generateAll(model, [[1, 2]], { numBeams: 3, maxNewTokens: 4 });
  expect(beams[0]![0]!.tokens).toHaveLength(4);
  const translator = new text.Seq2Seq(11, 13, { embeddingDim: 6, hiddenSize: 8 }).eval();
  const source = tensor(
    [
      [3, 4, 5, 6],
      [7, 8, 0, 0],
    ],
    { dtype: 'int32' },
  );
  const options = { maxNewTokens: 5, numBeams: 4, eosTokenId: 2 };
  const both = await text.generateAll(translator, [[1], [1]], {
    ...options,
    state: noGrad(() => translator.encode(source, [4, 2])),
  });
  const alone = await text.generateAll(translator, [[1]], {
    ...options,
    state: noGrad(() => translator.encode(source.narrow(0, 1, 1).narrow(1, 0, 2), [2])),
  });
  expect(both[1]![0]!.tokens).toEqual(alone[0]![0]!.tokens);
  expect(both[1]![0]!.score).toBeCloseTo(alone[0]![0]!.score!, 4);
});

describe('refuses', () => {
  const translator = new text.Seq2Seq(5, 6, { embeddingDim: 2, hiddenSize: 3 });
  const spelled = new text.Tagger(nn.Embedding.fromPretrained(randn([4, 2])), 2, { numCharacters: 3 });
  const ids = tensor([[1, 2]], { dtype: 'int32' });

  test.each<[string, () => unknown, string]>([
    ...[text.SumClassifier, text.ConcatClassifier, text.RecurrentClassifier, text.TextCnn, text.Tagger].map(
      (Model): [string, () => unknown, string] => [
        `${Model.name} of numbers`,
        () => new (Model as new (...args: never[]) => unknown)(...([4, 2] as never[])),
        `${Model.name}: embedding must be an nn.Embedding, got 4`,
      ],
    ),
    [
      'no longest text',
      () => new text.ConcatClassifier(table(), 2, 0.5),
      'ConcatClassifier: maxLength must be a whole number of at least 1, got 0.5',
    ],
    [
      'texts that are no tensor',
      () => new text.SumClassifier(table(), 2).forward([[1]] as never),
      'SumClassifier: ids must be a tensor, got [[…]]\n  hint: tensor() makes one of numbers',
    ],
    ['no spelling', () => spelled.forward(ids, [2]), 'Tagger: it reads characters: pass a spelling'],
    [
      'a spelling of text',
      () => spelled.forward(ids, [2], 'ab' as never),
      "Tagger: spelling must be an object, got 'ab'",
    ],
    [
      'a spelling without words',
      () => spelled.forward(ids, [2], { characters: ids, lengths: [2] } as never),
      'Tagger: spelling.words must be a tensor, got undefined',
    ],
    [
      'lengths past the source',
      () => translator.encode(ids, [3]),
      'Seq2Seq: lengths[0] is 3, but the texts have 2 tokens',
    ],
    [
      'no target',
      () => translator.forward(ids, undefined as never, [2]),
      'Seq2Seq: target must be a tensor, got undefined',
    ],
    [
      'a source of another shape',
      () => translator.forward(tensor([1, 2], { dtype: 'int32' }), ids, [2]),
      'Seq2Seq: source must be (N, L): the tokens of N texts, at least one each\n  source  (N, L)  [2]',
    ],
    [
      'fewer targets than sources',
      () => translator.forward(ids, zeros([2, 3], { dtype: 'int32' }), [2]),
      'Seq2Seq: there must be a target for each source\n  source  (N, S)  [1, 2]\n  target  (N, T)  [2, 3]',
    ],
    [
      'a target of no tokens',
      () => translator.forward(ids, zeros([1, 0], { dtype: 'int32' }), [2]),
      'Seq2Seq: target must be (N, T), with at least one token each\n  target  (N, T)  [1, 0]',
    ],
    [
      'targets for another state',
      () => translator.decode(zeros([2, 3], { dtype: 'int32' }), translator.encode(ids, [2])),
      'Seq2Seq: there must be a target for each source\n  state.memory  (N, S, 2H)  [1, 2, 6]\n  ids           (N, T)      [2, 3]',
    ],
    ['no state', () => translator.step(ids, null as never), 'Seq2Seq: state must be an object, got null'],
    [
      'the state of something else',
      () => translator.select({ decoder: [] } as never, ids, false),
      'Seq2Seq: state.memory must be a tensor, got undefined',
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });
});
