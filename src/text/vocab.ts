import { entriesOf, requireIterable, requireNumbers, requirePath, requireText } from '../core/arguments.js';
import { describe, isPlainObject } from '../core/describe.js';
import { ArgumentError, FileFormatError, IndexError } from '../core/errors.js';
import { defineOptions, flag, listOf, nullable, text, whole } from '../core/options.js';
import { requireFiles } from '../host/require.js';

export interface VocabOptions {
  /**
   * The token that replaces all others (default: `<unk>` if it's among the tokens); null: there isn't one, and
   * an unknown token is an error.
   */
  readonly unk?: string | null | undefined;
}

export interface BuildVocabOptions extends VocabOptions {
  /** How often a token must occur (default 1). */
  readonly minFreq?: number | undefined;
  /** Most tokens, specials included: the rarest are left out (default: no limit). */
  readonly maxTokens?: number | undefined;
  /** Tokens that are in the vocabulary no matter how rare they are, such as `['<unk>', '<pad>']` (default: none). */
  readonly specials?: readonly string[] | undefined;
  /** Whether the specials have the first numbers instead of the last (default true). */
  readonly specialFirst?: boolean | undefined;
}

const vocabSpec = { unk: nullable(text(undefined), undefined) };
const vocabOptions = defineOptions(vocabSpec);
const buildOptions = defineOptions({
  ...vocabSpec,
  minFreq: whole(1, { least: 1 }),
  maxTokens: whole(undefined, { least: 1 }),
  specials: listOf(text(''), []),
  specialFirst: flag(true),
});

/** Where tokens come from: a list of them for each line, sentence, or document. */
export type TokenLists = Iterable<readonly string[]> | AsyncIterable<readonly string[]>;

/** The text as its own string: a slice would keep what it was cut from in memory. */
const ownCopy = (token: string): string => (token.length < 13 ? token : ` ${token}`.slice(1));

/** @throws ArgumentError unless it can be walked with for await … of */
export function requireTokenLists(operation: string, lists: unknown): void {
  if (typeof lists === 'object' && lists !== null && Symbol.asyncIterator in lists) return;
  requireIterable(operation, 'lists', lists);
}

/** How often each token occurs. @throws ArgumentError for anything but lists of strings */
export async function countTokens(lists: TokenLists): Promise<Map<string, number>> {
  requireTokenLists('countTokens', lists);
  const counts = new Map<string, number>();
  for await (const tokens of lists) {
    if (!Array.isArray(tokens))
      throw new ArgumentError(
        'countTokens',
        `each item must be a list of tokens, got ${describe(tokens)}\n  hint: for one text, pass [tokens]`,
      );
    for (const token of tokens as readonly string[]) {
      const count = counts.get(token);
      if (count !== undefined) counts.set(token, count + 1);
      else {
        requireText('countTokens', 'a token', token);
        counts.set(ownCopy(token), 1);
      }
    }
  }
  return counts;
}

/** Orders texts by their characters, as Python does; JavaScript compares halves of characters beyond U+FFFF. */
function byCharacters(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a.charCodeAt(i) === b.charCodeAt(i)) continue;
    // A pair's second half differs: the characters begin one before.
    const at = i > 0 && isFirstHalf(a.charCodeAt(i - 1)) && isFirstHalf(b.charCodeAt(i - 1)) ? i - 1 : i;
    return a.codePointAt(at)! - b.codePointAt(at)!;
  }
  return a.length - b.length;
}

const isFirstHalf = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;

/** First names for the nearest token, to guess what was meant. */
const first = (tokens: readonly string[]): string =>
  `${tokens
    .slice(0, 6)
    .map((token) => JSON.stringify(token))
    .join(', ')}${tokens.length > 6 ? ', …' : ''}`;

/**
 * Tokens ↔ the integers from 0.
 *
 * @example
 * const vocab = await text.buildVocab([['to', 'be', 'or', 'not', 'to', 'be']], { specials: ['<unk>'] });
 * vocab.itos; // ['<unk>', 'be', 'to', 'not', 'or']
 * vocab.lookupIndices(['to', 'see']); // Int32Array [2, 0]
 */
