import { type FindOptions, findOptions, found, foundOr, type Search } from '../../data/remote.js';
import { Corpus, findText } from './corpus.js';
import type { TextFiles } from './find-parts.js';

const files: TextFiles = {
  title: 'tinyshakespeare',
  folder: 'tinyshakespeare',
  otherFolders: ['tiny-shakespeare'],
  // input.txt may be anybody's.
  ambiguous: true,
  mirrors: ['https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/'],
};

const part = {
  names: [['input.txt'], ['tinyshakespeare.txt']],
  remote: [
    {
      name: 'input.txt',
      bytes: 1115394,
      sha256: '86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed',
    },
  ],
};

/**
 * Plays of Shakespeare: 1,115,394 characters.
 *
 * @source Karpathy 2015, The Unreasonable Effectiveness of Recurrent Neural Networks
 */
export class TinyShakespeare extends Corpus {
  /**
   * Finds or downloads the file and reads it: `input.txt`, gzipped or not.
   *
   * @throws FileError naming the file and where to put it, if it isn't found
   */
  static async load(options?: FindOptions): Promise<TinyShakespeare> {
    return foundOr('TinyShakespeare', await TinyShakespeare.find(options));
  }

  /** Like `load`, but the file may be missing: `found` is the text, or `missing` says which file it is. */
  static async find(options?: FindOptions): Promise<Search<TinyShakespeare>> {
    const find = findOptions('TinyShakespeare.load', options);
    const search = await findText('TinyShakespeare', files, part, find);
    return search.missing !== null ? search : found(new TinyShakespeare(search.found));
  }
}
