import { requireList, requireRecords } from '../../core/arguments.js';
import { describe } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { defineOptions, flag, number, type Option, required, text, whole, word } from '../../core/options.js';
import { cat, noGrad, type Tensor, tensor, tidy } from '../../index.js';
import { rankCorrelation } from './rank-correlation.js';
import type { AnalogyQuestion, WordPair } from './word-tests.js';
import { WordVectors } from './word-vectors.js';

export interface AnalogyAccuracyOptions {
  /** 3CosAdd or 3CosMul (default `add`). */
  readonly method?: 'add' | 'multiply' | undefined;
  /** Only the first words of the vocabulary, the most frequent, count as answers and in questions (default: all). */
  readonly restrict?: number | undefined;
  /** Whether a word of a question is made lowercase if the vocabulary lacks it as written (default true). */
  readonly lowercase?: boolean | undefined;
}

export interface AnalogyScore {
  readonly name: string;
  /** Answered right. */
  readonly correct: number;
  /** Asked: all of its words have vectors. */
  readonly asked: number;
  /** Not asked, since a word has no vector. */
  readonly skipped: number;
  /** Share of the asked questions answered right; NaN if none were asked. */
  readonly accuracy: number;
}

const accuracyOptions = defineOptions({
  method: word(['add', 'multiply'], 'add'),
  restrict: whole(undefined, { least: 4 }),
  lowercase: flag(true),
});

/** A list of so many words. */
const someWords = (count: number): Option<readonly string[]> => ({
  wanted: `a list of ${count} words`,
  default: [],
  accepts: (value) =>
    Array.isArray(value) && value.length === count && value.every((item) => typeof item === 'string'),
});

const questionSpec = { category: required(text(undefined)), words: required(someWords(4)) };
const pairSpec = { words: required(someWords(2)), score: required(number(undefined)) };

/** Scores at once: floats of memory. */
const AT_ONCE = 2 ** 23;
const EPSILON = 1e-3;

const scoreOf = (name: string, correct: number, asked: number, skipped: number): AnalogyScore => ({
  name,
  correct,
  asked,
  skipped,
  accuracy: correct / asked,
});

/** @throws ArgumentError unless they are word vectors */
export function requireVectors(operation: string, vectors: unknown): void {
  if (!(vectors instanceof WordVectors))
    throw new ArgumentError(operation, `the first argument must be WordVectors, got ${describe(vectors)}`);
}

/** The number of a word among the first `limit`. */
function finderOf(
  vectors: WordVectors,
  lowercase: boolean,
  limit: number,
): (word: string) => number | undefined {
  const { stoi } = vectors.vocab;
  return (text) => {
    const index = stoi.get(text) ?? (lowercase ? stoi.get(text.toLowerCase()) : undefined);
    return index !== undefined && index < limit ? index : undefined;
  };
}

/** The answers to questions a : b = c : ?, which are never one of a, b, c. @shape asked (Q, 3) → (Q) int32 */
function answers(unit: Tensor, asked: Tensor, method: 'add' | 'multiply'): Tensor {
  const row = (i: number): Tensor => unit.indexSelect(0, asked.select(1, i)); // (Q, D)
  const [a, b, c] = [row(0), row(1), row(2)];
  let scores: Tensor; // (Q, words)
  if (method === 'add') scores = b.sub(a).add(c).matmul(unit.t());
  else {
    const near = (x: Tensor): Tensor => x.matmul(unit.t()).add(1).div(2);
    scores = near(b).mul(near(c)).div(near(a).add(EPSILON));
  }
  return scores.scatter(1, asked, Number.NEGATIVE_INFINITY).argmax(1);
}

/**
 * How many analogy questions the vectors answer right: all together, and by category. Questions with unknown words are
 * skipped, as usual.
 *
 * @source Mikolov et al. 2013, arXiv:1301.3781, section 4.1
 * @example
 * const vectors = await text.WordVectors.load('glove.6B.100d.txt');
 * const questions = await text.readAnalogies('questions-words.txt');
 * const { total, categories } = await text.analogyAccuracy(vectors, questions);
 */
