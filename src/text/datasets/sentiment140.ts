import { host } from '#host';
import { FileFormatError } from '../../core/errors.js';
import { defineOptions, flag } from '../../core/options.js';
import { readUnpacked } from '../../data/archive.js';
import { parseCsv } from '../../data/csv/read.js';
import type { DataFile } from '../../data/find.js';
import { type FindOptions, findSpec, found, foundOr, type Search } from '../../data/remote.js';
import { findPart, type TextFiles } from './find-parts.js';
import { LabeledTexts } from './labeled-texts.js';

const files: TextFiles = {
  title: 'Sentiment140',
  folder: 'sentiment140',
  otherFolders: ['trainingandtestdata'],
  archive: {
    name: 'trainingandtestdata.zip',
    bytes: 81363704,
    sha256: '004a3772c8a7ff9bbfeb875880f47f0679d93fc63e5cf9cff72d54a8a6162e57',
  },
  mirrors: ['https://cs.stanford.edu/people/alecmgo/', 'http://cs.stanford.edu/people/alecmgo/'],
};

const train = {
  names: [['training.1600000.processed.noemoticon.csv'], ['training.sample10000.noemoticon.csv']],
};
const test = { names: [['testdata.manual.2009.06.14.csv']] };

export interface Sentiment140Options extends FindOptions {
  /** Whether to load the training tweets instead of the 498 test tweets (default true). */
  readonly train?: boolean | undefined;
  /** Whether to keep neutral tweets, which only the test file has, as a third class (default false). */
  readonly neutral?: boolean | undefined;
}

const sentimentOptions = defineOptions({ train: flag(true), neutral: flag(false), ...findSpec });

/**
 * Sentiment140: tweets, 0 negative and 1 positive (with `neutral`: 0 negative, 1 neutral, 2 positive). The training
 * tweets are labeled by their emoticons, which were removed; the test tweets by hand.
 *
 * @source Go, Bhayani, and Huang 2009, Twitter Sentiment Classification using Distant Supervision
 */
export class Sentiment140 extends LabeledTexts {
  /**
   * Finds or downloads the files and reads them: `training.1600000.processed.noemoticon.csv` (or a sample of it,
   * `training.sample10000.noemoticon.csv`) and `testdata.manual.2009.06.14.csv`, in Latin-1 or UTF-8, gzipped or not, or
   * `trainingandtestdata.zip`.
   *
   * @throws FileError naming the files and where to put them, if they aren't found
   * @throws CsvError naming the line, if a file isn't valid
   */
  static async load(options?: Sentiment140Options): Promise<Sentiment140> {
    return foundOr('Sentiment140', await Sentiment140.find(options));
  }

  /** Like `load`, but the files may be missing: `found` is the data set, or `missing` says which files they are. */
  static async find(options?: Sentiment140Options): Promise<Search<Sentiment140>> {
    const { train: isTraining, neutral, ...find } = sentimentOptions('Sentiment140.load', options);
    const part = await findPart('Sentiment140', files, isTraining ? train : test, find);
    if (part.missing !== null) return part;
    const classes = neutral ? ['negative', 'neutral', 'positive'] : ['negative', 'positive'];
    const polarities = neutral ? ['0', '2', '4'] : ['0', '4'];
    const rows = (await read(part.found[0]!)).filter(({ polarity }) => neutral || polarity !== '2');
    return found(
      new Sentiment140(
        rows.map(({ text }) => text),
        rows.map(({ polarity }) => polarities.indexOf(polarity)),
        classes,
      ),
    );
  }
}

const header = ['polarity', 'id', 'date', 'query', 'user', 'text'];

async function read(file: DataFile): Promise<{ polarity: string; text: string }[]> {
  const bytes = readUnpacked('Sentiment140', file);
  const encoding = host.text(bytes).isUtf8(0, bytes.length) ? 'utf-8' : 'latin1';
  const columns = Object.fromEntries(header.map((name) => [name, 'string' as const]));
  const table = await parseCsv(bytes, { name: file.path, header, columns, encoding });
  const texts = table.column('text').values as readonly string[];
  const polarities = table.column('polarity').values as readonly string[];
  // A sample may begin with the numbers of its columns.
  const first = polarities[0] === '0' && texts[0] === '5' ? 1 : 0;
  return texts.slice(first).map((text, i) => {
    const polarity = polarities[i + first]!;
    if (!['0', '2', '4'].includes(polarity))
      throw new FileFormatError(
        'Sentiment140',
        file.path,
        0,
        `the polarity of tweet ${i + 1} is ${JSON.stringify(polarity)}, which isn't 0, 2, or 4`,
      );
    return { polarity, text };
  });
}
