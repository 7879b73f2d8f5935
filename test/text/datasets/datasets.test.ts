import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FileError, FileFormatError } from '../../../src/core/errors.js';
import { DataLoader } from '../../../src/data/index.js';
import {
  Corpus,
  LabeledTexts,
  Multi30k,
  Names,
  RtPolarity,
  Sentiment140,
  SST2,
  TextFileError,
  TinyShakespeare,
  UDEnglishEWT,
  WarAndPeace,
  WikiText2,
} from '../../../src/text/index.js';
import { textFolder } from '../../helpers/text-data.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-'));
  vi.stubEnv('MYELIN_DATA', folder);
  vi.stubEnv('MYELIN_OFFLINE', '1');
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const put = (files: Readonly<Record<string, string | Uint8Array>>): void => {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
};
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const languages = (
  'Arabic Chinese Czech Dutch English French German Greek Irish Italian Japanese Korean Polish Portuguese Russian ' +
  'Scottish Spanish Vietnamese'
).split(' ');

describe('SST-2', () => {
  test('columns in either order, CR LF, gzip, a sub-folder', async () => {
    put({
      'sst-2/train.tsv.gz': gzipSync('sentence\tlabel\r\nhide new "secretions \t0\r\ngood\t1\r\n'),
      'sst-2/dev.tsv': 'label\tcontent\n1\tcrème brûlée',
    });
    const train = await SST2.load();
    expect([train.texts, [...train.labels], train.classes]).toEqual([
      ['hide new "secretions', 'good'],
      [0, 1],
      ['negative', 'positive'],
    ]);
    expect(String(train)).toBe('SST2(2 examples)');
    expect((await SST2.load({ split: 'dev', data: join(folder, 'sst-2') })).get(0)).toEqual([
      'crème brûlée',
      1,
    ]);
  });

  test('the archive as published', async () => {
    put({ 'sst-2/SST-2.zip': zipSync({ 'SST-2/dev.tsv': utf8('sentence\tlabel\nfine\t1\n') }) });
    expect((await SST2.load({ split: 'dev' })).texts).toEqual(['fine']);
    await expect(SST2.load({ split: 'train' })).rejects.toThrow(
      /SST-2\.zip, byte 0: has no file train\.tsv$/,
    );
    put({ 'sst-2/SST-2.zip': 'PK' });
    await expect(SST2.load({ split: 'dev' })).rejects.toThrow(FileFormatError);
  });

  test.each<[string, string, string]>([
    ['no sentence', 'a\tlabel\n', 'line 1: the header has no column named sentence'],
    [
      'no label',
      'index\tsentence\n0\tgood\n',
      "line 1: the header has no column named label: GLUE's test file comes without labels; use dev.tsv",
    ],
    ['columns', 'sentence\tlabel\na\t1\nb', 'line 3: has 1 columns, but the header has 2'],
    ['label', 'sentence\tlabel\na\t2\n', 'line 2: the label "2" isn\'t 0 or 1'],
    ['nothing', '', 'line 1: the header has no column named sentence'],
    [
      'other text',
      '<!doctype html><html>',
      'line 1: is a web page (HTML), not text; the address leads to a web page; download the file itself',
    ],
  ])('damaged: %s', async (_, content, problem) => {
    put({ 'sst-2/train.tsv': content });
    const error = await SST2.load().catch((cause: unknown) => cause as TextFileError);
    expect(error).toBeInstanceOf(TextFileError);
    expect((error as Error).message).toBe(`SST2: ${join(folder, 'sst-2/train.tsv')}, byte 0: ${problem}`);
  });

  test('missing', async () => {
    await expect(SST2.load({ data: folder })).rejects.toThrow(
      `SST2: ${folder}: doesn't have all of SST-2; put train.tsv (gzipped or not) or SST-2.zip there`,
    );
    const { missing } = await SST2.find();
    expect(missing!.problem).toBe(
      `not found (MYELIN_DATA is ${folder}: doesn't have all of SST-2); put SST-2.zip into ${join(folder, 'cache/myelin/sst-2')}, or name their folder with --data or MYELIN_DATA`,
    );
  });
});

test('rt-polarity in Latin-1 or UTF-8', async () => {
  put({
    'rt-polarity/rt-polarity.neg': Buffer.from('bad \nvoil\xe0\n', 'latin1'),
    'rt-polarity/rt-polarity.pos': 'crème \n',
  });
  const set = await RtPolarity.load();
  expect([set.texts, [...set.labels]]).toEqual([
    ['bad', 'voilà', 'crème'],
    [0, 0, 1],
  ]);
  rmSync(join(folder, 'rt-polarity/rt-polarity.pos'));
  await expect(RtPolarity.load()).rejects.toThrow(FileError);
});

