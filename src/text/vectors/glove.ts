import { host } from '#host';
import { requireMade } from '../../core/arguments.js';
import { ArgumentError, NonFiniteError } from '../../core/errors.js';
import { callback, defineOptions, flag, number, whole } from '../../core/options.js';
import { Generator, noGrad, ones, rand, type Tensor, tensor, tidy, zeros } from '../../index.js';
import { type Cooccurrence, countMeetings } from './cooccurrence.js';
import { requireCorpus, type WordCorpus } from './corpus.js';
import { type GloVeState, type GloVeTrainer, gloveTrainer } from './glove-kernel.js';
import type { LoadVectorsOptions } from './read-vectors.js';
import { positionOf } from './word-state.js';
import { WordVectors } from './word-vectors.js';

export interface GloVeOptions {
  /** Numbers in a vector (default 100). */
  readonly dim?: number | undefined;
  /** Words to either side that count as near (default 10). */
  readonly window?: number | undefined;
  /** Whether two words that are d apart count as 1/d of a meeting (default true). */
  readonly weighted?: boolean | undefined;
  /** Passes over the counts (default 50). */
  readonly epochs?: number | undefined;
  /** Learning rate of AdaGrad (default 0.05). */
  readonly lr?: number | undefined;
  /** All counts from this one up weigh the same (default 100; for small texts, 10). */
  readonly xMax?: number | undefined;
  /** α in the weight (x / xMax)^α of smaller counts (default 0.75). */
  readonly power?: number | undefined;
  /** Seed of the random numbers (default 0). */
  readonly seed?: number | undefined;
}

const gloveOptions = defineOptions({
  dim: whole(100, { least: 1, most: 4096 }),
  window: whole(10, { least: 1, most: 256 }),
  weighted: flag(true),
  epochs: whole(50, { least: 1, most: 2 ** 20 }),
  lr: number(0.05, { above: 0 }),
  xMax: number(100, { above: 0 }),
  power: number(0.75, { least: 0, most: 4 }),
  seed: whole(0, { least: 0 }),
});

type GloVeSettings = Readonly<Required<{ [K in keyof GloVeOptions]: NonNullable<GloVeOptions[K]> }>>;

/** How far a training of GloVe is. */
export interface GloVeProgress {
  /** Epochs that are done. */
  readonly epoch: number;
  /** Share of the training that's done, from 0 to 1. */
  readonly share: number;
  /** Mean cost of an element in the last epoch. */
  readonly loss: number;
}

export interface TrainGloVeOptions {
  /** Stops after this many epochs in all (default: all of them). */
  readonly until?: number | undefined;
  /** Called after each epoch. If it throws, training stops there; another `train` continues. */
  readonly onProgress?: ((progress: GloVeProgress) => void | Promise<void>) | undefined;
}

const trainOptions = defineOptions({
  until: whole(undefined, { least: 0 }),
  onProgress: callback<NonNullable<TrainGloVeOptions['onProgress']>>(),
});

/**
 * Word vectors by GloVe: the product of two words' vectors is to predict how often they meet in the whole text,
 *
 * cost = Σ_ij f(x_ij)·(v_i·u_j + b_i + c_j − log x_ij)²,  f(x) = min(1, (x / xMax)^α)
 *
 * with x_ij the number of times word j is near word i, minimized by AdaGrad. A word's vector is v + u. On CPU engines
 * it's a kernel; the result doesn't depend on the number of threads.
 *
 * @source notes 5.2; Pennington et al. 2014, doi:10.3115/v1/D14-1162
 * @example
 * const corpus = await text.WordCorpus.from(text.readTokens('book.txt'));
 * const model = await text.GloVe.from(corpus, { dim: 50, xMax: 10 });
 * await model.train();
 * await model.vectors.similarity('cat', 'dog');
 */
export class GloVe {
  readonly options: GloVeSettings;
  readonly #state: GloVeState;
  readonly #cost = zeros([1], { dtype: 'float64' });
  #epoch = 0;

