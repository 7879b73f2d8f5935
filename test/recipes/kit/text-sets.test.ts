import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RecipeContext, RecipeEvent } from '../../../src/recipes/index.js';
import {
  loadCorpus,
  loadLabeledTexts,
  loadTagged,
  loadTranslations,
} from '../../../src/recipes/kit/text/index.js';
import { textFolder } from '../../helpers/text-data.js';

beforeEach(() => {
  vi.stubEnv('MYELIN_DATA', '/nowhere');
  vi.stubEnv('MYELIN_OFFLINE', '1');
  vi.stubEnv('XDG_CACHE_HOME', '/nowhere');
});
afterEach(() => vi.unstubAllEnvs());

const lines: string[] = [];
const context = (data?: string): RecipeContext<unknown> => ({
  options: { seed: 0, data },
  emit: async (event: RecipeEvent) => {
    if (event.type === 'text') lines.push(event.text);
  },
});
const said = (): string => lines.splice(0).join('\n');

test('without files, texts that Myelin makes', async () => {
  const reviews = await loadLabeledTexts('sst-2', context());
  expect([reviews.isMade, reviews.train.length, reviews.train.classes.length]).toEqual([true, 4000, 2]);
  expect(said()).toBe(
    "film reviews that Myelin makes: 4,000 texts to train on, 500 texts to validate, 500 texts to test on; SST-2 wasn't found (name its folder with --data DIR or MYELIN_DATA)",
  );
  expect((await loadLabeledTexts('rt-polarity', context())).isMade).toBe(true);
  expect((await loadLabeledTexts('sentiment140', context())).isMade).toBe(true);
  expect((await loadLabeledTexts('names', context())).train.classes.length).toBe(6);
  const tagged = await loadTagged(context());
  expect(tagged.train[0]!.words.length).toBe(tagged.train[0]!.tags.length);
  expect((await loadTranslations(context())).test.length).toBe(200);
  for (const name of ['tinyshakespeare', 'war-and-peace', 'wikitext-2'] as const)
    expect((await loadCorpus(name, context())).train.length).toBeGreaterThan(100_000);
});

test('a folder that was named must have the data set', async () => {
  await expect(loadLabeledTexts('names', context('/nowhere'))).rejects.toThrow(
    /^Names: \/nowhere: no such folder; put Arabic\.txt, /,
  );
});

test.skipIf(textFolder === null)('the real files', async () => {
  const from = (name: string): RecipeContext<unknown> => context(join(textFolder!, name));
  const sst = await loadLabeledTexts('sst-2', from('sst-2'));
  expect([sst.isMade, sst.train.length + sst.validation.length, sst.test.length]).toEqual([
    false,
    67_349,
    872,
  ]);
  const polarity = await loadLabeledTexts('rt-polarity', from('rt-polarity'));
  expect([polarity.train, polarity.validation, polarity.test].map(({ length }) => length)).toEqual([
    8530, 1066, 1066,
  ]);
  expect((await loadLabeledTexts('sentiment140', from('sentiment140'))).test.length).toBe(359);
  expect((await loadLabeledTexts('names', from('names'))).train.classes.length).toBe(18);
  const tagged = await loadTagged(from('ud-english-ewt'));
  expect(new Set(tagged.train.flatMap(({ tags }) => tags)).size).toBe(17);
  expect((await loadTranslations(from('multi30k'))).train.length).toBe(29_000);
  said();
  const wiki = await loadCorpus('wikitext-2', context(textFolder!));
  expect(said()).toMatch(
    /^WikiText-2: 1,0\d\d,\d{3} characters to train on, 11\d,\d{3} characters to validate/,
  );
  expect(wiki.train.endsWith('\n')).toBe(true);
  expect((await loadCorpus('tinyshakespeare', from('tinyshakespeare'))).train.length).toBe(1_003_854);
});