describe('Sentiment140', () => {
  const tweet = (polarity: number, text: string): string =>
    `"${polarity}","1","Mon Apr 06 22:19:45 PDT 2009","NO_QUERY","somebody","${text}"\n`;
  test('as published, in Latin-1', async () => {
    put({
      'sentiment140/training.1600000.processed.noemoticon.csv': Buffer.from(
        tweet(0, 'so ""sad""') + tweet(4, 'caf\xe9, yes'),
        'latin1',
      ),
      'sentiment140/testdata.manual.2009.06.14.csv': tweet(4, 'a') + tweet(2, 'b') + tweet(0, 'c'),
    });
    const train = await Sentiment140.load();
    expect([train.texts, [...train.labels], train.classes]).toEqual([
      ['so "sad"', 'café, yes'],
      [0, 1],
      ['negative', 'positive'],
    ]);
    expect([...(await Sentiment140.load({ train: false })).labels]).toEqual([1, 0]);
    const three = await Sentiment140.load({ train: false, neutral: true });
    expect([[...three.labels], three.classes]).toEqual([
      [2, 1, 0],
      ['negative', 'neutral', 'positive'],
    ]);
  });

  test('a sample with the numbers of its columns, and the archive', async () => {
    put({
      'sentiment140/training.sample10000.noemoticon.csv.gz': gzipSync(`0,1,2,3,4,5\n${tweet(4, 'ok')}`),
      'sentiment140/trainingandtestdata.zip': zipSync({
        'testdata.manual.2009.06.14.csv': utf8(tweet(0, 'from the archive')),
      }),
    });
    expect((await Sentiment140.load()).texts).toEqual(['ok']);
    expect((await Sentiment140.load({ train: false })).texts).toEqual(['from the archive']);
  });

  test('damaged', async () => {
    const name = 'sentiment140/testdata.manual.2009.06.14.csv';
    put({ [name]: tweet(4, 'a') + tweet(3, 'b') });
    await expect(Sentiment140.load({ train: false })).rejects.toThrow(
      `Sentiment140: ${join(folder, name)}, byte 0: the polarity of tweet 2 is "3", which isn't 0, 2, or 4`,
    );
    put({ [name]: `${tweet(4, 'a')}"4","1"` });
    await expect(Sentiment140.load({ train: false })).rejects.toThrow(/line 2: 2 fields/);
  });
});

