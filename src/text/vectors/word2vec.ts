import { host } from '#host';
import { ArgumentError, NonFiniteError } from '../../core/errors.js';
import { callback, defineOptions, number, whole, word } from '../../core/options.js';
import { engineInfo, Generator, noGrad, rand, type Tensor, tensor, tidy, zeros } from '../../index.js';
import { requireCorpus, type WordCorpus } from './corpus.js';
import { aliasTable, keepShares } from './noise.js';
import { positionOf } from './word-state.js';
import { WordVectors } from './word-vectors.js';
import { trainerOf } from './word2vec-kernel.js';
import { requireSoftmax, softmaxRounds } from './word2vec-softmax.js';
import { chunkSize, roundsOf, type TrainRounds, type Word2VecTask } from './word2vec-task.js';

export interface Word2VecOptions {
  /** `skip-gram` predicts a word from each word around it, `cbow` from the mean of them (default `skip-gram`). */
  readonly model?: 'skip-gram' | 'cbow' | undefined;
  /**
   * `negative-sampling` tells a word from noise words; `softmax` takes its probability among all words, for vocabularies
   * of up to 2¹⁵ words: its time grows with their number (default `negative-sampling`).
   */
  readonly loss?: 'negative-sampling' | 'softmax' | undefined;
  /** Numbers in a vector (default 100). */
  readonly dim?: number | undefined;
  /** Most words to either side; each window's size is drawn from 1 to this (default 5). */
  readonly window?: number | undefined;
  /** Noise words for each word to predict, with negative sampling (default 5). */
  readonly negative?: number | undefined;
  /** The power of a word's frequency that noise is drawn by (default 0.75). */
  readonly noisePower?: number | undefined;
  /** Occurrences of words above this share of the text are thinned out; 0: none are (default 1e-3). */
  readonly sample?: number | undefined;
  /** Passes over the text (default 5). */
  readonly epochs?: number | undefined;
  /** Learning rate, which falls in a straight line to a ten-thousandth of it (default 0.025). */
  readonly lr?: number | undefined;
  /** Seed of the random numbers (default 0). */
  readonly seed?: number | undefined;
  /**
   * Parts of the text that train at once, each on a thread; the result depends on it (default: the engine's threads). With
   * `softmax` there's one, whose products of matrices run on all threads.
   */
  readonly shards?: number | undefined;
}

const word2vecOptions = defineOptions({
  model: word(['skip-gram', 'cbow'], 'skip-gram'),
  loss: word(['negative-sampling', 'softmax'], 'negative-sampling'),
  dim: whole(100, { least: 1, most: 4096 }),
  window: whole(5, { least: 1, most: 256 }),
  negative: whole(5, { least: 1, most: 128 }),
  noisePower: number(0.75, { least: 0, most: 4 }),
  sample: number(1e-3, { least: 0, most: 1 }),
  epochs: whole(5, { least: 1, most: 2 ** 20 }),
  lr: number(0.025, { above: 0 }),
  seed: whole(0, { least: 0 }),
  shards: whole(undefined, { least: 1, most: 64 }),
});

/** How far a training is. */
export interface WordProgress {
  /** The epoch under way, from 0. */
  readonly epoch: number;
  /** Share of the training that's done, from 0 to 1. */
  readonly share: number;
  /** Mean loss of a pair since the last report. */
  readonly loss: number;
  /** Words of the text a second since the last report. */
  readonly wordsPerSecond: number;
}

export interface TrainWordsOptions {
  /** Stops after this many epochs in all (default: all of them). */
  readonly until?: number | undefined;
  /** Called a few times a second. If it throws, training stops there; another `train` continues. */
  readonly onProgress?: ((progress: WordProgress) => void | Promise<void>) | undefined;
}

const trainOptions = defineOptions({
  until: whole(undefined, { least: 0 }),
  onProgress: callback<NonNullable<TrainWordsOptions['onProgress']>>(),
});

/** Words of the text that one call of the kernel trains on, in each shard. */
const WORDS_AT_ONCE = 2 ** 15;
const REPORT_EVERY = 200;

/**
 * Word vectors by word2vec. With negative sampling, a word's vector h and the vectors o of the words to predict compete
 * with noise words n drawn by f^0.75:
 *
 * loss = −log σ(h·o) − Σ_n log σ(−h·n)
 *
 * With the full softmax they compete with all words w of the vocabulary:
 *
 * loss = −log p(o | h), p(o | h) = exp(h·o) / Σ_w exp(h·w)
 *
 * Frequent words are thinned out, windows have random sizes, and the learning rate falls to zero, as in the paper. All
 * words around a word share its noise, so a window is a product of small matrices. On CPU engines it's a kernel.
 *
 * The same seed and number of shards give the same vectors, bit for bit, on any number of threads.
 *
 * @source notes 5.2; Mikolov et al. 2013, arXiv:1301.3781 and arXiv:1310.4546; Ji et al. 2016, arXiv:1604.04661
 * @example
 * const corpus = await text.WordCorpus.from(text.readTokens('book.txt'));
 * const model = new text.Word2Vec(corpus, { dim: 50 });
 * await model.train();
 * await model.vectors.nearest('cat');
 */
export class Word2Vec {
  readonly options: Readonly<Required<{ [K in keyof Word2VecOptions]: NonNullable<Word2VecOptions[K]> }>>;
  readonly corpus: WordCorpus;
  readonly #rows: Tensor;
  readonly #tally: Tensor;
  readonly #trainRounds: TrainRounds;
  readonly #rounds: number;
  #epoch = 0;
  #round = 0;

