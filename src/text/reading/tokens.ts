import { describe } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import type { Resolved } from '../../core/options.js';
import { callback, defineOptions, text } from '../../core/options.js';
import { linesOf } from './lines.js';
import { chunksOf, type ReadOptions, readSpec, type TextSource } from './source.js';

export interface TokenOptions extends ReadOptions {
  /** Cuts a line into tokens (default: at blanks). */
  readonly tokenize?: ((line: string) => readonly string[]) | undefined;
  /** A token that's added after each line, such as `<eos>` (default: none). */
  readonly endOfLine?: string | undefined;
}

const tokenOptions = defineOptions({
  ...readSpec,
  tokenize: callback<(line: string) => readonly string[]>(),
  endOfLine: text(undefined),
});

/** The words between blanks. */
export const splitWords = (line: string): string[] => line.match(/\S+/g) ?? [];

/**
 * The tokens of each line of a text, in memory that doesn't grow with the file. Lines without tokens are left out.
 *
 * @param source a path, bytes, or a file of a data set; gzipped or not
 * @throws like `readLines`
 * @example
 * const bytes = new TextEncoder().encode('to be or\nnot to be\n');
 * for await (const tokens of text.readTokens(bytes, { endOfLine: '<eos>' })) console.log(tokens);
 */
export function readTokens(
  source: TextSource,
  options?: TokenOptions,
): AsyncGenerator<readonly string[], void> {
  const read = tokenOptions('readTokens', options);
  chunksOf('readTokens', source);
  return tokensOf(source, read);
}

/** @throws ArgumentError unless it's a list of strings, which `tokenize` made of a line */
function requireTokens(tokens: unknown, line: number): void {
  if (Array.isArray(tokens) && tokens.every((token) => typeof token === 'string')) return;
  throw new ArgumentError(
    'readTokens',
    `tokenize must return a list of strings; for line ${line} it returned ${describe(tokens)}`,
  );
}

async function* tokensOf(
  source: TextSource,
  options: Resolved<typeof readSpec> & Pick<TokenOptions, 'tokenize' | 'endOfLine'>,
): AsyncGenerator<readonly string[], void> {
  const { tokenize, endOfLine } = options;
  let number = 0;
  for await (const line of linesOf('readTokens', source, options)) {
    number++;
    const tokens = tokenize === undefined ? splitWords(line) : tokenize(line);
    if (tokenize !== undefined) requireTokens(tokens, number);
    const all = endOfLine === undefined ? tokens : [...tokens, endOfLine];
    if (all.length > 0) yield all;
  }
}
