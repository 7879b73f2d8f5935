import { plural } from '../../core/describe.js';
import { linesOf } from '../reading/lines.js';
import {
  chunksOf,
  type ReadOptions,
  readOptions,
  TextFileError,
  type TextSource,
} from '../reading/source.js';

/** a is to b as c is to d. */
export interface AnalogyQuestion {
  readonly category: string;
  readonly words: readonly [string, string, string, string];
}

/** Two words, and how similar people find them. */
export interface WordPair {
  readonly words: readonly [string, string];
  readonly score: number;
}

/**
 * Questions as in Google's questions-words.txt: lines of four words, after a line `: category`.
 *
 * @source Mikolov et al. 2013, arXiv:1301.3781, section 4.1
 * @throws TextFileError naming a line that isn't four words
 */
export async function readAnalogies(source: TextSource, options?: ReadOptions): Promise<AnalogyQuestion[]> {
  const operation = 'readAnalogies';
  const read = readOptions(operation, options);
  const { name } = chunksOf(operation, source);
  const questions: AnalogyQuestion[] = [];
  let category = '';
  let line = 0;
  for await (const text of linesOf(operation, source, read)) {
    line++;
    const words = text.match(/\S+/g) ?? [];
    if (words[0] === ':') category = words.slice(1).join(' ');
    else if (words.length === 4) questions.push({ category, words: words as never });
    else if (words.length > 0)
      throw new TextFileError(
        operation,
        name,
        0,
        line,
        `has ${plural(words.length, 'word')}; a question has four`,
      );
  }
  return questions;
}

/**
 * Pairs as in WordSim-353, SimLex-999, MEN, and RG-65: lines of two words and a number, between blanks, tabs, or commas. A
 * first line with names of columns is skipped.
 *
 * @throws TextFileError naming a line that isn't two words and a number
 */
export async function readWordPairs(source: TextSource, options?: ReadOptions): Promise<WordPair[]> {
  const operation = 'readWordPairs';
  const read = readOptions(operation, options);
  const { name } = chunksOf(operation, source);
  const pairs: WordPair[] = [];
  let line = 0;
  for await (const text of linesOf(operation, source, read)) {
    line++;
    if (text.trim() === '') continue;
    const fields = text.split(/[\t,]|(?<!,) +/).filter((field) => field !== '');
    const [a, b, number] = fields.map((field) => field.trim());
    const score = Number(number);
    if (b !== undefined && number !== undefined && number !== '' && Number.isFinite(score))
      pairs.push({ words: [a!, b], score });
    else if (line > 1 || number === undefined)
      throw new TextFileError(
        operation,
        name,
        0,
        line,
        `must be two words and a number, got ${JSON.stringify(text.slice(0, 60))}`,
      );
  }
  return pairs;
}
