import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { encode as theirs } from 'gpt-tokenizer/encoding/r50k_base';
import { expect, test } from 'vitest';
import { loadGpt2, parseTokenizer } from '../../../src/text/index.js';
import { textFolder } from '../../helpers/text-data.js';
import { anyText, wellFormed } from './any-text.js';

const gpt2 = await loadGpt2();
const ours = (text: string): number[] => [...gpt2.encode(text, { specialTokens: 'text' }).ids];

test("has GPT-2's tokens and its special one", () => {
  expect(gpt2.vocabSize).toBe(50_257);
  expect([...gpt2.encode('Hello, world!<|endoftext|>').ids]).toEqual([15496, 11, 995, 0, 50256]);
  expect(gpt2.encode(' naïve 👍').tokens).toEqual(['ĠnaÃ¯ve', 'ĠðŁĳ', 'į']);
});

test('gives the numbers that gpt-tokenizer gives, on text of any kind', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(ours(text)).toEqual(theirs(text));
    }),
    { numRuns: 1000 },
  );
  for (const text of [
    "I'll  say:\r\n\r\n\t'tis \u00a0\u3000…",
    '👩‍👩‍👧🏽👍🏽 मराठी 漢字かな\ud800 العربية',
    'a'.repeat(500),
  ])
    expect(ours(text)).toEqual(theirs(text));
});

/** Files of text below a folder. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesIn(path);
    return /\.(txt|tsv|csv|conllu|en|de|fr|pos|neg)(\.gz)?$/.test(name) ? [path] : [];
  });

const folders = 'corpora multi30k names rt-polarity sentiment140 sst-2 tinyshakespeare ud-english-ewt'.split(
  ' ',
);

test.runIf(textFolder !== null)('gives the numbers that gpt-tokenizer gives, on all corpora', () => {
  const files = folders.flatMap((folder) => filesIn(join(textFolder!, folder)));
  expect(files.length).toBeGreaterThan(30);
  for (const path of files) {
    const bytes = readFileSync(path);
    // A part of each file, from its middle: all of them together take gpt-tokenizer half a minute.
    const text = new TextDecoder().decode(path.endsWith('.gz') ? gunzipSync(bytes) : bytes);
    const middle = text.slice(text.length / 2, text.length / 2 + 100_000);
    const ids = ours(middle);
    expect(ids.join() === theirs(middle).join(), path).toBe(true);
    expect(gpt2.decode(ids)).toBe(wellFormed(middle));
  }
});

test('is written as a file, and read back', async () => {
  const again = await parseTokenizer(JSON.stringify(gpt2));
  const text = "I'll read <|endoftext|> this 👍 naïve file";
  expect(again.constructor).toBe(gpt2.constructor);
  expect(again.encode(text).ids).toEqual(gpt2.encode(text).ids);
});
