import { type FindOptions, findOptions, found, foundOr, type Search } from '../../data/remote.js';
import { linesIn, WholeText } from '../reading/whole.js';
import { findPart, type TextFiles } from './find-parts.js';
import { LabeledTexts } from './labeled-texts.js';

const languages = (
  'Arabic Chinese Czech Dutch English French German Greek Irish Italian Japanese Korean Polish Portuguese Russian ' +
  'Scottish Spanish Vietnamese'
).split(' ');

const files: TextFiles = {
  title: 'Names',
  folder: 'names',
  otherFolders: ['data/names'],
  // English.txt may be anybody's.
  ambiguous: true,
  mirrors: [],
  published: 'https://download.pytorch.org/tutorial/data.zip',
};

/**
 * Family names of 18 languages, the classes: the data of PyTorch's tutorials on names.
 *
 * @source Robertson, NLP From Scratch: Classifying Names with a Character-Level RNN
 */
export class Names extends LabeledTexts {
  /**
   * Finds the files and reads them: `Arabic.txt` … `Vietnamese.txt`, gzipped or not.
   *
   * @throws FileError naming the files and where to put them, if they aren't found
   * @throws TextFileError naming the line, if a file isn't UTF-8
   */
  static async load(options?: FindOptions): Promise<Names> {
    return foundOr('Names', await Names.find(options));
  }

  /** Like `load`, but the files may be missing: `found` is the data set, or `missing` says which files they are. */
  static async find(options?: FindOptions): Promise<Search<Names>> {
    const find = findOptions('Names.load', options);
    const names = [languages.map((language) => `${language}.txt`)];
    const part = await findPart('Names', files, { names }, find);
    if (part.missing !== null) return part;
    const texts: string[] = [];
    const labels: number[] = [];
    for (const [label, file] of part.found.entries())
      for (const line of linesIn(new WholeText('Names', file).utf8())) {
        if (line.trim() === '') continue;
        texts.push(line.trim());
        labels.push(label);
      }
    return found(new Names(texts, labels, languages));
  }
}
