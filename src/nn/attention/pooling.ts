import type { DType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { defineOptions, dtype, nullable, whole } from '../../core/options.js';
import { maskedSoftmax } from '../../ops/attention/composed.js';
import { checkTensors } from '../../tensor/argument.js';
import { tensorOption } from '../../tensor/option.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Tanh } from '../activation.js';
import { Linear } from '../linear.js';
import { requireDTypeOf, requireModule } from '../module/argument.js';
import { type Layer, Module } from '../module/module.js';
import { Sequential } from '../sequential.js';
import { count } from '../sizes.js';
import { checkMaskDType, checkMaskShape } from './check.js';
import type { Score } from './scores.js';

export interface AttentionPoolingOptions {
  /** Features of a hidden layer with tanh; null for one linear layer (default null). */
  readonly hiddenFeatures?: number | null;
  /** Default float32. */
  readonly dtype?: DType;
}

const readPooling = defineOptions({
  hiddenFeatures: nullable(whole(undefined, { least: 1 }), null),
  dtype: dtype('float32'),
});

const readPoolingCall = defineOptions({ keyPaddingMask: nullable(tensorOption, null) });

/**
 * One vector for a sequence: the mean of its vectors, weighted by a small network's score of each.
 *
 *     α = softmax(score(x_1), …, score(x_T)), y = Σ_t α_t x_t
 *
 * where the score is w·x + b, or w·tanh(W x + c) + b with `hiddenFeatures`. Equal scores give the plain mean.
 *
 * @shape x (…, T, E) → y (…, E), weights (…, T)
 * @source notes 7.2; Yang et al. 2016, doi:10.18653/v1/N16-1174
 * @example
 * const pooling = new nn.AttentionPooling(50);
 * const [tweet, weights] = pooling.forward(randn([3, 12, 50])); // 3 tweets of 12 words
 * tweet.shape; // [3, 50]
 * weights.shape; // [3, 12]
 */
export class AttentionPooling extends Module {
  score: Layer;

  constructor(
    readonly inFeatures: number,
    options?: AttentionPoolingOptions,
  ) {
    super();
    const { name } = new.target;
    const { hiddenFeatures, dtype } = readPooling(name, options);
    count(name, 'inFeatures', inFeatures, 1);
    this.score =
      hiddenFeatures === null
        ? new Linear(inFeatures, 1, { dtype })
        : new Sequential(
            new Linear(inFeatures, hiddenFeatures, { dtype }),
            new Tanh(),
            new Linear(hiddenFeatures, 1, { dtype }),
          );
  }

  /**
   * @param options.keyPaddingMask (…, T): true hides a position, and numbers are added to its score (default null). A sequence
   *   of nothing else gets zeros.
   * @throws ShapeError, DTypeError if x or the mask doesn't fit
   */
  override forward(
    x: Tensor,
    options?: { readonly keyPaddingMask?: Tensor | null },
  ): [output: Tensor, weights: Tensor] {
    const { name } = this.constructor;
    const { keyPaddingMask } = readPoolingCall(name, options);
    checkTensors(name, { x });
    if (x.ndim < 2 || x.shape.at(-1) !== this.inFeatures)
      throw new ShapeError(name, 'x must be a sequence of vectors', [
        { name: 'x', axes: '(…, T, E)', shape: x.shape, note: `expects E = ${this.inFeatures}` },
      ]);
    requireDTypeOf(name, this.parameters()[0]!, { x });
    if (keyPaddingMask) {
      checkMaskDType(name, 'keyPaddingMask', keyPaddingMask, x);
      checkMaskShape(name, 'keyPaddingMask', keyPaddingMask, [
        { axes: '(…, T)', shape: x.shape.slice(0, -1) },
      ]);
    }
    const scores = this.score.forward(x).squeeze(-1); // (…, T)
    const weights = maskedSoftmax(scores, seenIn(keyPaddingMask));
    return [weights.unsqueeze(-2).matmul(x).squeeze(-2), weights];
  }
}

/** A mask with true for what's seen, as `scaledDotProductAttention` has it. */
const seenIn = (mask: Tensor | null): Tensor | null => (mask?.dtype === 'bool' ? mask.logicalNot() : mask);

const readAttentionCall = defineOptions({ attnMask: nullable(tensorOption, null) });

/**
 * Attention with a score of your choice:
 *
 *     weights = softmax(score(query, key) + mask), output = weights · value
 *
 * For scaled dot products, `F.scaledDotProductAttention` is faster.
 *
 * @shape query (…, L, Eq), key (…, S, Ek), value (…, S, Ev) → output (…, L, Ev), weights (…, L, S)
 * @source notes 7.2
 * @example
 * const attention = new nn.Attention(new nn.AdditiveScore(8, 6, 16));
 * const memory = randn([2, 5, 6]);
 * const [context, weights] = attention.forward(randn([2, 1, 8]), memory, memory);
 * context.shape; // [2, 1, 6]
 */
export class Attention extends Module {
  score: Score;

  constructor(score: Score) {
    super();
    requireModule(new.target.name, 'score', score);
    this.score = score;
  }

  /**
   * @param options.attnMask broadcasts to (…, L, S): true hides a key from a query, and numbers are added to the scores
   *   (default null). A query that sees nothing gets zeros.
   * @throws ShapeError, DTypeError if an operand or the mask doesn't fit
   */
  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options?: { readonly attnMask?: Tensor | null },
  ): [output: Tensor, weights: Tensor] {
    const { name } = this.constructor;
    const { attnMask } = readAttentionCall(name, options);
    checkTensors(name, { query, key, value });
    if (value.ndim < 2 || value.shape.at(-2) !== key.shape.at(-2))
      throw new ShapeError(name, "there isn't a value for each key", [
        { name: 'key', axes: '(…, S, Ek)', shape: key.shape },
        { name: 'value', axes: '(…, S, Ev)', shape: value.shape, note: `expects S = ${key.shape.at(-2)}` },
      ]);
    const scores = this.score.forward(query, key);
    if (attnMask) {
      checkMaskDType(name, 'attnMask', attnMask, scores);
      const from = scores.ndim - attnMask.ndim;
      if (from < 0 || !attnMask.shape.every((n, i) => n === 1 || n === scores.shape[from + i]))
        throw new ShapeError(name, "attnMask doesn't broadcast to the scores", [
          { name: 'attnMask', shape: attnMask.shape },
          { name: 'scores', axes: '(…, L, S)', shape: scores.shape },
        ]);
    }
    const weights = maskedSoftmax(scores, seenIn(attnMask));
    return [weights.matmul(value), weights];
  }
}
