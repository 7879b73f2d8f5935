import { defineOptions, word } from '../../core/options.js';
import { type FindOptions, findSpec, found, foundOr, type Search } from '../../data/remote.js';
import { type ConlluSentence, readConllu } from '../reading/conllu.js';
import { findPart, type TextFiles } from './find-parts.js';
import { Items } from './items.js';

const files: TextFiles = {
  title: 'UD English EWT',
  folder: 'ud-english-ewt',
  otherFolders: ['UD_English-EWT'],
  mirrors: ['r2.17', 'r2.16', 'r2.15', 'master'].map(
    (release) => `https://raw.githubusercontent.com/UniversalDependencies/UD_English-EWT/${release}/`,
  ),
};

const published = {
  train: [14203025, '3fb78e2b55482c8ee00caa653af436c88c9e5bc9a73ce26e4ae3ddc79d2b7e7b'],
  dev: [1805545, '531a54ff90d6ab12201c5a50c3e78e6ddac4de69abc4bce5d275d3cd29efe2b6'],
  test: [1804515, 'e266e515a0a7547657ed3d90d9ba46487d6bd251f27ad4269d4e8a427c8555cd'],
} as const;

export interface UDEnglishEWTOptions extends FindOptions {
  /** Which part of the treebank (default `train`). */
  readonly split?: 'train' | 'dev' | 'test' | undefined;
}

const udOptions = defineOptions({ split: word(['train', 'dev', 'test'], 'train'), ...findSpec });

/**
 * The English Web Treebank of Universal Dependencies (CC BY-SA 4.0): sentences whose words have parts of speech, features,
 * and dependencies.
 *
 * @source Silveira et al. 2014, A Gold Standard Dependency Corpus for English
 */
export class UDEnglishEWT extends Items<ConlluSentence> {
  /**
   * Finds or downloads the files and reads them: `en_ewt-ud-train.conllu`, `…-dev.conllu`, and `…-test.conllu`, gzipped or
   * not.
   *
   * @throws FileError naming the files and where to put them, if they aren't found
   * @throws TextFileError naming the line, if a file isn't valid
   */
  static async load(options?: UDEnglishEWTOptions): Promise<UDEnglishEWT> {
    return foundOr('UDEnglishEWT', await UDEnglishEWT.find(options));
  }

  /** Like `load`, but the files may be missing: `found` is the data set, or `missing` says which files they are. */
  static async find(options?: UDEnglishEWTOptions): Promise<Search<UDEnglishEWT>> {
    const { split, ...find } = udOptions('UDEnglishEWT.load', options);
    const name = `en_ewt-ud-${split}.conllu`;
    const [bytes, sha256] = published[split];
    const part = await findPart(
      'UDEnglishEWT',
      files,
      { names: [[name]], remote: [{ name, bytes, sha256 }] },
      find,
    );
    if (part.missing !== null) return part;
    const sentences: ConlluSentence[] = [];
    for await (const sentence of readConllu(part.found[0]!)) sentences.push(sentence);
    return found(new UDEnglishEWT(sentences));
  }
}
