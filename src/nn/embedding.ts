import { noGrad } from '../autograd/mode.js';
import type { DType } from '../core/dtype.js';
import { IndexError } from '../core/errors.js';
import * as F from '../functional.js';
import { type Tensor, view } from '../tensor/tensor.js';
import { normal_ } from './init.js';
import { Module } from './module.js';
import { newParameter, Parameter } from './parameter.js';
import { count, show } from './sizes.js';

export interface EmbeddingOptions {
  /** Index whose vector starts as zeros and is not learned; negative counts from the end. */
  readonly paddingIdx?: number;
  /** Default float32. */
  readonly dtype?: DType;
}

/**
 * A learned vector for each index, drawn from N(0, 1).
 *
 * @shape indices (…), int32 → (…, embeddingDim)
 * @throws IndexError for an index outside 0 to numEmbeddings − 1
 * @source notes 5.2
 */
export class Embedding extends Module {
  readonly paddingIdx: number | undefined;
  /** @shape (numEmbeddings, embeddingDim) */
  weight: Parameter;

  constructor(
    readonly numEmbeddings: number,
    readonly embeddingDim: number,
    { paddingIdx, dtype = 'float32' }: EmbeddingOptions = {},
  ) {
    super();
    count('Embedding', 'numEmbeddings', numEmbeddings);
    count('Embedding', 'embeddingDim', embeddingDim);
    if (paddingIdx !== undefined && !(paddingIdx >= -numEmbeddings && paddingIdx < numEmbeddings))
      throw new IndexError(
        'Embedding',
        `paddingIdx ${paddingIdx} is outside the ${numEmbeddings} embeddings`,
      );
    this.paddingIdx = paddingIdx !== undefined && paddingIdx < 0 ? numEmbeddings + paddingIdx : paddingIdx;
    this.weight = newParameter([numEmbeddings, embeddingDim], dtype);
    this.resetParameters();
  }

  resetParameters(): void {
    normal_(this.weight);
    const { paddingIdx, embeddingDim, weight } = this;
    if (paddingIdx !== undefined)
      noGrad(() => view(weight, [embeddingDim], [1], weight.offset + paddingIdx * embeddingDim).fill_(0));
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
    const { weight, paddingIdx } = this;
    return F.embedding(indices, weight, paddingIdx === undefined ? {} : { paddingIdx });
  }

  protected override describe(): string {
    const { numEmbeddings, embeddingDim, paddingIdx } = this;
    return `${numEmbeddings}, ${embeddingDim}${paddingIdx === undefined ? '' : `, ${show({ paddingIdx })}`}`;
  }
}
