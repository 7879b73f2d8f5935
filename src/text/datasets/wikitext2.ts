import { defineOptions, word } from '../../core/options.js';
import { type FindOptions, findOptions, findSpec, found, foundOr, type Search } from '../../data/remote.js';
import { splitWords } from '../reading/tokens.js';
import { Corpus, findText } from './corpus.js';
import { findPart, type PartFiles, type TextFiles } from './find-parts.js';

const files: TextFiles = {
  title: 'WikiText-2',
  folder: 'wikitext-2',
  otherFolders: ['WikiText2', 'wikitext-2-v1', 'corpora'],
  // WikiText-103 has files of the same names.
  ambiguous: true,
  archive: {
    name: 'wikitext-2-v1.zip',
    bytes: 4475746,
    sha256: '92675f1d63015c1c8b51f1656a52d5bdbc33aafa60cc47a218a66e7ee817488c',
  },
  mirrors: ['https://s3.amazonaws.com/research.metamind.io/wikitext/'],
};

export type WikiText2Split = 'train' | 'valid' | 'test';

const splits = ['train', 'valid', 'test'] as const;

const partOf = (split: WikiText2Split): PartFiles => ({
  names: [[`wiki.${split}.tokens`], [`wikitext-2.${split}.txt`]],
});

export interface WikiText2Options extends FindOptions {
  /** Which part: 2.1 million tokens to train on, 218,000 to validate, or 246,000 to test (default `train`). */
  readonly split?: WikiText2Split | undefined;
}

const wikiTextOptions = defineOptions({ split: word(splits, 'train'), ...findSpec });

/**
 * WikiText-2: good articles of Wikipedia, cut into tokens at blanks, with rare words replaced by `<unk>`.
 *
 * @source Merity et al. 2016, Pointer Sentinel Mixture Models
 */
export class WikiText2 extends Corpus {
  /**
   * Finds or downloads the files and reads them: `wiki.train.tokens`, `wiki.valid.tokens`, and `wiki.test.tokens` (or
   * `wikitext-2.train.txt`, …), gzipped or not, or `wikitext-2-v1.zip`.
   *
   * @throws FileError naming the files and where to put them, if they aren't found
   */
  static async load(options?: WikiText2Options): Promise<WikiText2> {
    return foundOr('WikiText2', await WikiText2.find(options));
  }

  /** Like `load`, but the files may be missing: `found` is the text, or `missing` says which files they are. */
  static async find(options?: WikiText2Options): Promise<Search<WikiText2>> {
    const { split, ...find } = wikiTextOptions('WikiText2.load', options);
    const search = await findText('WikiText2', files, partOf(split), find);
    return search.missing !== null ? search : found(new WikiText2(search.found));
  }

  /** The parts whose files are found; by default nothing is downloaded. */
  static async splits(options?: FindOptions): Promise<WikiText2Split[]> {
    const given = findOptions('WikiText2.splits', options);
    const find = { ...given, download: given.download ?? false };
    const there: WikiText2Split[] = [];
    for (const split of splits)
      if ((await findPart('WikiText2', files, partOf(split), find)).missing === null) there.push(split);
    return there;
  }

  /** The tokens of each line, with `<eos>` after each, as language models for this text have it. */
  tokens(): string[][] {
    return this.lines.map((line) => [...splitWords(line), '<eos>']);
  }
}
