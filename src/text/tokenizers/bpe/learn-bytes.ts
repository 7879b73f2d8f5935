import { describe } from '../../../core/describe.js';
import { ArgumentError } from '../../../core/errors.js';
import { defineOptions, flag } from '../../../core/options.js';
import { GrowingInts } from '../tables/growing.js';
import type { TokenizerParts } from '../tokenizer.js';
import { allSpecial, countWords, type Texts, type TrainTokenizerOptions, trainOptions } from '../training.js';
import { Vocabulary } from '../vocabulary.js';
import type { WordCounter } from '../word-counter.js';
import { alphabet, toChars } from './bytes.js';
import { learnMerges, type SymbolWords } from './learn-merges.js';
import { endOfWord } from './scan-words.js';
import { writeUtf8 } from './utf8.js';

export interface TrainByteLevelBPEOptions extends TrainTokenizerOptions {
  /** Whether a text that starts without a space gets one, so its first word is like any other (default false). */
  readonly addPrefixSpace?: boolean;
}

const readTrain = defineOptions({ ...trainOptions, addPrefixSpace: flag(false) });

/** What a byte-level tokenizer is made of. */
export interface ByteLevelParts extends TokenizerParts {
  /** Pairs of tokens that are merged, the earliest first. */
  readonly merges: readonly (readonly [left: string, right: string])[];
  readonly addPrefixSpace: boolean;
}

/** Learns a vocabulary of bytes and merges of them. */
export async function learnBytes(
  operation: string,
  texts: Texts,
  options: TrainByteLevelBPEOptions | undefined,
): Promise<ByteLevelParts> {
  const { addPrefixSpace, vocabSize, minFrequency, onProgress, ...given } = readTrain(operation, options);
  const special = allSpecial(given);
  const chars = alphabet.map((byte) => toChars(Uint8Array.of(byte)));
  const tokens = [...special, ...chars];
  const clash = special.find((name) => chars.includes(name));
  if (clash !== undefined)
    throw new ArgumentError(operation, `the special token ${describe(clash)} is the token of a byte`);
  if (vocabSize < tokens.length)
    throw new ArgumentError(
      operation,
      `vocabSize is ${vocabSize}, but the 256 bytes and the special tokens alone take ${tokens.length}`,
    );
  const counter = await countWords(
    operation,
    texts,
    (text, words) => {
      const whole = addPrefixSpace && !text.startsWith(' ') ? ` ${text}` : text;
      for (let at = 0; at < whole.length; ) {
        const end = endOfWord(whole, at, whole.length);
        words.add(whole, at, end);
        at = end;
      }
    },
    onProgress,
  );
  const symbols = new Int32Array(256);
  for (const [i, byte] of alphabet.entries()) symbols[byte] = special.length + i;
  const total = vocabSize - tokens.length;
  const { left, right } = await learnMerges(asSymbols(counter, symbols), {
    tokens,
    vocabSize,
    minFrequency,
    join: (a, b) => a + b,
    onMerge: onProgress && ((done) => onProgress({ stage: 'merge', done, total })),
  });
  return {
    ...given,
    vocabulary: new Vocabulary(tokens.map((token, id) => [token, id] as const)),
    specialTokens: new Map(special.map((token, id) => [token, id])),
    merges: Array.from(left, (a, i) => [tokens[a]!, tokens[right[i]!]!] as const),
    addPrefixSpace,
  };
}

/** Counted words as symbols of their bytes. */
function asSymbols(counter: WordCounter, symbolOf: Int32Array): SymbolWords {
  const starts = new Int32Array(counter.size + 1);
  const symbols = new GrowingInts(counter.units + 64);
  for (let word = 0; word < counter.size; word++) {
    const text = counter.wordAt(word);
    symbols.reserve(text.length * 3);
    const bytes = symbols.data.subarray(symbols.length);
    const length = writeUtf8(text, 0, text.length, bytes, false);
    for (let i = 0; i < length; i++) bytes[i] = symbolOf[bytes[i]!]!;
    symbols.length += length;
    starts[word + 1] = symbols.length;
  }
  return { symbols: symbols.toArray(), starts, counts: counter.counts };
}
