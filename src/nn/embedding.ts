import { noGrad } from '../autograd/mode.js';
import type { DType } from '../core/dtype.js';
import { IndexError } from '../core/errors.js';
import * as F from '../functional.js';
import { type Tensor, view } from '../tensor/tensor.js';
import { normal_ } from './init.js';
import { Module } from './module.js';
import { newParameter, Parameter } from './parameter.js';
import { count, show } from './sizes.js';

export interface EmbeddingOptions extends F.EmbeddingOptions {
  /** Default float32. */
  readonly dtype?: DType;
}

/** What looking up one vector and whole bags of them have in common: the table and its options. */
abstract class Table extends Module {
  readonly paddingIdx: number | undefined;
  /** @shape (numEmbeddings, embeddingDim) */
  weight: Parameter;
  /** Options of the look-up. */
  protected readonly options: F.EmbeddingOptions;

  constructor(
    readonly numEmbeddings: number,
    readonly embeddingDim: number,
    { paddingIdx, dtype = 'float32', ...options }: EmbeddingOptions,
  ) {
    super();
    const name = new.target.name;
    count(name, 'numEmbeddings', numEmbeddings);
    count(name, 'embeddingDim', embeddingDim);
    const padding = paddingIdx ?? undefined;
    if (padding !== undefined && !(padding >= -numEmbeddings && padding < numEmbeddings))
      throw new IndexError(name, `paddingIdx ${padding} is outside the ${numEmbeddings} embeddings`);
    this.paddingIdx = padding !== undefined && padding < 0 ? numEmbeddings + padding : padding;
    this.options = { ...options, ...(padding === undefined ? {} : { paddingIdx: padding }) };
    this.weight = newParameter([numEmbeddings, embeddingDim], dtype);
    this.resetParameters();
  }

  resetParameters(): void {
    normal_(this.weight);
    const { paddingIdx, embeddingDim, weight } = this;
    if (paddingIdx !== undefined)
      noGrad(() => view(weight, [embeddingDim], [1], weight.offset + paddingIdx * embeddingDim).fill_(0));
  }

  /** A look-up multiplies nothing. */
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
  /** @param options.paddingIdx index whose vector starts as zeros and is not learned (default: none) */
  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingOptions = {}) {
    super(numEmbeddings, embeddingDim, options);
  }

  /** An embedding with vectors that exist already. @param options.freeze whether they stay as they are (default true) */
  static fromPretrained(
    vectors: Tensor,
    { freeze = true, ...options }: EmbeddingOptions & { readonly freeze?: boolean } = {},
  ): Embedding {
    const [n, dim] = vectors.shape as [number, number];
    const embedding = new Embedding(n, dim, { dtype: vectors.dtype, ...options });
    embedding.weight = new Parameter(vectors, !freeze);
    return embedding;
  }

  override forward(indices: Tensor): Tensor {
    return F.embedding(indices, this.weight, this.options);
  }
}

export interface EmbeddingBagOptions
  extends EmbeddingOptions,
    Pick<F.EmbeddingBagOptions, 'mode' | 'includeLastOffset'> {}

/** What a call says of its bags. */
export type Bags = Pick<F.EmbeddingBagOptions, 'offsets' | 'perSampleWeights'>;

/**
 * The sum, mean or maximum of each bag of vectors, which are never put side by side in memory.
 *
 * @shape indices (B, N), or (N) with offsets (B), int32 → (B, embeddingDim)
 * @throws IndexError for an index outside 0 to numEmbeddings − 1
 */
export class EmbeddingBag extends Table {
  readonly mode: NonNullable<F.EmbeddingBagOptions['mode']>;
  readonly includeLastOffset: boolean;

  constructor(
    numEmbeddings: number,
    embeddingDim: number,
    { mode = 'mean', includeLastOffset = false, ...options }: EmbeddingBagOptions = {},
  ) {
    super(numEmbeddings, embeddingDim, options);
    this.mode = mode;
    this.includeLastOffset = includeLastOffset;
  }

  override forward(indices: Tensor, bags: Bags = {}): Tensor {
    const { mode, includeLastOffset, options } = this;
    return F.embeddingBag(indices, this.weight, { ...options, mode, includeLastOffset, ...bags });
  }

  protected override describe(): string {
    return `${super.describe()}, ${show({ mode: this.mode })}`;
  }
}