  /** @throws ArgumentError for an option that makes no sense, or a softmax over too many words */
  constructor(corpus: WordCorpus, options?: Word2VecOptions) {
    requireCorpus('Word2Vec', corpus);
    const read = word2vecOptions('Word2Vec', options);
    const isFull = read.loss === 'softmax';
    if (isFull) requireSoftmax(corpus.counts.length, read.shards);
    this.options = { ...read, shards: read.shards ?? (isFull ? 1 : Math.min(64, engineInfo().threads)) };
    this.corpus = corpus;
    const { dim, shards, seed, model, window, negative, noisePower, sample } = this.options;
    const words = corpus.counts.length;
    const stride = Math.ceil(dim / 16) * 16;
    this.#rows = zeros([2, words, stride]);
    const half = 0.5 / dim;
    const generator = new Generator(seed);
    tidy(() =>
      noGrad(() =>
        this.#vectors.select(0, 0).copy_(
          rand([words, dim], { generator })
            .mul(2 * half)
            .sub(half),
        ),
      ),
    );
    this.#tally = zeros([shards, 3], { dtype: 'float64' });
    const task: Word2VecTask = {
      ...{ model, words, stride, window, negative, shards, seed, tokens: corpus.tokens },
      chunk: chunkSize(shards),
      keep: keepShares(corpus.counts, sample),
      noise: aliasTable(Float64Array.from(corpus.counts, (count) => count ** noisePower)),
    };
    this.#rounds = roundsOf(task);
    this.#trainRounds = isFull ? softmaxRounds(task) : trainerOf(task, this.#rows.engine);
  }

  /** Epochs that are done. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Share of the training that's done, from 0 to 1. */
  get share(): number {
    return (this.#epoch + this.#round / this.#rounds) / this.options.epochs;
  }

  /** The learning rates of the next rounds. */
  #rates(count: number): Float32Array {
    const { lr, epochs } = this.options;
    return Float32Array.from({ length: count }, (_, i) => {
      const done = (this.#epoch + (this.#round + i) / this.#rounds) / epochs;
      return lr * Math.max(1e-4, 1 - done);
    });
  }

  #trainSome(): void {
    const count = Math.min(
      Math.ceil(WORDS_AT_ONCE / chunkSize(this.options.shards)),
      this.#rounds - this.#round,
    );
    const rounds = { epoch: this.#epoch, round: this.#round, rates: this.#rates(count) };
    tidy(() => noGrad(() => this.#trainRounds(this.#rows, this.#tally, rounds)));
    this.#round += count;
    if (this.#round < this.#rounds) return;
    this.#round = 0;
    this.#epoch++;
  }

  /**
   * Trains to the end, or to the end of an epoch, from where it is.
   *
   * @throws NonFiniteError if the training diverges
   */
  async train(options?: TrainWordsOptions): Promise<void> {
    const { until = this.options.epochs, onProgress } = trainOptions('Word2Vec.train', options);
    const last = Math.min(until, this.options.epochs);
    const clock = () => performance.now();
    let [since, before] = [clock(), this.share];
    this.#tally.zero_();
    while (this.#epoch < last) {
      this.#trainSome();
      const done = this.#epoch === last;
      if (clock() - since < REPORT_EVERY && !done) continue;
      await host.turn();
      const [loss, pairs] = (await this.#tally.sum(0).data()) as Float64Array;
      this.#tally.zero_();
      const { epochs, lr } = this.options;
      // The kernels' loss stays finite, whatever the vectors are.
      if (!Number.isFinite(loss) || (done && !Number.isFinite(await this.#rows.sum().item())))
        throw new NonFiniteError(
          'Word2Vec.train',
          `the training has diverged: vectors aren't finite; take a smaller lr than ${lr}`,
        );
      const words = (this.share - before) * epochs * this.corpus.length;
      const seconds = (clock() - since) / 1000;
      [since, before] = [clock(), this.share];
      const epoch = Math.min(this.#epoch, epochs - 1);
      await onProgress?.({ epoch, share: this.share, loss: loss! / pairs!, wordsPerSecond: words / seconds });
    }
  }

  /** The rows without what fills them up. @shape (2, words, dim) */
  get #vectors(): Tensor {
    return this.#rows.narrow(2, 0, this.options.dim);
  }

  /** The current vectors. */
  get vectors(): WordVectors {
    return new WordVectors(this.corpus.vocab, this.#vectors.select(0, 0).clone());
  }

  /** What `loadStateDict` needs to continue: the rows, and how far the training is. */
  stateDict(): Record<string, Tensor> {
    return {
      rows: this.#vectors.clone(),
      position: tensor([this.#epoch, this.#round], { dtype: 'int32' }),
    };
  }

  /**
   * Continues where `stateDict` was taken, bit for bit: with the same corpus and options.
   *
   * @throws ArgumentError if it's the state of another training
   */
  async loadStateDict(state: Readonly<Record<string, Tensor>>): Promise<void> {
    const [epoch, round] = await positionOf('Word2Vec.loadStateDict', state, { rows: this.#vectors });
    if (epoch! > this.options.epochs || round! >= this.#rounds)
      throw new ArgumentError(
        'Word2Vec.loadStateDict',
        `the state is at epoch ${epoch}, round ${round}, but this training has ${this.options.epochs} epochs of ${this.#rounds} rounds; use the same corpus, epochs, and shards`,
      );
    this.#vectors.copy_(state.rows!);
    [this.#epoch, this.#round] = [epoch!, round!];
  }
}
