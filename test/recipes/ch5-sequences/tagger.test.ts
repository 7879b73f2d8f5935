import { beforeAll, expect, test } from 'vitest';
import { randn, tensor } from '../../../src/index.js';
import { probe } from '../../../src/recipes/ch5-sequences/layer-probe.js';
import { taggedBatch, tagVocabs } from '../../../src/recipes/ch5-sequences/tagged-batches.js';
import { tagger } from '../../../src/recipes/ch5-sequences/tagger.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { withoutData } from '../without-data.js';

beforeAll(withoutData);

test('a tagger learns a grammar, and probes say what its layers know', async () => {
  const experiment = await prepare(tagger, { epochs: 2, hidden: 32, dim: 16, dropout: 0.1, lr: 0.005 });
  await experiment.train();
  const { numbers, report } = await experiment.evaluate();
  expect(numbers.accuracy).toBeGreaterThan(0.93);
  const text = reportLines(report!).join('\n');
  expect(text).toMatch(/\w+\/[A-Z]+ \w+\/[A-Z]+/);
  expect(text).toMatch(/^layer 2 +\d+\.\d %$/m);
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['layers']);
});

test('a batch spells each of its words once', async () => {
  const sentences = [
    { words: ['The', 'cat', 'sat'], tags: ['DET', 'NOUN', 'VERB'] },
    { words: ['cat', 'sat'], tags: ['NOUN', 'VERB'] },
  ];
  const batch = taggedBatch(sentences, await tagVocabs(sentences));
  expect(batch.lengths).toEqual([3, 2]);
  expect(batch.spelling.lengths).toEqual([3, 3, 3]);
  expect(await batch.spelling.words.toArray()).toEqual([
    [0, 1, 2],
    [1, 2, 0],
  ]);
  expect(await batch.tags.toArray()).toEqual([
    [0, 1, 2],
    [1, 2, -1],
  ]);
});

test('a probe reads what is there, and guesses what is not', async () => {
  const noise = randn([400, 5]);
  const classes = noise.select(1, 0).gt(0).to('int32');
  expect(await probe(noise, classes, 2)).toBeGreaterThan(0.9);
  const random = tensor(
    Array.from({ length: 400 }, (_, i) => (i * 7919) % 2),
    { dtype: 'int32' },
  );
  expect(await probe(noise, random, 2)).toBeLessThan(0.65);
});
