import { ArgumentError } from '../../../core/errors.js';
import { frequentCharacters, wordsOfCharacters } from '../characters.js';
import type { TokenizerProgress } from '../training.js';
import type { WordCounter } from '../word-counter.js';
import { learnUnigram } from './learn-unigram.js';

interface TokenLearning {
  readonly vocabSize: number;
  readonly minFrequency: number;
  readonly limitAlphabet: number;
  readonly maxPieceLength: number;
  readonly onProgress: ((progress: TokenizerProgress) => void) | undefined;
}

/** Learns the tokens of a unigram vocabulary with their logarithmic probabilities: special ones, then the most probable first. */
export async function learnTokens(
  operation: string,
  counter: WordCounter,
  special: readonly string[],
  { vocabSize, minFrequency, limitAlphabet, maxPieceLength, onProgress }: TokenLearning,
): Promise<(readonly [token: string, score: number])[]> {
  const characters = frequentCharacters(counter, limitAlphabet);
  const least = special.length + characters.length;
  if (vocabSize < least)
    throw new ArgumentError(
      operation,
      `vocabSize is ${vocabSize}, but the characters and the special tokens alone take ${least}\n  hint: limitAlphabet keeps fewer characters`,
    );
  const numbers = new Map(characters.map((char, i) => [char, i]));
  const { pieces, scores } = await learnUnigram(
    wordsOfCharacters(counter, (char) => numbers.get(char)),
    {
      numSymbols: characters.length,
      size: vocabSize - special.length,
      minFrequency,
      longest: maxPieceLength,
      onPrune: onProgress && ((left) => onProgress({ stage: 'prune', done: left, total: null })),
    },
  );
  const learned = pieces.map((piece, i) => {
    const text = Array.from(piece, (symbol) => characters[symbol]!).join('');
    return [text, scores[i]!] as const;
  });
  return [
    ...special.map((name) => [name, 0] as const),
    ...learned.filter(([text]) => !special.includes(text)),
  ];
}
