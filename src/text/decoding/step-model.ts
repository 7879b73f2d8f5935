import { requireFunction, requireObject } from '../../core/arguments.js';
import { describe, isPlainObject, plural } from '../../core/describe.js';
import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { count } from '../../core/sizes.js';
import { noGrad, Tensor, tensor } from '../../index.js';
import { checkTensors } from '../../tensor/argument.js';

/** What a step of a language model gives. */
export interface StepResult<S> {
  /** Scores of the next token, for each position or only for the last one. @shape (N, T, V) or (N, V) */
  readonly logits: Tensor;
  /** What the next step needs to know of the tokens so far. */
  readonly state: S;
}

/**
 * A language model as decoding sees it, one step at a time. Its state is whatever it carries from step to step, with a
 * row for each sequence: the hidden state of an RNN, the keys and values of a transformer.
 *
 * @example
 * const rnn = new nn.GRU(5, 8, { batchFirst: true });
 * const head = new nn.Linear(8, 5);
 * const model: text.StepModel<Tensor | null> = {
 *   step(ids, state) {
 *     const [h, next] = rnn.forward(F.oneHot(ids, 5).to('float32'), state);
 *     return { logits: head.forward(h), state: next };
 *   },
 *   select: (state, rows) => text.selectRows(state, rows, 1),
 * };
 */
export interface StepModel<S> {
  /** How many tokens it knows, if it says so: prompts are checked. */
  readonly vocabSize?: number;
  /**
   * Reads the next tokens of each sequence: the prompt at first, then one token a step.
   *
   * @param ids (N, T) int32
   */
  step(ids: Tensor, state: S): StepResult<S>;
  /**
   * The state of these rows of the batch, in this order; a row may come several times. Needed for beams, for batches, and
   * for several sequences from one prompt.
   *
   * @param rows (M) int32
   * @param within whether each row gets the state of one with the same prompt, and there are as many rows as before:
   * what depends on the prompt alone, such as an encoder's output, may stay
   */
  select?(state: S, rows: Tensor, within: boolean): S;
}

/** A step's scores of the next token, and the state. */
export interface Scores<S> {
  /** @shape (N, V) */
  readonly logits: Tensor;
  readonly state: S;
}

/** @throws ArgumentError unless it's a model for decoding */
export function requireModel(operation: string, model: unknown): void {
  requireObject(operation, 'model', model);
  const { step, select, vocabSize } = model as Partial<StepModel<unknown>>;
  requireFunction(operation, 'model.step', step);
  if (select !== undefined) requireFunction(operation, 'model.select', select);
  if (vocabSize !== undefined) count(operation, 'model.vocabSize', vocabSize, 1);
}

/**
 * One step of a model, without a graph.
 *
 * @param ids tokens of each row, equally many
 * @throws ShapeError, DTypeError for logits that aren't scores of tokens
 */
export function runStep<S>(
  operation: string,
  model: StepModel<S>,
  ids: readonly ArrayLike<number>[],
  state: S,
): Scores<S> {
  const n = ids.length;
  const t = ids[0]!.length;
  const flat = Int32Array.from({ length: n * t }, (_, i) => ids[Math.floor(i / t)]![i % t]!);
  return noGrad(() => {
    const result: unknown = model.step(tensor(flat, [n, t]), state);
    const { logits, state: next } = (isPlainObject(result) ? result : {}) as Partial<StepResult<S>>;
    if (!(logits instanceof Tensor))
      throw new ArgumentError(operation, `model.step must return { logits, state }, got ${describe(result)}`);
    const { shape, ndim, dtype } = logits;
    if (dtype !== 'float32' && dtype !== 'float64')
      throw new DTypeError(operation, `the model's logits must be floating, got ${dtype}`);
    const isWhole = ndim === 3 && shape[0] === n && shape[1] === t && shape[2]! > 0;
    if (!isWhole && !(ndim === 2 && shape[0] === n && shape[1]! > 0))
      throw new ShapeError(
        operation,
        `the model's logits don't fit ${plural(n, 'row')} of ${plural(t, 'token')}`,
        [{ name: 'logits', shape, axes: '(N, T, V) or (N, V)' }],
      );
    return { logits: isWhole ? logits.select(1, t - 1) : logits, state: next as S };
  });
}

/** @throws ArgumentError for a token that ends sequences and isn't in the vocabulary */
export function requireEos(operation: string, eos: ReadonlySet<number>, { shape }: Tensor): void {
  for (const token of eos)
    if (token >= shape[1]!)
      throw new ArgumentError(
        operation,
        `eosTokenId ${token} isn't one of the model's ${plural(shape[1]!, 'token')}`,
      );
}

/** The state of these rows. @throws ArgumentError if the model can't give it */
export function selectState<S>(
  operation: string,
  model: StepModel<S>,
  state: S,
  rows: ArrayLike<number>,
  within: boolean,
): S {
  if (state === null || state === undefined) return state;
  if (model.select === undefined)
    throw new ArgumentError(
      operation,
      'the model needs select(state, rows), since rows of its state move\n  hint: select: (state, rows) => text.selectRows(state, rows, 1)',
    );
  const select = model.select.bind(model);
  return noGrad(() => select(state, tensor(Int32Array.from(rows), [rows.length]), within));
}

/**
 * Rows of all tensors in a state: of a tensor, or of lists and objects of them.
 *
 * @param dim the axis of the batch: 1 in the states of recurrent layers, 0 in most others
 * @param rows (M) int32
 * @throws ArgumentError for a part that isn't a tensor, null, or a list or object of those
 */
export function selectRows<S>(state: S, rows: Tensor, dim: number): S {
  checkTensors('selectRows', { rows });
  const walk = (value: unknown): unknown => {
    if (value === null || value === undefined) return value;
    if (value instanceof Tensor) return value.indexSelect(dim, rows);
    if (Array.isArray(value)) return value.map(walk);
    if (isPlainObject(value))
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, walk(part)]));
    throw new ArgumentError('selectRows', `can't take rows of ${describe(value)}; select from it yourself`);
  };
  return walk(state) as S;
}
