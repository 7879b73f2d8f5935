import { requireObject, requireText } from '../../core/arguments.js';
import { describe, plural } from '../../core/describe.js';
import { ArgumentError, DTypeError, IndexError, NonFiniteError, ShapeError } from '../../core/errors.js';
import {
  checkOption,
  defineOptions,
  flag,
  listOf,
  nullable,
  word as oneWord,
  text,
  whole,
} from '../../core/options.js';
import { noGrad, Tensor, tensor, tidy } from '../../index.js';
import { Embedding, type PretrainedOptions } from '../../nn/index.js';
import { outliving } from '../../tensor/memory.js';
import type { TextSource } from '../reading/source.js';
import { Vocab } from '../vocab.js';
import { type LoadVectorsOptions, readVectors } from './read-vectors.js';
import { type RowsForOptions, rowsFor } from './rows-for.js';
import { unknownWord } from './unknown-word.js';
import { type SaveVectorsOptions, writeVectors } from './write-vectors.js';

/** A word and how near it is. */
export interface Nearby {
  readonly word: string;
  /** The cosine of the angle, or the distance; for `method: 'multiply'` the quotient of 3CosMul. */
  readonly score: number;
}

export interface NearestOptions {
  /** How many (default 10). */
  readonly count?: number | undefined;
  /** What nearness is: the cosine of the angle, or the Euclidean distance (default `cosine`). */
  readonly measure?: 'cosine' | 'euclidean' | undefined;
}

export interface AnalogyOptions {
  /** Words to add: `['king', 'woman']`. */
  readonly positive?: readonly string[] | undefined;
  /** Words to take away: `['man']`. */
  readonly negative?: readonly string[] | undefined;
  /** How many answers (default 10). */
  readonly count?: number | undefined;
  /** `add`: 3CosAdd; `multiply`: 3CosMul, where no large term outweighs the others (default `add`). */
  readonly method?: 'add' | 'multiply' | undefined;
  /** Whether the words asked about can't be answers (default true). */
  readonly exclude?: boolean | undefined;
}

const nearestOptions = defineOptions({
  count: whole(10, { least: 1 }),
  measure: oneWord(['cosine', 'euclidean'], 'cosine'),
});

const analogyOptions = defineOptions({
  positive: listOf(text(''), []),
  negative: listOf(text(''), []),
  count: whole(10, { least: 1 }),
  method: oneWord(['add', 'multiply'], 'add'),
  exclude: flag(true),
});

const paddingOption = nullable(whole(0), null);

/** Keeps 3CosMul from dividing by zero. */
const EPSILON = 1e-3;

/** Rows of length 1; rows of zeros stay. */
const unitRows = (x: Tensor): Tensor => x.div(x.norm(2, 1, { keepdim: true }).clamp(1e-12));

/**
 * Words and their vectors, however they were made: asks for neighbors and analogies, reads and writes files, and makes an
 * embedding layer.
 *
 * @source notes 5.2 and 5.3
 * @example
 * const vectors = await text.WordVectors.load('glove.6B.100d.txt');
 * await vectors.nearest('cat', { count: 3 });
 * await vectors.analogy({ positive: ['king', 'woman'], negative: ['man'], count: 1 }); // queen
 */
export class WordVectors {
  #unit: Tensor | undefined;

  /**
   * @param vectors one row for each word
   * @shape vectors (words, D), float32
   * @throws ShapeError unless there are as many rows as words, with a number at least
   */
  constructor(
    readonly vocab: Vocab,
    readonly vectors: Tensor,
  ) {
    if (!(vocab instanceof Vocab))
      throw new ArgumentError('WordVectors', `vocab must be a Vocab, got ${describe(vocab)}`);
    if (!(vectors instanceof Tensor) || vectors.dtype !== 'float32')
      throw new ArgumentError('WordVectors', `vectors must be a float32 tensor, got ${describe(vectors)}`);
    if (vectors.shape.length !== 2 || vectors.shape[0] !== vocab.length || vectors.shape[1] === 0)
      throw new ShapeError('WordVectors', 'there must be a row for each word, with at least one number', [
        {
          name: 'vectors',
          shape: vectors.shape,
          axes: '(words, D)',
          note: `expects ${plural(vocab.length, 'row')}`,
        },
      ]);
  }

