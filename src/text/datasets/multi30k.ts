import { ArgumentError } from '../../core/errors.js';
import { defineOptions, pairOf, word } from '../../core/options.js';
import { type FindOptions, findSpec, found, foundOr, type Search } from '../../data/remote.js';
import { readParallel } from '../reading/parallel.js';
import { findPart, type PartFiles, type TextFiles } from './find-parts.js';
import { Items } from './items.js';

const files: TextFiles = {
  title: 'Multi30k',
  folder: 'multi30k',
  otherFolders: ['Multi30k'],
  // train.de may be anybody's.
  ambiguous: true,
  mirrors: ['https://raw.githubusercontent.com/multi30k/dataset/master/data/task1/raw/'],
};

export type Multi30kLanguage = 'en' | 'de' | 'fr';

type Pair = readonly [Multi30kLanguage, Multi30kLanguage];

const languages = ['en', 'de', 'fr'] as const;

/** Bytes and hashes by language. */
const published = {
  train: {
    en: [568929, 'd79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f'],
    de: [637044, '726e39b2fa9eb9ffb6dc763fb35a179f80fae06ffc5d28b6ace5faa883de28a6'],
    fr: [604242, '622e75069e9f4c577425c4f277116ce66e63a2401c0a2312d90073cb12379a3c'],
  },
  val: {
    en: [21650, '14f7d25ddd868909a9213e361768460edcacdd6ab9d1e77b92560dc10c10dc28'],
    de: [24681, 'f0cba2f995189cf5770f29a8a9a537a3ad3f51657ad873405082ff6863a5e75a'],
    fr: [23001, 'ca3106f1a72390591d25f6c45cb4cd39dec4cd3f123e099748a3ce5256c160e9'],
  },
  test_2016_flickr: {
    en: [21077, '611d361c6334bc7246101d48097c13cf5c4413c5befc793cc629934359d532d9'],
    de: [22890, '9204244e408ccb38d2a55cfcd344df15005fc42a07a6e55ca6c52b6ababb8cc8'],
    fr: [22310, '6d326e188d259fb1d04ac19eae3af956559b3a0b93d7635e56c90987c40c8b90'],
  },
} as const;

const stems = { train: 'train', valid: 'val', test: 'test_2016_flickr' } as const;

export interface Multi30kOptions extends FindOptions {
  /** Which part: 29,000 captions to train on, 1,014 to validate, or the 1,000 of test 2016 (default `train`). */
  readonly split?: 'train' | 'valid' | 'test' | undefined;
  /** The languages to translate from and to (default `['de', 'en']`). */
  readonly languages?: Pair | undefined;
}

const multi30kOptions = defineOptions({
  split: word(['train', 'valid', 'test'], 'train'),
  languages: pairOf<Multi30kLanguage, Pair>(word(languages, 'de'), ['de', 'en']),
  ...findSpec,
});

const partOf = (split: keyof typeof stems, pair: readonly Multi30kLanguage[]): PartFiles => {
  const stem = stems[split];
  return {
    names: [pair.map((language) => `${stem}.${language}`)],
    remote: pair.map((language) => {
      const [bytes, sha256] = published[stem][language];
      return { name: `${stem}.${language}.gz`, bytes, sha256 };
    }),
  };
};

/**
 * Multi30k, task 1: captions of images in English, German, and French. Example i is `[source, target]`.
 *
 * @source Elliott et al. 2016, Multi30K: Multilingual English-German Image Descriptions
 */
export class Multi30k extends Items<[string, string]> {
  /**
   * Finds or downloads the files and reads them: `train.de` and `train.en`, `val.…`, `test_2016_flickr.…`, gzipped or
   * not.
   *
   * @throws FileError naming the files and where to put them, if they aren't found
   * @throws TextFileError naming the line, if one file has more lines than the other, or isn't UTF-8
   */
  static async load(options?: Multi30kOptions): Promise<Multi30k> {
    return foundOr('Multi30k', await Multi30k.find(options));
  }

  /** Like `load`, but the files may be missing: `found` is the data set, or `missing` says which files they are. */
  static async find(options?: Multi30kOptions): Promise<Search<Multi30k>> {
    const { split, languages: pair, ...find } = multi30kOptions('Multi30k.load', options);
    if (pair[0] === pair[1])
      throw new ArgumentError(
        'Multi30k.load',
        `languages must be two different ones, got ${pair.join(', ')}`,
      );
    const part = await findPart('Multi30k', files, partOf(split, pair), find);
    if (part.missing !== null) return part;
    const pairs: [string, string][] = [];
    for await (const [source, target] of readParallel(part.found))
      pairs.push([source!.trim(), target!.trim()]);
    return found(new Multi30k(pairs));
  }
}
