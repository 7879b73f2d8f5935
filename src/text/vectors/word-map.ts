import { requireList } from '../../core/arguments.js';
import { ArgumentError } from '../../core/errors.js';
import { defineOptions, whole, word } from '../../core/options.js';
import { noGrad, tensor, tidy } from '../../index.js';
import { pca, tsne } from '../../metrics/index.js';
import { requireVectors } from './evaluate.js';
import type { WordVectors } from './word-vectors.js';

export interface WordMapOptions {
  /** How vectors become points: their two principal components, or t-SNE, which keeps neighbors together (default `pca`). */
  readonly method?: 'pca' | 'tsne' | undefined;
  /** How many words nearest to each are shown with it (default 8). */
  readonly neighbors?: number | undefined;
  /** Seed of t-SNE (default 0). */
  readonly seed?: number | undefined;
}

/** Words as points. A type, so it can be part of a state. */
export type WordMap = {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** For each word, the requested word that it belongs to. */
  readonly classes: readonly string[];
  /** The words. */
  readonly labels: readonly string[];
};

const mapOptions = defineOptions({
  method: word(['pca', 'tsne'], 'pca'),
  neighbors: whole(8, { least: 0, most: 1000 }),
  seed: whole(0, { least: 0 }),
});

/** t-SNE looks at about three times as many neighbors; more points than that have the usual 30. */
const perplexityOf = (points: number): number => Math.min(30, Math.max(1, (points - 1) / 3));

/**
 * Words and those nearest to them as points in the plane, for `viz.scatter`: each word gives its neighbors their color.
 * Vectors have length 1.
 *
 * @throws ArgumentError for an unknown word, or fewer than three points
 * @source notes 5.2
 * @example
 * const vectors = await text.WordVectors.load('glove.6B.100d.txt');
 * const points = await text.wordMap(vectors, ['king', 'woman'], { neighbors: 2 });
 * await viz.scatter(points, { title: 'Neighborhoods' }).toSvg();
 */
export async function wordMap(
  vectors: WordVectors,
  words: readonly string[],
  options?: WordMapOptions,
): Promise<WordMap> {
  requireVectors('wordMap', vectors);
  requireList('wordMap', 'words', words);
  const { method, neighbors, seed } = mapOptions('wordMap', options);
  const classOf = new Map<string, string>();
  for (const asked of words) classOf.set(vectors.vocab.itos[vectors.index(asked)]!, asked);
  if (neighbors > 0)
    for (const asked of words)
      for (const { word: near } of await vectors.nearest(asked, { count: neighbors }))
        if (!classOf.has(near)) classOf.set(near, asked);
  const labels = [...classOf.keys()];
  if (labels.length < 3)
    throw new ArgumentError(
      'wordMap',
      `a map takes at least 3 words, got ${labels.length}; ask for more neighbors`,
    );
  const index = tensor(vectors.vocab.lookupIndices(labels));
  const rows = noGrad(() => vectors.unit.indexSelect(0, index)); // (labels, D)
  const plane =
    method === 'pca'
      ? (await pca(rows, 2)).transform(rows)
      : (await tsne(rows, { perplexity: perplexityOf(labels.length), seed })).embedding; // (labels, 2)
  const [x, y] = await Promise.all(
    [0, 1].map(async (axis) => Array.from(await tidy(() => plane.select(1, axis)).data(), Number)),
  );
  return { x: x!, y: y!, classes: [...classOf.values()], labels };
}