test('Names', async () => {
  put(
    Object.fromEntries(
      languages.map((name, i) => [`names/${name}.txt`, i === 5 ? 'Béranger\r\nCoté' : `${name}i\n`]),
    ),
  );
  const names = await Names.load();
  expect(names.classes).toEqual(languages);
  expect([names.length, names.get(5), names.get(6)]).toEqual([19, ['Béranger', 5], ['Coté', 5]]);
  put({ 'names/Greek.txt': Buffer.from([0x61, 0x0a, 0xff]) });
  await expect(Names.load()).rejects.toThrow(/Greek\.txt, byte 2: line 2: the byte 0xff isn't UTF-8$/);
  rmSync(join(folder, 'names/Polish.txt'));
  await expect(Names.load()).rejects.toThrow(
    `Names: Names: not found; it's published at https://download.pytorch.org/tutorial/data.zip; put ${languages.map((name) => `${name}.txt`).join(', ')} (gzipped or not) into ${join(folder, 'cache/myelin/names')}, or name their folder with --data or MYELIN_DATA`,
  );
});

describe('Multi30k', () => {
  beforeEach(() =>
    put({
      'multi30k/train.de.gz': gzipSync('Ein Hund.\nZwei.\n'),
      'multi30k/train.en': 'A dog.\nTwo.',
      'multi30k/train.fr': 'Un chien.\n',
    }),
  );
  test('pairs', async () => {
    const pairs = await Multi30k.load();
    expect(pairs.items).toEqual([
      ['Ein Hund.', 'A dog.'],
      ['Zwei.', 'Two.'],
    ]);
    expect((await Multi30k.load({ languages: ['en', 'de'] })).get(-1)).toEqual(['Two.', 'Zwei.']);
  });
  test('errors', async () => {
    await expect(Multi30k.load({ languages: ['de', 'fr'] })).rejects.toThrow(
      /train\.fr, byte 0: line 2: the file ends before it, but .*train\.de\.gz has it/,
    );
    await expect(Multi30k.load({ languages: ['de', 'de'] })).rejects.toThrow(
      'Multi30k.load: languages must be two different ones, got de, de',
    );
    const { missing } = await Multi30k.find({ split: 'test' });
    expect(missing!.problem).toMatch(/put test_2016_flickr\.de\.gz, test_2016_flickr\.en\.gz into /);
  });
});

test('UD English EWT', async () => {
  const word = (id: number, form: string): string => `${id}\t${form}\t${form}\tNOUN\tNN\t_\t0\troot\t_\t_\n`;
  put({
    'ud-english-ewt/en_ewt-ud-dev.conllu.gz': gzipSync(
      `# text = a b\n${word(1, 'a')}${word(2, 'b')}\n${word(1, 'c')}\n`,
    ),
  });
  const set = await UDEnglishEWT.load({ split: 'dev' });
  expect([set.length, set.get(0).words.map(({ form }) => form), set.get(1).line]).toEqual([2, ['a', 'b'], 5]);
  expect((await UDEnglishEWT.find()).missing!.problem).toMatch(/put en_ewt-ud-train\.conllu into /);
});

test('texts', async () => {
  put({
    'tinyshakespeare/input.txt.gz': gzipSync('First Citizen:\nSpeak.\n'),
    'corpora/warandpeace.txt': '\ufeffWell, Prince\r\n',
  });
  const plays = await TinyShakespeare.load();
  expect([plays.text, plays.lines, String(plays)]).toEqual([
    'First Citizen:\nSpeak.\n',
    ['First Citizen:', 'Speak.'],
    'TinyShakespeare(22 characters)',
  ]);
  expect((await WarAndPeace.load()).lines).toEqual(['Well, Prince']);
  rmSync(join(folder, 'corpora'), { recursive: true });
  await expect(WarAndPeace.load()).rejects.toThrow(/put warandpeace\.txt \(gzipped or not\) into /);
  expect(() => new Corpus(3 as never)).toThrow('Corpus: text must be a string, got 3');
});

test('WikiText-2 says which parts are there', async () => {
  put({
    'corpora/wikitext-2.valid.txt.gz': gzipSync(' \n = Title = \n'),
    'wikitext-2/wiki.test.tokens': ' a <unk> b \n',
  });
  expect(await WikiText2.splits()).toEqual(['valid', 'test']);
  expect((await WikiText2.load({ split: 'valid' })).tokens()).toEqual([
    ['<eos>'],
    ['=', 'Title', '=', '<eos>'],
  ]);
  expect((await WikiText2.load({ split: 'test' })).tokens()).toEqual([['a', '<unk>', 'b', '<eos>']]);
  await expect(WikiText2.load()).rejects.toThrow(/WikiText-2: not found .* put wikitext-2-v1\.zip into /);
});

test('LabeledTexts in a loader, and refused', async () => {
  const set = new LabeledTexts(['a', 'b'], [1, 0], ['x', 'y']);
  for await (const [texts, labels] of new DataLoader(set, { batchSize: 2 }))
    expect([texts, await labels.toArray()]).toEqual([
      ['a', 'b'],
      [1, 0],
    ]);
  expect(() => new LabeledTexts([5] as never, [0], ['x'])).toThrow(
    'LabeledTexts: texts[0] must be a string, got 5',
  );
  expect(() => new LabeledTexts(['a'], [], ['x'])).toThrow('LabeledTexts: got 1 text, but 0 labels');
  expect(() => new LabeledTexts(['a'], [1], ['x'])).toThrow(
    "LabeledTexts: label 0 is 1, which isn't one of 0 to 0",
  );
  expect(() => set.get(2)).toThrow('LabeledTexts: index 2 is out of range for 2 examples');
});

describe.skipIf(textFolder === null)('the real files', () => {
  const data = (name: string): { data: string } => ({ data: join(textFolder!, name) });
  test('labeled texts', async () => {
    expect((await SST2.load(data('sst-2'))).length).toBe(67_349);
    const dev = await SST2.load({ ...data('sst-2'), split: 'dev' });
    expect([dev.length, dev.labels.reduce((a, b) => a + b)]).toEqual([872, 444]);
    expect((await SST2.load({ ...data('sst-2'), split: 'test' })).length).toBe(1821);
    const polarity = await RtPolarity.load(data('rt-polarity'));
    expect([polarity.length, polarity.labels.reduce((a, b) => a + b)]).toEqual([10_662, 5331]);
    expect((await Sentiment140.load(data('sentiment140'))).length).toBe(10_000);
    const tweets = await Sentiment140.load({ ...data('sentiment140'), train: false, neutral: true });
    expect([0, 1, 2].map((c) => tweets.labels.filter((label) => label === c).length)).toEqual([
      177, 139, 182,
    ]);
    expect((await Names.load(data('names'))).length).toBe(20_050);
  });

  test('sentences, pairs, and texts', async () => {
    const train = await UDEnglishEWT.load(data('ud-english-ewt'));
    expect([train.length, train.items.reduce((sum, { words }) => sum + words.length, 0)]).toEqual([
      12_544, 204_577,
    ]);
    expect((await UDEnglishEWT.load({ ...data('ud-english-ewt'), split: 'test' })).length).toBe(2077);
    expect((await Multi30k.load(data('multi30k'))).length).toBe(29_000);
    expect((await Multi30k.load({ ...data('multi30k'), split: 'valid' })).length).toBe(1014);
    expect(
      (await Multi30k.load({ ...data('multi30k'), split: 'test', languages: ['fr', 'en'] })).length,
    ).toBe(1000);
    expect((await TinyShakespeare.load(data('tinyshakespeare'))).text.length).toBe(1_115_394);
    expect((await WarAndPeace.load(data('corpora'))).text.length).toBeGreaterThan(3_200_000);
    expect(await WikiText2.splits({ data: textFolder! })).toEqual(['valid', 'test']);
    const valid = await WikiText2.load({ data: textFolder!, split: 'valid' });
    expect(valid.tokens().reduce((sum, line) => sum + line.length, 0)).toBe(217_646);
  });
});
