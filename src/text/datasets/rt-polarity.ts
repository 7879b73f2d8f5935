import { type FindOptions, findOptions, found, foundOr, type Search } from '../../data/remote.js';
import { linesIn, WholeText } from '../reading/whole.js';
import { findPart, type TextFiles } from './find-parts.js';
import { LabeledTexts } from './labeled-texts.js';

const files: TextFiles = {
  title: 'rt-polarity',
  folder: 'rt-polarity',
  otherFolders: ['rt-polaritydata'],
  archive: {
    name: 'rt-polaritydata.tar.gz',
    bytes: 487770,
    sha256: 'a05befe52aafda71d458d188a1c54506a998b1308613ba76bbda2e5029409ce9',
  },
  mirrors: ['https://www.cs.cornell.edu/people/pabo/movie-review-data/'],
};

/**
 * rt-polarity: 10,662 sentences of film reviews, 0 negative and 1 positive, half each. It has no fixed parts: shuffle it,
 * and cross-validate.
 *
 * @source Pang and Lee 2005, Seeing Stars
 */
export class RtPolarity extends LabeledTexts {
  /**
   * Finds or downloads the files and reads them: `rt-polarity.neg` and `rt-polarity.pos`, as published in Latin-1 or
   * in UTF-8, gzipped or not, or `rt-polaritydata.tar.gz`.
   *
   * @throws FileError naming the files and where to put them, if they aren't found
   */
  static async load(options?: FindOptions): Promise<RtPolarity> {
    return foundOr('RtPolarity', await RtPolarity.find(options));
  }

  /** Like `load`, but the files may be missing: `found` is the data set, or `missing` says which files they are. */
  static async find(options?: FindOptions): Promise<Search<RtPolarity>> {
    const find = findOptions('RtPolarity.load', options);
    const names = [['rt-polarity.neg', 'rt-polarity.pos']];
    const part = await findPart('RtPolarity', files, { names }, find);
    if (part.missing !== null) return part;
    const [negative, positive] = part.found.map((file) =>
      linesIn(new WholeText('RtPolarity', file).either()).map((line) => line.trim()),
    ) as [string[], string[]];
    const texts = [...negative, ...positive];
    const labels = Uint8Array.from(texts, (_, i) => (i < negative.length ? 0 : 1));
    return found(new RtPolarity(texts, labels, ['negative', 'positive']));
  }
}
