import * as F from '../../functional.js';
import { cat, noGrad, type Tensor, tidy } from '../../index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import type { Tagger } from '../../text/index.js';
import type { TaggedSentence } from '../kit/text/index.js';
import { NO_TAG, numbered, type TagVocabs, taggedBatch } from './tagged-batches.js';

/** Sentences read at once. */
const BATCH = 64;
/** Steps of the linear probe. */
const STEPS = 200;

/** What each layer says about words and sentences: first what goes in, then each layer's states. */
export interface LayerStates {
  /** @shape (words, features) of each layer */
  readonly words: readonly Tensor[];
  /** The mean over the words. @shape (sentences, features) of each layer */
  readonly sentences: readonly Tensor[];
  /** @shape (words) */
  readonly tags: Tensor;
}

/** The states of every layer of a tagger. */
export async function layerStates(
  model: Tagger,
  sentences: readonly TaggedSentence[],
  vocabs: TagVocabs,
): Promise<LayerStates> {
  const count = 1 + model.rnn.numLayers;
  const words = Array.from({ length: count }, (): Tensor[] => []);
  const means = Array.from({ length: count }, (): Tensor[] => []);
  const tags: Tensor[] = [];
  for (let at = 0; at < sentences.length; at += BATCH) {
    const batch = taggedBatch(sentences.slice(at, at + BATCH), vocabs);
    const real = batch.tags.ne(NO_TAG); // (N, L)
    const layers = noGrad(() => model.layers(batch.ids, batch.lengths, batch.spelling)); // (N, L, features) each
    const counts = real.sum(1, { keepdim: true }).to('float32'); // (N, 1)
    for (const [k, layer] of layers.entries()) {
      words[k]!.push(await layer.atAsync(real));
      means[k]!.push(layer.mul(real.unsqueeze(2).to('float32')).sum(1).div(counts));
    }
    tags.push(await batch.tags.atAsync(real));
  }
  return {
    words: words.map((parts) => cat(parts)),
    sentences: means.map((parts) => cat(parts)),
    tags: cat(tags),
  };
}

/** How well a linear layer on some states tells the classes: it learns from one half, and is tested on the other. */
export async function probe(states: Tensor, classes: Tensor, count: number): Promise<number> {
  const [n, features] = states.shape as [number, number];
  const half = Math.floor(n / 2);
  const spread = states.std(0).add(1e-5);
  const scaled = states.sub(states.mean(0)).div(spread);
  const [x, y] = [scaled.narrow(0, 0, half), classes.narrow(0, 0, half)];
  const linear = new nn.Linear(features, count);
  const optimizer = new optim.Adam(linear.parameters(), { lr: 0.01, weightDecay: 1e-3 });
  for (let step = 0; step < STEPS; step++)
    tidy(() => {
      optimizer.zeroGrad();
      F.crossEntropy(linear.forward(x), y).backward();
      optimizer.step();
    });
  const guesses = noGrad(() => linear.forward(scaled.narrow(0, half, n - half)).argmax(1));
  return guesses
    .eq(classes.narrow(0, half, n - half))
    .to('float32')
    .mean()
    .item();
}

/** Genres as classes, if every sentence has one. */
export function genresOf(sentences: readonly TaggedSentence[]): { classes: Tensor; count: number } | null {
  const names = sentences.flatMap(({ genre }) => genre ?? []);
  const count = new Set(names).size;
  return names.length === sentences.length && count > 1 ? { classes: numbered(names), count } : null;
}
