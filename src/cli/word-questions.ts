import { MyelinError } from '../core/errors.js';
import { textTable } from '../core/text-table.js';
import { biasProbe, type Nearby, type WordVectors, wordMap } from '../text/index.js';
import { scatter } from '../viz/index.js';
import { savePicture } from './pictures.js';

/** What can be asked, for the help of the command and of the prompt. */
export const questionHelp = `Ask about words:
  cat                        the words nearest to cat; so does: neighbors cat
  king - man + woman         what is to woman as king is to man
  similarity cat dog         the cosine of the angle between two words, and their distance
  lean she he: nurse doctor  which of two words each of the others leans to
  pca cat king               a map of words and those nearest to them; tsne: by t-SNE
  help                       shows this
  quit                       ends`;

export interface QuestionOptions {
  /** Answers to show. */
  readonly top: number;
  readonly method: 'add' | 'multiply';
  /** Where maps are saved, without the extension (default: they're only shown). */
  readonly picture?: string;
}

const shown = (nearby: readonly Nearby[]): string =>
  textTable(nearby.map(({ word, score }) => [word, score.toFixed(3)])).join('\n');

/** The words of `king - man + woman`, by sign; a minus within a word belongs to it. */
function sides(question: string): { positive: string[]; negative: string[] } {
  const positive: string[] = [];
  const negative: string[] = [];
  let sign = '+';
  for (const field of question.split(/\s+/)) {
    if (/^[-+−–]$/.test(field)) sign = field === '+' ? '+' : '-';
    else if (field !== '') {
      (sign === '+' ? positive : negative).push(field);
      sign = '+';
    }
  }
  return { positive, negative };
}

async function similarity(vectors: WordVectors, words: readonly string[]): Promise<string> {
  if (words.length !== 2) return 'similarity compares two words: similarity cat dog';
  const [a, b] = words as [string, string];
  const [cosine, distance] = [await vectors.similarity(a, b), await vectors.distance(a, b)];
  return `cosine ${cosine.toFixed(3)}, Euclidean distance ${distance.toFixed(3)}`;
}

async function lean(vectors: WordVectors, text: string): Promise<string> {
  const [between = [], words = []] = text.split(':').map((part) => part.match(/\S+/g) ?? []);
  if (between.length !== 2 || words.length === 0)
    return 'lean takes two words, a colon, and others: lean she he: nurse doctor';
  const leans = await biasProbe(vectors, words, between as [string, string]);
  return textTable(
    leans.map((of) => [of.word, of.lean.toFixed(3), `to ${of.lean > 0 ? between[0] : between[1]}`]),
  ).join('\n');
}

async function map(
  vectors: WordVectors,
  words: readonly string[],
  method: 'pca' | 'tsne',
  { top, picture }: QuestionOptions,
): Promise<string> {
  const points = await wordMap(vectors, words, { method, neighbors: top });
  const title = `${words.join(', ')}: nearest words, by ${method === 'pca' ? 'principal components' : 't-SNE'}`;
  const figure = scatter(points, { title, width: 600, height: 500 });
  const saved = picture === undefined ? [] : await savePicture(figure, picture);
  return [figure.toText({ columns: process.stdout.columns, color: process.stdout.isTTY }), ...saved].join(
    '\n',
  );
}

/** The answer to a question. @throws ArgumentError for an unknown word */
export async function answer(
  vectors: WordVectors,
  question: string,
  options: QuestionOptions,
): Promise<string> {
  const { top, method } = options;
  const [command = '', ...rest] = question.trim().split(/\s+/);
  if (command === 'help' || command === '?') return questionHelp;
  if (command === 'similarity' && rest.length > 0) return similarity(vectors, rest);
  if (command === 'lean' && rest.length > 0) return lean(vectors, rest.join(' '));
  if ((command === 'pca' || command === 'tsne') && rest.length > 0)
    return map(vectors, rest, command, options);
  const isNeighbors = /^neighbou?rs$/.test(command) && rest.length > 0;
  const { positive, negative } = sides(isNeighbors ? rest.join(' ') : question.trim());
  if (positive.length === 1 && negative.length === 0)
    return shown(await vectors.nearest(positive[0]!, { count: top }));
  return shown(await vectors.analogy({ positive, negative, count: top, method }));
}

/** The same, with the error as the answer: a prompt goes on. */
export async function answerOrError(
  vectors: WordVectors,
  question: string,
  options: QuestionOptions,
): Promise<string> {
  try {
    return await answer(vectors, question, options);
  } catch (error) {
    if (error instanceof MyelinError) return error.detail;
    throw error;
  }
}
