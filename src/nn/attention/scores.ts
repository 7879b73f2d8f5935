import type { DType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { defineOptions, dtype } from '../../core/options.js';
import * as F from '../../functional.js';
import { checkTensors } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';
import { uniform_ } from '../init/index.js';
import { Linear } from '../linear.js';
import { Module } from '../module/module.js';
import { newParameter, type Parameter } from '../module/parameter.js';
import { count, show } from '../sizes.js';

export interface ScoreOptions {
  /** Default float32. */
  readonly dtype?: DType;
}

const readScore = defineOptions({ dtype: dtype('float32') });

/** @throws ArgumentError, ShapeError unless both are vectors of the right features; null allows any, if they're equal */
function checkPair(
  operation: string,
  query: Tensor,
  key: Tensor,
  queryDim: number | null,
  keyDim: number | null,
): void {
  checkTensors(operation, { query, key });
  const note = (x: Tensor, features: number | null): string =>
    features === null || x.shape.at(-1) === features ? '' : `expects ${features} features`;
  const fits =
    query.ndim >= 2 &&
    key.ndim >= 2 &&
    (queryDim === null
      ? query.shape.at(-1) === key.shape.at(-1)
      : query.shape.at(-1) === queryDim && key.shape.at(-1) === keyDim);
  if (!fits)
    throw new ShapeError(operation, 'queries and keys must be vectors with its features', [
      { name: 'query', axes: '(…, L, Eq)', shape: query.shape, note: note(query, queryDim) },
      {
        name: 'key',
        axes: '(…, S, Ek)',
        shape: key.shape,
        note: note(key, queryDim === null ? query.shape.at(-1)! : keyDim),
      },
    ]);
}

/** How well each query matches each key. @shape query (…, L, Eq), key (…, S, Ek) → (…, L, S) */
export interface Score extends Module {
  forward(query: Tensor, key: Tensor): Tensor;
}

/**
 * score(a, b) = aᵀb
 *
 * @shape query (…, L, E), key (…, S, E) → (…, L, S)
 * @source notes 7.2; Luong et al. 2015, arXiv:1508.04025
 */
export class DotScore extends Module {
  override forward(query: Tensor, key: Tensor): Tensor {
    checkPair('DotScore', query, key, null, null);
    return query.matmul(key.transpose(-2, -1));
  }
}

/**
 * score(a, b) = aᵀb / (‖a‖ ‖b‖), between −1 and 1: a softmax of it is never sharp.
 *
 * @shape query (…, L, E), key (…, S, E) → (…, L, S)
 * @source notes 7.2; Graves et al. 2014, arXiv:1410.5401
 */
export class CosineScore extends Module {
  override forward(query: Tensor, key: Tensor): Tensor {
    checkPair('CosineScore', query, key, null, null);
    const unit = (x: Tensor): Tensor => F.normalize(x, { dim: -1 });
    return unit(query).matmul(unit(key).transpose(-2, -1));
  }
}

/** Scores with weights of their own. */
abstract class LearnedScore extends Module {
  constructor(
    readonly queryDim: number,
    readonly keyDim: number,
  ) {
    super();
    count(new.target.name, 'queryDim', queryDim, 1);
    count(new.target.name, 'keyDim', keyDim, 1);
  }

  override forward(query: Tensor, key: Tensor): Tensor {
    checkPair(this.constructor.name, query, key, this.queryDim, this.keyDim);
    return this.score(query, key);
  }

  protected abstract score(query: Tensor, key: Tensor): Tensor;

  protected override describe(): string {
    return show({ queryDim: this.queryDim, keyDim: this.keyDim });
  }
}

/**
 * score(a, b) = aᵀ W b, with W drawn from U(±1/√queryDim).
 *
 * @shape query (…, L, queryDim), key (…, S, keyDim) → (…, L, S)
 * @source notes 7.2; Luong et al. 2015, arXiv:1508.04025
 */
export class BilinearScore extends LearnedScore {
  /** @shape (queryDim, keyDim) */
  weight: Parameter;

  constructor(queryDim: number, keyDim: number, options?: ScoreOptions) {
    super(queryDim, keyDim);
    const { dtype } = readScore(new.target.name, options);
    this.weight = newParameter(new.target.name, [queryDim, keyDim], dtype);
    uniform_(this.weight, -1 / Math.sqrt(queryDim), 1 / Math.sqrt(queryDim));
  }

  protected override score(query: Tensor, key: Tensor): Tensor {
    return query.matmul(this.weight).matmul(key.transpose(-2, -1));
  }
}

/**
 * score(a, b) = σ(W [a; b]), with W drawn from U(±1/√(queryDim + keyDim)).
 *
 * Scores lie between 0 and 1, so a softmax of them gives no key more than e times the weight of another. `AdditiveScore`
 * has no such limit.
 *
 * @shape query (…, L, queryDim), key (…, S, keyDim) → (…, L, S)
 * @source notes 7.2
 */
export class MLPScore extends LearnedScore {
  linear: Linear;

  constructor(queryDim: number, keyDim: number, options?: ScoreOptions) {
    super(queryDim, keyDim);
    const { dtype } = readScore(new.target.name, options);
    this.linear = new Linear(queryDim + keyDim, 1, { bias: false, dtype });
  }

  protected override score(query: Tensor, key: Tensor): Tensor {
    // W [a; b] = W_a a + W_b b: a column for the queries, and a row for the keys.
    const [ofQuery, ofKey] = this.linear.weight.split([this.queryDim, this.keyDim], 1) as [Tensor, Tensor];
    return F.linear(query, ofQuery, null)
      .add(F.linear(key, ofKey, null).transpose(-2, -1))
      .sigmoid();
  }
}

/**
 * score(a, b) = vᵀ tanh(W_q a + W_k b)
 *
 * @shape query (…, L, queryDim), key (…, S, keyDim) → (…, L, S), with (…, L, S, hiddenDim) in between
 * @source Bahdanau et al. 2015, arXiv:1409.0473
 */
export class AdditiveScore extends LearnedScore {
  queryProj: Linear;
  keyProj: Linear;
  v: Linear;

  constructor(queryDim: number, keyDim: number, hiddenDim: number, options?: ScoreOptions) {
    super(queryDim, keyDim);
    const { dtype } = readScore(new.target.name, options);
    count(new.target.name, 'hiddenDim', hiddenDim, 1);
    this.queryProj = new Linear(queryDim, hiddenDim, { bias: false, dtype });
    this.keyProj = new Linear(keyDim, hiddenDim, { bias: false, dtype });
    this.v = new Linear(hiddenDim, 1, { bias: false, dtype });
  }

  protected override score(query: Tensor, key: Tensor): Tensor {
    const queries = this.queryProj.forward(query).unsqueeze(-2); // (…, L, 1, H)
    const keys = this.keyProj.forward(key).unsqueeze(-3); // (…, 1, S, H)
    return this.v.forward(queries.add(keys).tanh()).squeeze(-1);
  }
}
