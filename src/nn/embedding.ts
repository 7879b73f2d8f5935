import { noGrad } from '../autograd/mode.js';
import { type DType, isFloat } from '../core/dtype.js';
import { DTypeError, IndexError, ShapeError } from '../core/errors.js';
import { defineOptions, dtype, flag, nullable, number, type Resolved, whole, word } from '../core/options.js';
import * as F from '../functional.js';
import { checkTensors } from '../tensor/argument.js';
import { tensorOption } from '../tensor/option.js';
import { type Tensor, view } from '../tensor/tensor.js';
import { normal_ } from './init/index.js';
import { Module } from './module/module.js';
import { newParameter, Parameter } from './module/parameter.js';
import { count, show } from './sizes.js';

export interface EmbeddingOptions extends F.EmbeddingOptions {
  /** Default float32. */
  readonly dtype?: DType;
}

const tableSpec = {
  paddingIdx: nullable(whole(0), null),
  maxNorm: nullable(number(0, { least: 0 }), null),
  normType: number(2, { infinite: true }),
  scaleGradByFreq: flag(false),
  dtype: dtype('float32'),
};

const embeddingOptions = defineOptions(tableSpec);
const { dtype: _, ...lookupSpec } = tableSpec;
const pretrainedOptions = defineOptions({ ...lookupSpec, freeze: flag(true) });

export interface PretrainedOptions extends F.EmbeddingOptions {
  /** Whether the vectors stay fixed in training (default true). */
  readonly freeze?: boolean;
}

/** Shared base of single and bag lookups: the table and its options. */
abstract class Table extends Module {
  readonly paddingIdx: number | undefined;
  /** @shape (numEmbeddings, embeddingDim) */
  weight: Parameter;
  /** Options of the lookup. */
  protected readonly options: F.EmbeddingOptions;

  constructor(
    readonly numEmbeddings: number,
    readonly embeddingDim: number,
    options: Resolved<typeof tableSpec>,
    weight: Parameter | null = null,
  ) {
    super();
    const name = new.target.name;
    count(name, 'numEmbeddings', numEmbeddings);
    count(name, 'embeddingDim', embeddingDim);
    const { paddingIdx, maxNorm, normType, scaleGradByFreq, dtype } = options;
    if (paddingIdx !== null && !(paddingIdx >= -numEmbeddings && paddingIdx < numEmbeddings))
      throw new IndexError(name, `paddingIdx ${paddingIdx} is outside the ${numEmbeddings} embeddings`);
    if (paddingIdx !== null) this.paddingIdx = paddingIdx < 0 ? numEmbeddings + paddingIdx : paddingIdx;
    this.options = {
      ...(maxNorm === null ? {} : { maxNorm, normType }),
      ...(scaleGradByFreq ? { scaleGradByFreq } : {}),
      ...(paddingIdx === null ? {} : { paddingIdx }),
    };
    this.weight = weight ?? newParameter(name, [numEmbeddings, embeddingDim], dtype);
    if (weight === null) this.resetParameters();
  }

  resetParameters(): void {
    normal_(this.weight);
    const { paddingIdx, embeddingDim, weight } = this;
    if (paddingIdx !== undefined)
      noGrad(() => view(weight, [embeddingDim], [1], weight.offset + paddingIdx * embeddingDim).fill_(0));
  }

  /** A lookup doesn't multiply anything. */
  override multiplyAdds(): number {
    return 0;
  }

  protected override describe(): string {
    const { numEmbeddings, embeddingDim, options } = this;
    const shown = show({ ...options });
    return `${numEmbeddings}, ${embeddingDim}${shown === '' ? '' : `, ${shown}`}`;
  }
}

/**
 * A learned vector for each index, drawn from N(0, 1).
 *
 * @shape indices (…), int32 → (…, embeddingDim)
 * @throws IndexError for an index outside 0 to numEmbeddings − 1
 * @source notes 5.2
 */
export class Embedding extends Table {
  /**
   * @param options.paddingIdx index whose vector starts as zeros and isn't learned (default: none)
   * @param weight the vectors to start with, instead of drawn ones: see `fromPretrained`
   */
  constructor(
    numEmbeddings: number,
    embeddingDim: number,
    options?: EmbeddingOptions,
    weight: Parameter | null = null,
  ) {
    super(numEmbeddings, embeddingDim, embeddingOptions(new.target.name, options), weight);
  }

  /**
   * An embedding with existing vectors, whose memory it shares; the vector of `paddingIdx` keeps its values, too.
   *
   * @param options.freeze whether they stay fixed in training (default true)
   * @shape vectors (numEmbeddings, embeddingDim)
   * @throws ShapeError unless the vectors are a matrix, DTypeError unless they're floating
   * @source notes 5.2, 5.5
   * @example
   * const embedding = nn.Embedding.fromPretrained(tensor([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]));
   * embedding.forward(tensor([2, 0], { dtype: 'int32' })).shape; // [2, 2]
   */
  static fromPretrained(vectors: Tensor, options?: PretrainedOptions): Embedding {
    const operation = 'Embedding.fromPretrained';
    checkTensors(operation, { vectors });
    const { freeze, ...table } = pretrainedOptions(operation, options);
    if (vectors.ndim !== 2)
      throw new ShapeError(operation, 'the vectors must be the rows of a matrix', [
        { name: 'vectors', axes: '(numEmbeddings, embeddingDim)', shape: vectors.shape },
      ]);
    if (!isFloat(vectors.dtype))
      throw new DTypeError(operation, `the vectors must be float32 or float64, got ${vectors.dtype}`);
    const [n, dim] = vectors.shape as [number, number];
    return new Embedding(n, dim, table, new Parameter(vectors, !freeze));
  }

  override forward(indices: Tensor): Tensor {
    return F.embedding(indices, this.weight, this.options);
  }
}

export interface EmbeddingBagOptions
  extends EmbeddingOptions,
    Pick<F.EmbeddingBagOptions, 'mode' | 'includeLastOffset'> {}

/** Options of a call that describe its bags. */
export type Bags = Pick<F.EmbeddingBagOptions, 'offsets' | 'perSampleWeights'>;

const embeddingBagOptions = defineOptions({
  ...tableSpec,
  mode: word(['sum', 'mean', 'max'], 'mean'),
  includeLastOffset: flag(false),
});

const bagsOptions = defineOptions({
  offsets: nullable(tensorOption, null),
  perSampleWeights: nullable(tensorOption, null),
});

/**
 * The sum, mean, or maximum of each bag of vectors, computed without gathering them in memory.
 *
 * @shape indices (B, N), or (N) with offsets (B), int32 → (B, embeddingDim)
 * @throws IndexError for an index outside 0 to numEmbeddings − 1
 */
export class EmbeddingBag extends Table {
  readonly mode: NonNullable<F.EmbeddingBagOptions['mode']>;
  readonly includeLastOffset: boolean;

  constructor(numEmbeddings: number, embeddingDim: number, options?: EmbeddingBagOptions) {
    const read = embeddingBagOptions(new.target.name, options);
    super(numEmbeddings, embeddingDim, read);
    this.mode = read.mode;
    this.includeLastOffset = read.includeLastOffset;
  }

  override forward(indices: Tensor, bags?: Bags): Tensor {
    const { offsets, perSampleWeights } = bagsOptions(this.constructor.name, bags);
    const { mode, includeLastOffset, options } = this;
    return F.embeddingBag(indices, this.weight, {
      ...options,
      mode,
      includeLastOffset,
      offsets,
      perSampleWeights,
    });
  }

  protected override describe(): string {
    return `${super.describe()}, ${show({ mode: this.mode })}`;
  }
}
