import { defineOptions, word } from '../../core/options.js';
import type { DataFile } from '../../data/find.js';
import { type FindOptions, findSpec, found, foundOr, type Search } from '../../data/remote.js';
import { linesIn, WholeText } from '../reading/whole.js';
import { findPart, type TextFiles } from './find-parts.js';
import { LabeledTexts } from './labeled-texts.js';

const files: TextFiles = {
  title: 'SST-2',
  folder: 'sst-2',
  otherFolders: ['SST2', 'SST-2'],
  // train.tsv may be anybody's.
  ambiguous: true,
  archive: {
    name: 'SST-2.zip',
    bytes: 7439277,
    sha256: 'd67e16fb55739c1b32cdce9877596db1c127dc322d93c082281f64057c16deaa',
  },
  mirrors: ['https://dl.fbaipublicfiles.com/glue/data/'],
};

export interface SST2Options extends FindOptions {
  /** Which part: 67,349 phrases to train on, 872 sentences to validate, or 1,821 to test (default `train`). */
  readonly split?: 'train' | 'dev' | 'test' | undefined;
}

const sst2Options = defineOptions({ split: word(['train', 'dev', 'test'], 'train'), ...findSpec });

/**
 * SST-2: phrases and sentences of film reviews, 0 negative and 1 positive, as in GLUE.
 *
 * GLUE's own test file has no labels; a file that has them, such as the original treebank's, can be read.
 *
 * @source Socher et al. 2013, Recursive Deep Models for Semantic Compositionality Over a Sentiment Treebank
 */
export class SST2 extends LabeledTexts {
  /**
   * Finds or downloads the files and reads them: `train.tsv`, `dev.tsv`, and `test.tsv`, gzipped or not, or
   * `SST-2.zip`.
   *
   * @throws FileError naming the files and where to put them, if they aren't found
   * @throws TextFileError naming the line, if a file isn't valid
   */
  static async load(options?: SST2Options): Promise<SST2> {
    return foundOr('SST2', await SST2.find(options));
  }

  /** Like `load`, but the files may be missing: `found` is the data set, or `missing` says which files they are. */
  static async find(options?: SST2Options): Promise<Search<SST2>> {
    const { split, ...find } = sst2Options('SST2.load', options);
    const part = await findPart('SST2', files, { names: [[`${split}.tsv`]] }, find);
    if (part.missing !== null) return part;
    const { texts, labels } = read(part.found[0]!);
    return found(new SST2(texts, labels, ['negative', 'positive']));
  }
}

/** The columns are in either order, and have various names. */
function read(file: DataFile): { texts: string[]; labels: number[] } {
  const whole = new WholeText('SST2', file);
  const lines = linesIn(whole.utf8());
  const header = lines[0]?.split('\t') ?? [];
  const label = header.indexOf('label');
  const sentence = header.findIndex((name) => name === 'sentence' || name === 'content');
  if (sentence < 0) whole.fail(0, 1, 'the header has no column named sentence');
  if (label < 0)
    whole.fail(
      0,
      1,
      "the header has no column named label: GLUE's test file comes without labels; use dev.tsv",
    );
  const texts: string[] = [];
  const labels: number[] = [];
  for (const [i, line] of lines.entries()) {
    if (i === 0 || line === '') continue;
    const fields = line.split('\t');
    if (fields.length !== header.length)
      whole.fail(0, i + 1, `has ${fields.length} columns, but the header has ${header.length}`);
    if (!/^[01]$/.test(fields[label]!))
      whole.fail(0, i + 1, `the label ${JSON.stringify(fields[label])} isn't 0 or 1`);
    texts.push(fields[sentence]!.trim());
    labels.push(Number(fields[label]));
  }
  return { texts, labels };
}