  /**
   * Reads GloVe's text, or word2vec's text or binary format, gzipped or not; which one is seen from the content.
   *
   * @param source a path, or the bytes of a file
   * @throws FileError if the file can't be read
   * @throws TextFileError naming the line: rows of unequal width, repeated words, a header that doesn't fit
   */
  static async load(source: TextSource, options?: LoadVectorsOptions): Promise<WordVectors> {
    const { words, vectors } = await readVectors('WordVectors.load', source, options);
    return new WordVectors(new Vocab(words), vectors);
  }

  /**
   * Writes a file whole or not at all.
   *
   * @throws ArgumentError for a word with blanks, which these formats can't hold
   */
  async save(path: string, options?: SaveVectorsOptions): Promise<void> {
    await writeVectors('WordVectors.save', path, this, options);
  }

  /** Numbers in a vector. */
  get dim(): number {
    return this.vectors.shape[1]!;
  }

  /** Number of words. */
  get length(): number {
    return this.vocab.length;
  }

  has(word: string): boolean {
    return this.vocab.has(word);
  }

  /** The vectors with length 1. @shape (words, D) */
  get unit(): Tensor {
    this.#unit ??= outliving(() => tidy(() => noGrad(() => unitRows(this.vectors))));
    return this.#unit;
  }

  /** @throws ArgumentError for an unknown word */
  index(word: string): number {
    requireText('WordVectors', 'a word', word);
    const index = this.vocab.stoi.get(word);
    if (index === undefined) throw new ArgumentError('WordVectors', unknownWord(word, this.vocab));
    return index;
  }

  /** The vector of a word. @shape (D) @throws ArgumentError for an unknown word */
  get(word: string): Tensor {
    return this.vectors.select(0, this.index(word));
  }

  /** The cosine of the angle between two words' vectors: x·y / (‖x‖·‖y‖), over all D numbers. @source notes 5.3 */
  async similarity(a: string, b: string): Promise<number> {
    const [x, y] = [this.unit.select(0, this.index(a)), this.unit.select(0, this.index(b))];
    return x.dot(y).item();
  }

  /** The Euclidean distance between two words' vectors: √Σ (x_i − y_i)², over all D numbers. @source notes 5.3 */
  async distance(a: string, b: string): Promise<number> {
    return this.get(a).sub(this.get(b)).norm().item();
  }

  /**
   * The words nearest to a word, without itself, or to a vector (D), float32.
   *
   * @throws ArgumentError for an unknown word
   * @throws NonFiniteError for a vector with NaN or infinity
   */
  async nearest(of: string | Tensor, options?: NearestOptions): Promise<Nearby[]> {
    const { count, measure } = nearestOptions('WordVectors.nearest', options);
    const own = of instanceof Tensor ? [] : [this.index(of)];
    if (of instanceof Tensor) await this.#requireVector('WordVectors.nearest', of);
    const x = (of instanceof Tensor ? of : this.get(of)).unsqueeze(0);
    const scores =
      measure === 'cosine'
        ? this.unit.matmul(unitRows(x).t()).squeeze(1)
        : this.vectors.sub(x).square().sum(1).sqrt().neg();
    const best = await this.#best(scores, count, own);
    return measure === 'cosine' ? best : best.map(({ word, score }) => ({ word, score: -score }));
  }

