import { ByteLevelBPE, CharTokenizer, reversals, type Tokenizer, writtenDates } from '../../text/index.js';
import { type RecipeContext, text } from '../kit/index.js';
import { loadCorpus, loadTranslations, wordsOf } from '../kit/text/index.js';

export type Pair = readonly [source: string, target: string];

/** A task: pairs to learn, and how texts become tokens. */
export interface Task {
  readonly title: string;
  readonly train: readonly Pair[];
  readonly validation: readonly Pair[];
  readonly test: readonly Pair[];
  readonly source: Tokenizer;
  readonly target: Tokenizer;
}

export const tasks = ['reversal', 'dates', 'spelling', 'translation'] as const;
export type TaskName = (typeof tasks)[number];

/** Padding, and the tokens before and after a text. */
const SPECIALS = ['<pad>', '<BOS>', '<EOS>'];
export const [PAD, BOS, EOS] = [0, 1, 2];
/** Pairs for validation, and as many for testing: a tenth, but at most this many. */
const HELD = 500;

/** Splits pairs into parts for training, validation, and testing; a pair that occurs twice is in only one part. */
function split(pairs: readonly Pair[]): Pick<Task, 'train' | 'validation' | 'test'> {
  const own = [...new Map(pairs.map((pair) => [pair[0], pair])).values()];
  const held = Math.min(HELD, Math.floor(own.length / 10));
  return {
    test: own.slice(0, held),
    validation: own.slice(held, 2 * held),
    train: own.slice(2 * held),
  };
}

/** Changes a word as typists do: swaps, drops, doubles, or replaces a letter. */
function misspelled(word: string, random: () => number): string {
  const letters = [...word];
  const at = Math.floor(random() * (letters.length - 1));
  const [a, b] = [letters[at]!, letters[at + 1]!];
  const changes = [[b, a], [b], [a, a, b], [String.fromCharCode(97 + Math.floor(random() * 26)), b]];
  letters.splice(at, 2, ...changes[Math.floor(random() * changes.length)]!);
  return letters.join('');
}

/** Misspelled words of a text and how they're spelled. */
async function misspellings(n: number, context: RecipeContext<unknown>): Promise<Pair[]> {
  const { train } = await loadCorpus('war-and-peace', context);
  const counts = new Map<string, number>();
  for (const word of wordsOf(train))
    if (/^[a-z]{4,10}$/.test(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const common = [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, 2000)
    .map(([word]) => word);
  let state = 1;
  const random = (): number => {
    // xorshift: the same words on every machine.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return Array.from({ length: n }, (): Pair => {
    const word = common[Math.floor(random() * common.length)]!;
    return [misspelled(word, random), word];
  });
}

/** Pairs of a task whose tokens are characters. */
async function characterTask(title: string, pairs: readonly Pair[]): Promise<Task> {
  const parts = split(pairs);
  const [source, target] = await Promise.all(
    [0, 1].map((side) =>
      CharTokenizer.train(
        pairs.map((pair) => pair[side]!),
        { specialTokens: SPECIALS },
      ),
    ),
  );
  return { title, ...parts, source: source!, target: target! };
}

interface Sizes {
  /** How many pairs to make, for tasks whose pairs are made. */
  readonly pairs: number;
  /** Byte pairs of each language, for translation. */
  readonly vocabSize: number;
}

export async function loadTask(
  name: TaskName,
  { pairs: n, vocabSize }: Sizes,
  context: RecipeContext<unknown>,
): Promise<Task> {
  switch (name) {
    case 'reversal':
      return characterTask('words backward', reversals({ n, seed: 0 }));
    case 'dates':
      return characterTask('dates', writtenDates({ n, seed: 0 }));
    case 'spelling':
      return characterTask('misspelled words', await misspellings(n, context));
    case 'translation': {
      const { title, train, validation, test } = await loadTranslations(context);
      const tokenizer = (side: 0 | 1): Promise<Tokenizer> =>
        ByteLevelBPE.train(
          train.map((pair) => pair[side]),
          { vocabSize, specialTokens: SPECIALS },
        );
      const [source, target] = await Promise.all([tokenizer(0), tokenizer(1)]);
      await context.emit(text('tokens', `byte pairs, ${source.vocabSize} and ${target.vocabSize}`));
      return { title, train, validation, test, source, target };
    }
  }
}
