import { type FindOptions, findOptions, found, foundOr, type Search } from '../../data/remote.js';
import { Corpus, findText } from './corpus.js';
import type { TextFiles } from './find-parts.js';

const files: TextFiles = {
  title: 'War and Peace',
  folder: 'war-and-peace',
  otherFolders: ['corpora'],
  mirrors: [],
  published: 'https://www.gutenberg.org/ebooks/2600',
};

/**
 * War and Peace in English, as Project Gutenberg publishes it, notices included: 3.3 million characters.
 *
 * @source Tolstoy, translated by Louise and Aylmer Maude
 */
export class WarAndPeace extends Corpus {
  /**
   * Finds the file and reads it: `warandpeace.txt`, gzipped or not.
   *
   * @throws FileError naming the file and where to put it, if it isn't found
   */
  static async load(options?: FindOptions): Promise<WarAndPeace> {
    return foundOr('WarAndPeace', await WarAndPeace.find(options));
  }

  /** Like `load`, but the file may be missing: `found` is the text, or `missing` says which file it is. */
  static async find(options?: FindOptions): Promise<Search<WarAndPeace>> {
    const find = findOptions('WarAndPeace.load', options);
    const part = { names: [['warandpeace.txt'], ['2600-0.txt'], ['pg2600.txt']] };
    const search = await findText('WarAndPeace', files, part, find);
    return search.missing !== null ? search : found(new WarAndPeace(search.found));
  }
}
