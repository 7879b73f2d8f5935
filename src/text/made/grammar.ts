import { defineOptions, whole } from '../../core/options.js';
import { type MadeTextOptions, madeTextOptions, madeTextSpec, Picker, words } from './picker.js';

/** A sentence's words and the part of speech of each. */
export interface TaggedWords {
  readonly words: readonly string[];
  readonly tags: readonly string[];
}

/** Words by their parts of speech; several are in two lists, so only their place tells which. */
const lexicon: Readonly<Record<string, readonly string[]>> = {
  DET: words('the a this every'),
  ADJ: words('old small light quiet open green slow'),
  NOUN: words('dog cat light watch walk train play park ring door green open cook'),
  VERB: words('sees watches rings trains walks plays opens cooks likes finds'),
  PRON: words('she he it someone'),
  ADV: words('slowly often here today'),
  ADP: words('in near with under'),
  AUX: words('can will must'),
  INF: words('see watch ring train walk play open cook like find'),
};

type Symbols = readonly string[];

/** What a symbol becomes: one of these lists. */
const rules: Readonly<Record<string, readonly Symbols[]>> = {
  S: [
    ['NP', 'VP', 'PUNCT'],
    ['NP', 'VP', 'ADV', 'PUNCT'],
    ['NP', 'VP', 'PP', 'PUNCT'],
  ],
  NP: [['DET', 'NOUN'], ['DET', 'NOUN'], ['DET', 'ADJ', 'NOUN'], ['PRON']],
  VP: [
    ['VERB', 'NP'],
    ['VERB', 'NP'],
    ['AUX', 'INF', 'NP'],
  ],
  PP: [['ADP', 'DET', 'NOUN']],
};

function sentence(pick: Picker): TaggedWords {
  const made: { word: string; tag: string }[] = [];
  const expand = (symbol: string): void => {
    const choices = rules[symbol];
    if (choices) for (const part of pick.from(choices)) expand(part);
    else if (symbol === 'PUNCT') made.push({ word: '.', tag: symbol });
    else made.push({ word: pick.from(lexicon[symbol]!), tag: symbol === 'INF' ? 'VERB' : symbol });
  };
  expand('S');
  return { words: made.map(({ word }) => word), tags: made.map(({ tag }) => tag) };
}

/**
 * Sentences of a small grammar, with parts of speech. Words such as `light`, `watch`, and `green` have two, which
 * only their neighbors tell apart.
 *
 * @example
 * const [{ words, tags }] = text.madeTaggedSentences({ n: 1 }) as [{ words: string[]; tags: string[] }];
 * words.length === tags.length; // true
 */
export function madeTaggedSentences(options?: MadeTextOptions): TaggedWords[] {
  const { n, seed } = madeTextOptions('madeTaggedSentences', options);
  const pick = new Picker(seed);
  return Array.from({ length: n }, () => sentence(pick));
}

export interface MadeStoryOptions extends MadeTextOptions {
  /** Sentences in a line (default 4). */
  readonly lineSentences?: number | undefined;
}

const storyOptions = defineOptions({ ...madeTextSpec, lineSentences: whole(4, { least: 1 }) });

/**
 * A text of `n` sentences of a small grammar, several in a line, for language models.
 *
 * @example
 * text.madeStory({ n: 8 }).split('\n').length; // 3
 */
export function madeStory(options?: MadeStoryOptions): string {
  const { n, seed, lineSentences } = storyOptions('madeStory', options);
  const pick = new Picker(seed);
  const lines: string[][] = [];
  for (let i = 0; i < n; i++) {
    if (i % lineSentences === 0) lines.push([]);
    const text = sentence(pick).words.join(' ').replace(/ \.$/, '.');
    lines.at(-1)!.push(text[0]!.toUpperCase() + text.slice(1));
  }
  return `${lines.map((line) => line.join(' ')).join('\n')}\n`;
}
