import { createInterface } from 'node:readline';
import { host } from '#host';
import { percentDone } from '../core/percent.js';
import { GloVe, readLines, Word2Vec, WordCorpus, WordVectors } from '../text/index.js';
import { UsageError } from './failure.js';
import { type EngineFlags, useEngine } from './options.js';
import { answer, answerOrError, type QuestionOptions, questionHelp } from './word-questions.js';

export interface WordsFlags extends EngineFlags {
  readonly model: 'skip-gram' | 'cbow' | 'glove';
  readonly dim: number;
  readonly window?: number;
  readonly epochs?: number;
  readonly minCount: number;
  readonly seed: number;
  readonly save?: string;
  readonly top: number;
  readonly method: 'add' | 'multiply';
  readonly maxWords?: number;
  readonly picture?: string;
  readonly quiet?: boolean;
}

/** Whether a file begins as files of vectors do: with two numbers, or with a word and numbers. */
async function hasVectors(path: string): Promise<boolean> {
  for await (const line of readLines(path, { encoding: 'latin1' })) {
    const [first = '', ...numbers] = line.trim().split(/\s+/);
    if (numbers.length === 1) return /^\d+$/.test(first) && /^\d+$/.test(numbers[0]!);
    return numbers.length > 1 && numbers.every((field) => Number.isFinite(Number(field)));
  }
  throw new UsageError(`${path} is empty`);
}

const wordsOf = (line: string): string[] => line.toLowerCase().match(/[\p{L}\p{N}]+(?:['’]\p{L}+)?/gu) ?? [];

async function* sentencesOf(path: string): AsyncGenerator<string[]> {
  for await (const line of readLines(path, { badBytes: 'replace' })) yield wordsOf(line);
}

/** Trains vectors on a text. */
async function trained(path: string, flags: WordsFlags, say: (line: string) => void): Promise<WordVectors> {
  const { model, dim, window, epochs, seed, minCount, maxWords } = flags;
  const corpus = await WordCorpus.from(sentencesOf(path), { minCount, maxWords });
  const { length } = corpus;
  say(
    `text: ${length.toLocaleString('en-US')} words, ${corpus.vocab.length.toLocaleString('en-US')} different`,
  );
  const live = flags.quiet ? undefined : host.terminal()?.newLine();
  const options = { dim, window, epochs, seed };
  const show = (share: number, loss: number, more = ''): void =>
    live?.show(`${model}: ${percentDone(share)}  loss ${loss.toFixed(3)}${more}`);
  try {
    if (model === 'glove') {
      const glove = await GloVe.from(corpus, { ...options, xMax: length < 1e7 ? 10 : 100 });
      await glove.train({ onProgress: ({ share, loss }) => show(share, loss) });
      return glove.vectors;
    }
    const word2vec = new Word2Vec(corpus, { ...options, model });
    await word2vec.train({
      onProgress: ({ share, loss, wordsPerSecond }) =>
        show(share, loss, `  ${Math.round(wordsPerSecond).toLocaleString('en-US')} words/s`),
    });
    return word2vec.vectors;
  } finally {
    live?.clear();
  }
}

/** Asks for questions until there are no more; shows a prompt if a person types them. */
export async function prompt(
  vectors: WordVectors,
  flags: QuestionOptions,
  input: NodeJS.ReadStream = process.stdin,
  output: NodeJS.WritableStream = process.stdout,
): Promise<void> {
  const isAsked = input.isTTY === true;
  const lines = createInterface({ input, output: isAsked ? output : undefined, prompt: '> ' });
  if (isAsked) lines.prompt();
  for await (const line of lines) {
    const question = line.trim();
    if (question === 'quit' || question === 'exit') break;
    if (question !== '') output.write(`${await answerOrError(vectors, question, flags)}\n`);
    if (isAsked) lines.prompt();
  }
  lines.close();
}

/** `myelin words FILE [QUESTION…]`. */
export async function words(path: string, questions: readonly string[], flags: WordsFlags): Promise<void> {
  await useEngine(flags);
  const say = (line: string): void => {
    if (!flags.quiet) console.log(line);
  };
  const isOpened = await hasVectors(path);
  const vectors = isOpened
    ? await WordVectors.load(path, { maxWords: flags.maxWords })
    : await trained(path, flags, say);
  say(`vectors: ${vectors.length.toLocaleString('en-US')} words, ${vectors.dim} numbers each`);
  if (flags.save !== undefined) {
    await vectors.save(flags.save);
    say(`saved: ${flags.save}`);
  }
  for (const question of questions) {
    if (questions.length > 1) console.log(`\n${question}`);
    console.log(await answer(vectors, question, flags));
  }
  if (questions.length > 0 || (flags.save !== undefined && !process.stdin.isTTY)) return;
  if (process.stdin.isTTY) say(questionHelp);
  await prompt(vectors, flags);
}
