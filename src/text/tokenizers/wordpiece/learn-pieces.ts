import { ArgumentError } from '../../../core/errors.js';
import { learnMerges } from '../bpe/learn-merges.js';
import { frequentCharacters, wordsOfCharacters } from '../characters.js';
import type { TokenizerProgress } from '../training.js';
import type { WordCounter } from '../word-counter.js';
import { continuing } from './continuing.js';

interface PieceLearning {
  readonly special: readonly string[];
  readonly vocabSize: number;
  readonly minFrequency: number;
  readonly limitAlphabet: number;
  readonly onProgress: ((progress: TokenizerProgress) => void) | undefined;
}

/** Learns the tokens of a WordPiece vocabulary: special ones, characters that start and that continue words, and merged ones. */
export async function learnPieces(
  operation: string,
  counter: WordCounter,
  { special, vocabSize, minFrequency, limitAlphabet, onProgress }: PieceLearning,
): Promise<string[]> {
  const characters = frequentCharacters(counter, limitAlphabet);
  const tokens = [...new Set([...special, ...characters, ...characters.map((char) => continuing + char)])];
  if (vocabSize < tokens.length)
    throw new ArgumentError(
      operation,
      `vocabSize is ${vocabSize}, but the characters and the special tokens alone take ${tokens.length}\n  hint: limitAlphabet keeps fewer characters`,
    );
  const numbers = new Map(tokens.map((token, id) => [token, id]));
  const words = wordsOfCharacters(counter, (char, place) =>
    numbers.get(place === 0 ? char : continuing + char),
  );
  const total = vocabSize - tokens.length;
  await learnMerges(words, {
    tokens,
    vocabSize,
    minFrequency,
    join: (left, right) => left + right.slice(continuing.length),
    onMerge: onProgress && ((done) => onProgress({ stage: 'merge', done, total })),
  });
  return tokens;
}