  /** @throws DTypeError, ShapeError, NonFiniteError unless it's like the words' vectors */
  async #requireVector(operation: string, of: Tensor): Promise<void> {
    if (of.dtype !== 'float32')
      throw new DTypeError(
        operation,
        `of must be float32, as the words' vectors are, got ${of.dtype}\n  hint: convert it with to('float32')`,
      );
    if (of.shape.length !== 1 || of.shape[0] !== this.dim)
      throw new ShapeError(operation, 'the vector must be as long as those of the words', [
        { name: 'of', shape: of.shape, axes: '(D)', note: `expects ${this.dim}` },
      ]);
    const values = (await of.data()) as Float32Array;
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new NonFiniteError(operation, `of[${wrong}] is ${values[wrong]}`);
  }

  /**
   * Completes an analogy: words like those in `positive` and unlike those in `negative`, as in `king − man + woman`. With unit vectors, 3CosAdd takes the word nearest in
   * angle to the mean of all, those of `negative` with a minus; 3CosMul the largest Π s(x, positive) / Π (s(x, negative) + ε)
   * with s = (1 + cos) / 2.
   *
   * @source notes 5.3; Levy and Goldberg 2014, doi:10.3115/v1/W14-1618
   * @throws ArgumentError for an unknown word, or if no words are given
   */
  async analogy(options: AnalogyOptions): Promise<Nearby[]> {
    const { positive, negative, count, method, exclude } = analogyOptions('WordVectors.analogy', options);
    if (positive.length + negative.length === 0)
      throw new ArgumentError('WordVectors.analogy', 'give words in positive, negative, or both');
    const plus = positive.map((word) => this.index(word));
    const minus = negative.map((word) => this.index(word));
    const asked = [...plus, ...minus];
    const rows = this.unit.indexSelect(0, tensor(asked, { dtype: 'int32' })); // (W, D)
    const signs = tensor(
      asked.map((_, i) => (i < plus.length ? 1 : -1)),
      { dtype: 'float32' },
    ).unsqueeze(0);
    let scores: Tensor;
    if (method === 'add') scores = this.unit.matmul(unitRows(signs.matmul(rows)).t()).squeeze(1);
    else {
      const near = this.unit.matmul(rows.t()).add(1).div(2); // (words, W)
      const product = (from: number, size: number): Tensor => near.narrow(1, from, size).prod(1);
      scores = product(0, plus.length).div(product(plus.length, minus.length).add(EPSILON));
    }
    return this.#best(scores, count, exclude ? asked : []);
  }

  async #best(scores: Tensor, count: number, without: readonly number[]): Promise<Nearby[]> {
    const most = Math.min(this.length, count + without.length);
    const { values, indices } = scores.topk(most, 0);
    const [found, at] = [await values.data(), await indices.data()];
    return Array.from(at, (index, i) => ({ index: Number(index), score: Number(found[i]) }))
      .filter(({ index }) => !without.includes(index))
      .slice(0, count)
      .map(({ index, score }) => ({ word: this.vocab.itos[index]!, score }));
  }

  /**
   * An embedding layer with a row for each token of a vocabulary (default: of these words).
   *
   * @param options.freeze whether the rows stay fixed (default true)
   * @param options.paddingIdx token whose row is zeros and isn't learned (default: none)
   * @throws IndexError if paddingIdx is outside the vocabulary
   */
  async embedding(
    vocab: Vocab = this.vocab,
    options: RowsForOptions & PretrainedOptions = {},
  ): Promise<Embedding> {
    const operation = 'WordVectors.embedding';
    requireObject(operation, 'the options', options);
    const { unknown, lowercase, generator, ...table } = options;
    const { paddingIdx = null } = table;
    checkOption(operation, 'paddingIdx', paddingOption, paddingIdx);
    const { rows } = await rowsFor(operation, this, vocab, { unknown, lowercase, generator });
    if (paddingIdx !== null) {
      if (paddingIdx < -vocab.length || paddingIdx >= vocab.length)
        throw new IndexError(
          operation,
          `paddingIdx ${paddingIdx} is outside the vocabulary of ${plural(vocab.length, 'token')}`,
        );
      rows.select(0, paddingIdx).zero_();
    }
    return Embedding.fromPretrained(rows, table);
  }

  /** A row for each token of a vocabulary, and which tokens have no vector. @shape rows (tokens, D) */
  async rowsFor(vocab: Vocab, options?: RowsForOptions): Promise<{ rows: Tensor; missing: string[] }> {
    return rowsFor('WordVectors.rowsFor', this, vocab, options);
  }

  toString(): string {
    return `WordVectors(${this.length.toLocaleString('en-US')} ${this.length === 1 ? 'word' : 'words'}, ${plural(this.dim, 'number')} each)`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