export class Vocab {
  /** The tokens; the index of each is its number. */
  readonly itos: readonly string[];
  /** The number of each token. */
  readonly stoi: ReadonlyMap<string, number>;
  /** The token that replaces all others; null if there isn't one. */
  readonly unk: string | null;
  readonly #unkIndex: number | undefined;

  /**
   * @param tokens in the order of their numbers
   * @throws ArgumentError for a token that occurs twice, or an `unk` that isn't one of them
   */
  constructor(tokens: Iterable<string>, options?: VocabOptions) {
    requireIterable('Vocab', 'tokens', tokens);
    const { unk } = vocabOptions('Vocab', options);
    const itos = [...tokens];
    const stoi = new Map<string, number>();
    for (const [i, token] of itos.entries()) {
      requireText('Vocab', `token ${i}`, token);
      const before = stoi.get(token);
      if (before !== undefined)
        throw new ArgumentError(
          'Vocab',
          `the token ${JSON.stringify(token)} occurs twice, at ${before} and ${i}`,
        );
      stoi.set(token, i);
    }
    this.itos = itos;
    this.stoi = stoi;
    this.unk = unk === undefined ? (stoi.has('<unk>') ? '<unk>' : null) : unk;
    if (this.unk !== null) {
      this.#unkIndex = stoi.get(this.unk);
      if (this.#unkIndex === undefined)
        throw new ArgumentError('Vocab', `unk is ${JSON.stringify(this.unk)}, which isn't one of the tokens`);
    }
  }

  /**
   * The vocabulary of counted tokens: specials, then tokens by frequency, alphabetically if the frequency is equal.
   *
   * @throws ArgumentError for a count that isn't a whole number, or more specials than `maxTokens`
   * @differs from torchtext: a special that also occurs in the text doesn't take another token's place under `maxTokens`
   */
  static fromCounts(counts: Iterable<readonly [string, number]>, options?: BuildVocabOptions): Vocab {
    requireIterable('Vocab.fromCounts', 'counts', counts);
    const { minFreq, maxTokens, specials, specialFirst, unk } = buildOptions('Vocab.fromCounts', options);
    if (maxTokens !== undefined && specials.length > maxTokens)
      throw new ArgumentError(
        'Vocab.fromCounts',
        `there are ${specials.length} specials, more than maxTokens, ${maxTokens}`,
      );
    const special = new Set(specials);
    const entries = entriesOf('Vocab.fromCounts', counts);
    for (const [token, count] of entries)
      if (!Number.isSafeInteger(count) || count < 0)
        throw new ArgumentError(
          'Vocab.fromCounts',
          `the count of ${describe(token)} must be a whole number of at least 0, got ${describe(count)}`,
        );
    const kept = entries
      .filter(([token, count]) => count >= minFreq && !special.has(token))
      .sort(([a, m], [b, n]) => n - m || byCharacters(a, b))
      .slice(0, maxTokens === undefined ? undefined : maxTokens - specials.length)
      .map(([token]) => token);
    return new Vocab(specialFirst ? [...specials, ...kept] : [...kept, ...specials], { unk });
  }

  /** Number of tokens. */
  get length(): number {
    return this.itos.length;
  }

  /** Whether it's one of the tokens. */
  has(token: string): boolean {
    return this.stoi.has(token);
  }

  /** The number of a token. @throws ArgumentError for an unknown one, unless `unk` stands for it */
  lookupIndex(token: string): number {
    return this.stoi.get(token) ?? this.#unknown(token);
  }

  /**
   * The numbers of tokens.
   *
   * @throws ArgumentError for an unknown token, unless `unk` stands for it
   */
  lookupIndices(tokens: readonly string[]): Int32Array {
    if (typeof tokens === 'string' || !Array.isArray(tokens))
      throw new ArgumentError(
        'Vocab.lookupIndices',
        `tokens must be a list, got ${describe(tokens)}${typeof tokens === 'string' ? '\n  hint: cut the text into tokens first' : ''}`,
      );
    return Int32Array.from(tokens, (token) => this.stoi.get(token) ?? this.#unknown(token));
  }

  #unknown(token: string): number {
    if (this.#unkIndex !== undefined && typeof token === 'string') return this.#unkIndex;
    throw new ArgumentError(
      'Vocab',
      `${describe(token)} isn't one of the ${this.length} tokens ${first(this.itos)}\n  hint: a vocabulary with the special '<unk>' takes it for all unknown tokens`,
    );
  }

  /** The token of a number. @throws IndexError for a number without one */
  lookupToken(index: number): string {
    const token = typeof index === 'number' ? this.itos[index] : undefined;
    if (token === undefined)
      throw new IndexError(
        'Vocab',
        `${describe(index)} isn't the number of a token; there are ${this.length}`,
      );
    return token;
  }

  /** The tokens of numbers. @throws IndexError for a number without one */
  lookupTokens(indices: ArrayLike<number>): string[] {
    requireNumbers('Vocab.lookupTokens', 'indices', indices);
    return Array.from(indices, (index) => this.lookupToken(index));
  }

  /** What `fromJSON` takes. */
  toJSON(): {
    readonly format: 'myelin-vocab';
    readonly unk: string | null;
    readonly tokens: readonly string[];
  } {
    return { format: 'myelin-vocab', unk: this.unk, tokens: this.itos };
  }

  /**
   * The vocabulary that `toJSON` wrote.
   *
   * @param name what errors call it (default `the value`)
   * @throws FileFormatError if it isn't one
   */
  static fromJSON(value: unknown, name = 'the value'): Vocab {
    const fail = (problem: string): never => {
      throw new FileFormatError('Vocab.fromJSON', name, 0, problem);
    };
    if (!isPlainObject(value) || value.format !== 'myelin-vocab') return fail("isn't a saved vocabulary");
    const { tokens, unk } = value;
    if (!Array.isArray(tokens) || tokens.some((token) => typeof token !== 'string'))
      return fail('its tokens must be a list of strings');
    if (unk !== null && typeof unk !== 'string') return fail('its unk must be a string, or null');
    if (unk !== null && !tokens.includes(unk))
      return fail(`its unk, ${JSON.stringify(unk)}, isn't one of its tokens`);
    const seen = new Set<string>();
    for (const token of tokens as string[]) {
      if (seen.has(token)) fail(`the token ${JSON.stringify(token)} occurs twice`);
      seen.add(token);
    }
    return new Vocab(tokens as string[], { unk });
  }

  /** Writes it as JSON, whole or not at all. @throws FileError */
  save(path: string): void {
    const files = requireFiles('Vocab.save', 'use JSON.stringify(vocab)');
    requirePath('Vocab.save', 'path', path);
    files.write(path, `${JSON.stringify(this)}\n`);
  }

  /**
   * Reads what `save` wrote.
   *
   * @throws FileError if it can't be read
   * @throws FileFormatError if it isn't a saved vocabulary
   */
  static load(path: string): Vocab {
    const files = requireFiles('Vocab.load', 'use text.Vocab.fromJSON(value)');
    requirePath('Vocab.load', 'path', path);
    const content = files.readText('Vocab.load', path);
    let value: unknown;
    try {
      value = JSON.parse(content);
    } catch (cause) {
      throw new FileFormatError('Vocab.load', path, 0, `isn't valid JSON: ${(cause as Error).message}`);
    }
    return Vocab.fromJSON(value, path);
  }

  toString(): string {
    return `Vocab(${this.length.toLocaleString('en-US')} tokens: ${first(this.itos)})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/**
 * The vocabulary of a text: specials, then tokens by frequency; tokens of equal frequency are in alphabetical order.
 *
 * @param lists lists of tokens, such as `readTokens` gives; they are counted one by one and not kept
 * @throws like `countTokens` and `Vocab.fromCounts`
 * @example
 * const lines = text.readTokens(new TextEncoder().encode('a rose is a rose'));
 * const vocab = await text.buildVocab(lines, { specials: ['<pad>', '<unk>'], minFreq: 2 });
 * vocab.itos; // ['<pad>', '<unk>', 'a', 'rose']
 */
export async function buildVocab(lists: TokenLists, options?: BuildVocabOptions): Promise<Vocab> {
  buildOptions('buildVocab', options);
  return Vocab.fromCounts(await countTokens(lists), options);
}
