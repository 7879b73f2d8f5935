import { requireList, requireText } from '../../core/arguments.js';
import { plural } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { defineOptions, flag, number, type Resolved, whole, word } from '../../core/options.js';
import { ngrams } from '../ngrams.js';
import { type BleuTokenizer, bleuTokenizers } from './tokenize.js';

export interface BleuOptions {
  /** How texts are cut: the way mteval-v13a does it, into characters, or only at blanks (default `13a`). */
  readonly tokenize?: BleuTokenizer | undefined;
  /** Whether letters' case is ignored (default false). */
  readonly lowercase?: boolean | undefined;
  /**
   * What replaces a count of 0: `exp`, 1/2 for the first such n-gram order, 1/4 for the second, …; `floor`,
   * `smoothValue`; `add-k`, `smoothValue` added to counts and totals of orders above 1; `none` (default `exp`).
   */
  readonly smoothMethod?: 'exp' | 'floor' | 'add-k' | 'none' | undefined;
  /** Default 0.1 for `floor`, 1 for `add-k`. */
  readonly smoothValue?: number | undefined;
  /** Longest n-grams (default 4). */
  readonly maxNgramOrder?: number | undefined;
  /** Whether orders that a text is too short for are left out (default false; true in `sentenceBleu`). */
  readonly effectiveOrder?: boolean | undefined;
}

const bleuSpec = {
  tokenize: word(['13a', 'char', 'none'], '13a'),
  lowercase: flag(false),
  smoothMethod: word(['exp', 'floor', 'add-k', 'none'], 'exp'),
  smoothValue: number(undefined, { least: 0 }),
  maxNgramOrder: whole(4, { least: 1, most: 32 }),
  effectiveOrder: flag(undefined),
};
const bleuOptions = defineOptions(bleuSpec);

/** A BLEU score and what it's made of. */
export interface Bleu {
  /** From 0 to 100. */
  readonly score: number;
  /** n-grams of each order that are in a reference, and all of them. */
  readonly counts: readonly number[];
  readonly totals: readonly number[];
  /** Their shares after smoothing, in percent. */
  readonly precisions: readonly number[];
  /** The penalty for texts that are shorter than their references, at most 1. */
  readonly brevityPenalty: number;
  /** Tokens of the translations. */
  readonly length: number;
  /** Tokens of the references: of several, the one that's nearest in length. */
  readonly referenceLength: number;
}