  private constructor(
    readonly corpus: WordCorpus,
    settings: GloVeSettings,
    /** The counts. */
    readonly cooccurrence: Cooccurrence,
    readonly trainer: GloVeTrainer,
  ) {
    requireMade('GloVe', cooccurrence, 'await text.GloVe.from(corpus)');
    this.options = settings;
    const { dim, seed } = settings;
    const words = corpus.counts.length;
    const stride = Math.ceil(dim / 16) * 16;
    const rows = zeros([2, words, stride]);
    const biases = zeros([2, words]);
    const generator = new Generator(seed);
    const start = (shape: number[]): Tensor => rand(shape, { generator }).sub(0.5).div(dim);
    tidy(() =>
      noGrad(() => {
        rows.narrow(2, 0, dim).copy_(start([2, words, dim]));
        biases.copy_(start([2, words]));
      }),
    );
    this.#state = {
      rows,
      biases,
      rowSquares: ones([2, words, stride]),
      biasSquares: ones([2, words]),
    };
  }

  /**
   * Counts how often words meet, and starts.
   *
   * @throws ArgumentError for an option that makes no sense, or more than 2³¹ pairs of words
   */
  static async from(corpus: WordCorpus, options?: GloVeOptions): Promise<GloVe> {
    requireCorpus('GloVe.from', corpus);
    const read = gloveOptions('GloVe.from', options);
    const matrix = await countMeetings(corpus, read.window, read.weighted);
    if (matrix === null)
      throw new ArgumentError(
        'GloVe.from',
        'more than 2³¹ pairs of words meet\n  hint: use a smaller window, or a corpus with a larger minCount or fewer maxWords',
      );
    if (matrix.columns.count === 0)
      throw new ArgumentError('GloVe.from', 'no two words meet\n  hint: give longer sentences');
    return new GloVe(corpus, read, matrix, gloveTrainer(matrix, read));
  }

  /** Reads vectors from a file, as torchtext's GloVe does; the same as `WordVectors.load`. */
  static load(path: string, options?: LoadVectorsOptions): Promise<WordVectors> {
    return WordVectors.load(path, options);
  }

  /** Epochs that are done. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Trains to the end, or to the end of an epoch, from where it is. @throws NonFiniteError if it diverges */
  async train(options?: TrainGloVeOptions): Promise<void> {
    const { epochs } = this.options;
    const { until = epochs, onProgress } = trainOptions('GloVe.train', options);
    while (this.#epoch < Math.min(until, epochs)) {
      this.#cost.zero_();
      for (let step = 0; step < this.trainer.steps; step++) {
        tidy(() => noGrad(() => this.trainer.train(this.#state, step, this.#cost)));
        await host.turn();
      }
      this.#epoch++;
      const loss = (await this.#cost.item()) / this.cooccurrence.columns.count;
      if (!Number.isFinite(loss))
        throw new NonFiniteError(
          'GloVe.train',
          `the cost of epoch ${this.#epoch} is ${loss}: the training has diverged; take a smaller lr than ${this.options.lr}`,
        );
      await onProgress?.({ epoch: this.#epoch, share: this.#epoch / epochs, loss });
    }
  }

  /** The state without what fills up its rows. */
  get #filled(): GloVeState {
    const { rows, rowSquares, ...rest } = this.#state;
    const { dim } = this.options;
    return { ...rest, rows: rows.narrow(2, 0, dim), rowSquares: rowSquares.narrow(2, 0, dim) };
  }

  /** The current vectors, v + u. */
  get vectors(): WordVectors {
    return new WordVectors(this.corpus.vocab, this.#filled.rows.sum(0));
  }

  /** What `loadStateDict` needs to continue. */
  stateDict(): Record<string, Tensor> {
    const copies = Object.entries(this.#filled).map(([name, value]) => [name, value.clone()] as const);
    return { ...Object.fromEntries(copies), position: tensor([this.#epoch, 0], { dtype: 'int32' }) };
  }

  /**
   * Continues where `stateDict` was taken, bit for bit: with the same corpus and options.
   *
   * @throws ArgumentError if it's the state of another training
   */
  async loadStateDict(state: Readonly<Record<string, Tensor>>): Promise<void> {
    const [epoch] = await positionOf('GloVe.loadStateDict', state, { ...this.#filled });
    if (epoch! > this.options.epochs)
      throw new ArgumentError(
        'GloVe.loadStateDict',
        `the state is at epoch ${epoch}, but this training has ${this.options.epochs} epochs`,
      );
    for (const [name, value] of Object.entries(this.#filled)) value.copy_(state[name]!);
    this.#epoch = epoch!;
  }
}