export async function analogyAccuracy(
  vectors: WordVectors,
  questions: readonly AnalogyQuestion[],
  options?: AnalogyAccuracyOptions,
): Promise<{ total: AnalogyScore; categories: AnalogyScore[] }> {
  requireVectors('analogyAccuracy', vectors);
  requireRecords('analogyAccuracy', 'questions', questions, questionSpec);
  const { method, restrict, lowercase } = accuracyOptions('analogyAccuracy', options);
  const count = Math.min(restrict ?? vectors.length, vectors.length);
  const find = finderOf(vectors, lowercase, count);
  const known: { category: string; words: number[] }[] = [];
  const tallies = new Map<string, { correct: number; asked: number; skipped: number }>();
  for (const { category, words } of questions) {
    if (!tallies.has(category)) tallies.set(category, { correct: 0, asked: 0, skipped: 0 });
    const found = words.map(find);
    if (found.includes(undefined)) tallies.get(category)!.skipped++;
    else known.push({ category, words: found as number[] });
  }
  const unit = vectors.unit.narrow(0, 0, count);
  const size = Math.max(1, Math.floor(AT_ONCE / count));
  for (let first = 0; first < known.length; first += size) {
    const batch = known.slice(first, first + size);
    const asked = tensor(
      batch.map(({ words }) => words.slice(0, 3)),
      { dtype: 'int32' },
    );
    const found = tidy(() => noGrad(() => answers(unit, asked, method)));
    const data = await found.data();
    found.dispose();
    batch.forEach(({ category, words }, i) => {
      const tally = tallies.get(category)!;
      tally.asked++;
      tally.correct += Number(data[i] === words[3]);
    });
  }
  const categories = [...tallies].map(([name, { correct, asked, skipped }]) =>
    scoreOf(name, correct, asked, skipped),
  );
  const sum = (of: 'correct' | 'asked' | 'skipped'): number =>
    categories.reduce((n, score) => n + score[of], 0);
  return { total: scoreOf('all', sum('correct'), sum('asked'), sum('skipped')), categories };
}

export interface SimilarityOptions {
  /** Whether a word is made lowercase if the vocabulary lacks it as written (default true). */
  readonly lowercase?: boolean | undefined;
}

const similarityOptions = defineOptions({ lowercase: flag(true) });

/**
 * How well the cosines of pairs of words rank like people's scores: Spearman's rank correlation, over the pairs where
 * both words have vectors.
 *
 * @example
 * const vectors = await text.WordVectors.load('glove.6B.100d.txt');
 * const pairs = await text.readWordPairs('EN-WS-353-ALL.txt');
 * const { correlation, asked } = await text.similarityScore(vectors, pairs);
 */
export async function similarityScore(
  vectors: WordVectors,
  pairs: readonly WordPair[],
  options?: SimilarityOptions,
): Promise<{ correlation: number; asked: number; skipped: number }> {
  requireVectors('similarityScore', vectors);
  requireRecords('similarityScore', 'pairs', pairs, pairSpec);
  const { lowercase } = similarityOptions('similarityScore', options);
  const find = finderOf(vectors, lowercase, vectors.length);
  const known = pairs
    .map(({ words, score }) => ({ a: find(words[0]), b: find(words[1]), score }))
    .filter(
      (pair): pair is { a: number; b: number; score: number } => pair.a !== undefined && pair.b !== undefined,
    );
  const rows = (of: 'a' | 'b'): Tensor =>
    vectors.unit.indexSelect(
      0,
      tensor(
        known.map((pair) => pair[of]),
        { dtype: 'int32' },
      ),
    );
  const cosines = await tidy(() => noGrad(() => rows('a').mul(rows('b')).sum(1))).data();
  return {
    correlation: rankCorrelation(
      Array.from(cosines, Number),
      known.map(({ score }) => score),
    ),
    asked: known.length,
    skipped: pairs.length - known.length,
  };
}

/** How far a word leans to one of two words. */
export interface WordLean {
  readonly word: string;
  /** Its cosine with the first word. */
  readonly first: number;
  /** Its cosine with the second. */
  readonly second: number;
  /** Its cosine with the direction from the second word to the first: above 0, it leans to the first. */
  readonly lean: number;
}

/**
 * Shows what a text made vectors learn about words, such as occupations: how far each leans to one of two words, such
 * as `['she', 'he']`; words that lean to the first one come first.
 *
 * @source notes 5.3; Bolukbasi et al. 2016, arXiv:1607.06520
 * @example
 * const vectors = await text.WordVectors.load('glove.6B.100d.txt');
 * const leans = await text.biasProbe(vectors, ['nurse', 'doctor', 'engineer'], ['she', 'he']);
 * @throws ArgumentError for an unknown word
 */
export async function biasProbe(
  vectors: WordVectors,
  words: readonly string[],
  between: readonly [string, string],
): Promise<WordLean[]> {
  requireVectors('biasProbe', vectors);
  requireList('biasProbe', 'words', words);
  requireList('biasProbe', 'between', between);
  if (between.length !== 2)
    throw new ArgumentError('biasProbe', `between must be two words, got ${between.length}`);
  const index = (list: readonly string[]): Tensor =>
    tensor(
      list.map((text) => vectors.index(text)),
      { dtype: 'int32' },
    );
  const at = [index(words), index(between)] as const;
  const cosines = await noGrad(() => {
    const x = vectors.unit.indexSelect(0, at[0]); // (words, D)
    const poles = vectors.unit.indexSelect(0, at[1]); // (2, D)
    const direction = poles.select(0, 0).sub(poles.select(0, 1)).unsqueeze(0);
    const axes = cat([poles, direction.div(direction.norm().clamp(1e-12))]); // (3, D)
    return x.matmul(axes.t()); // (words, 3)
  }).data();
  return words
    .map((text, i) => {
      const [first, second, lean] = Array.from(cosines.subarray(3 * i, 3 * i + 3), Number);
      return { word: text, first: first!, second: second!, lean: lean! };
    })
    .sort((a, b) => b.lean - a.lean);
}