/** How often each n-gram of the orders 1 to `most` occurs; joined by a character that tokens don't contain. */
function countNgrams(tokens: readonly string[], most: number): Map<string, number>[] {
  return Array.from({ length: most }, (_, i) => {
    const counts = new Map<string, number>();
    for (const gram of ngrams(tokens, i + 1)) {
      const key = gram.join(' ');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  });
}

/** The length that's nearest to another; of equally near ones, the shorter. */
const nearestLength = (lengths: readonly number[], wanted: number): number =>
  lengths.reduce((best, length) => {
    const [closer, close] = [Math.abs(length - wanted), Math.abs(best - wanted)];
    return closer < close || (closer === close && length < best) ? length : best;
  });

/** The score of n-grams that were counted. */
function scoreOf(
  counts: number[],
  totals: number[],
  length: number,
  referenceLength: number,
  options: Resolved<typeof bleuSpec>,
): Bleu {
  const {
    smoothMethod,
    smoothValue = smoothMethod === 'floor' ? 0.1 : 1,
    maxNgramOrder,
    effectiveOrder,
  } = options;
  const brevityPenalty =
    length >= referenceLength ? 1 : length === 0 ? 0 : Math.exp(1 - referenceLength / length);
  const precisions = new Array<number>(maxNgramOrder).fill(0);
  const parts = { counts, totals, precisions, brevityPenalty, length, referenceLength };
  if (counts.every((count) => count === 0)) return { score: 0, ...parts };
  let order = maxNgramOrder;
  let halved = 1;
  for (let n = 0; n < maxNgramOrder; n++) {
    if (smoothMethod === 'add-k' && n > 0) {
      counts[n]! += smoothValue;
      totals[n]! += smoothValue;
    }
    if (totals[n] === 0) break;
    if (effectiveOrder) order = n + 1;
    if (counts[n]! > 0) precisions[n] = (100 * counts[n]!) / totals[n]!;
    else if (smoothMethod === 'exp') {
      halved *= 2;
      precisions[n] = 100 / (halved * totals[n]!);
    } else if (smoothMethod === 'floor') precisions[n] = (100 * smoothValue) / totals[n]!;
  }
  const logs = precisions.slice(0, order).map(Math.log);
  // exp(log 100) rounds to more than 100.
  const mean = Math.min(100, Math.exp(logs.reduce((a, b) => a + b) / order));
  return { score: brevityPenalty * mean, ...parts };
}

/** The references of each translation, cut by tokens. */
function measured(
  operation: string,
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
  options: Resolved<typeof bleuSpec>,
): Bleu {
  const { tokenize, lowercase, maxNgramOrder } = options;
  const cut = (line: string): string[] =>
    bleuTokenizers[tokenize]((lowercase ? line.toLowerCase() : line).trimEnd());
  const counts = new Array<number>(maxNgramOrder).fill(0);
  const totals = new Array<number>(maxNgramOrder).fill(0);
  let [length, referenceLength] = [0, 0];
  for (const [i, hypothesis] of hypotheses.entries()) {
    requireText(operation, `translation ${i}`, hypothesis);
    const own = Array.from(references[i]!, (reference) => {
      requireText(operation, `a reference of translation ${i}`, reference);
      return cut(reference);
    });
    const tokens = cut(hypothesis);
    length += tokens.length;
    referenceLength += nearestLength(
      own.map((reference) => reference.length),
      tokens.length,
    );
    const known = own.map((reference) => countNgrams(reference, maxNgramOrder));
    for (const [n, grams] of countNgrams(tokens, maxNgramOrder).entries())
      for (const [gram, count] of grams) {
        totals[n]! += count;
        counts[n]! += Math.min(count, Math.max(...known.map((orders) => orders[n]!.get(gram) ?? 0)));
      }
  }
  return scoreOf(counts, totals, length, referenceLength, options);
}

/** Each translation's references, from one or several for each. */
const asLists = (references: readonly (string | readonly string[])[]): (readonly string[])[] =>
  Array.from(references, (own) => (typeof own === 'string' ? [own] : own));

/**
 * BLEU of translations: the geometric mean of the shares of their 1- to 4-grams that are in a reference (each counted
 * at most as often as it's there), over all translations together, times the brevity penalty. With the defaults, it's
 * sacrebleu's score.
 *
 * score = BP · exp(¼ Σ_n log p_n), BP = min(1, e^{1 − r/c}); c tokens in the translations, r in the references
 *
 * @param hypotheses the translations, as texts: they're tokenized here
 * @param references one or several for each translation
 * @throws ArgumentError for no translations, or if their number differs from that of the references
 * @differs from sacrebleu: the references are grouped by translation; a perfect score is 100, not 100.00000000000004
 * @source notes 5.9; Papineni et al. 2002, doi:10.3115/1073083.1073135; Post 2018, arXiv:1804.08771
 * @example
 * text.corpusBleu(['the cat is on the mat'], ['the cat sat on the mat']).score; // 37.99178428257963
 */
export function corpusBleu(
  hypotheses: readonly string[],
  references: readonly (string | readonly string[])[],
  options?: BleuOptions,
): Bleu {
  const read = bleuOptions('corpusBleu', options);
  requireList('corpusBleu', 'hypotheses', hypotheses);
  requireList('corpusBleu', 'references', references);
  if (hypotheses.length === 0) throw new ArgumentError('corpusBleu', 'there are no translations');
  if (hypotheses.length !== references.length)
    throw new ArgumentError(
      'corpusBleu',
      `got ${plural(hypotheses.length, 'translation')}, but references for ${references.length}`,
    );
  const lists = asLists(references);
  for (const [i, own] of lists.entries()) {
    requireList('corpusBleu', `references[${i}]`, own);
    if (own.length === 0) throw new ArgumentError('corpusBleu', `translation ${i} has no reference`);
  }
  return measured('corpusBleu', hypotheses, lists, read);
}

/**
 * BLEU of one translation. N-grams that it's too short for are left out.
 *
 * @throws ArgumentError for no reference
 * @example
 * text.sentenceBleu('a cat', ['a cat']).score; // 100
 */
export function sentenceBleu(
  hypothesis: string,
  references: string | readonly string[],
  options?: BleuOptions,
): Bleu {
  const { effectiveOrder = true, ...read } = bleuOptions('sentenceBleu', options);
  const [own] = asLists([references]);
  requireList('sentenceBleu', 'references', own);
  if (own!.length === 0) throw new ArgumentError('sentenceBleu', "there's no reference");
  return measured('sentenceBleu', [hypothesis], [own!], { ...read, effectiveOrder });
}
