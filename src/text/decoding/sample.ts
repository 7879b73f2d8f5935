import { rand, type Tensor } from '../../index.js';
import type { Plan } from './options.js';
import { filtered, notFinite, penalize } from './probabilities.js';
import { requireEos, runStep, type Scores, type StepModel, selectState } from './step-model.js';

/** A sequence that grows. */
interface Row {
  /** Its place among all. */
  readonly place: number;
  /** The prompt and what came after. */
  readonly tokens: number[];
}

/** A token that a sequence got. */
export interface NewToken {
  readonly place: number;
  readonly token: number;
  /** Whether it ends the sequence. */
  readonly isLast: boolean;
}

/** Scores of a row; only a copy of them may be changed. */
const rowOf = (data: ArrayLike<number>, row: number, width: number): Float64Array =>
  Float64Array.from({ length: width }, (_, i) => data[row * width + i]!);

/** The likeliest token; of equals, the first. */
function likeliest(operation: string, scores: Float64Array): number {
  let best = 0;
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i]!)) throw notFinite(operation, 'are NaN');
    if (scores[i]! > scores[best]!) best = i;
  }
  if (scores[best] === Number.NEGATIVE_INFINITY) throw notFinite(operation, 'are all minus infinity');
  if (scores[best] === Number.POSITIVE_INFINITY) throw notFinite(operation, 'are infinite');
  return best;
}

/** The token where the running sum of the weights passes a share of their total. */
function drawn(weights: Float64Array, share: number): number {
  let left = share * weights.reduce((a, b) => a + b);
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    if (left < weight) return i;
    left -= weight;
    last = i;
  }
  return last;
}

/** The next token of each row. */
async function choose(
  operation: string,
  logits: Tensor,
  rows: readonly Row[],
  plan: Plan,
): Promise<number[]> {
  const width = logits.shape[1]!;
  const { generator } = plan;
  const draws = plan.doSample
    ? rand([rows.length], { dtype: 'float64', ...(generator && { generator }) }).data()
    : undefined;
  const [data, shares] = await Promise.all([logits.data(), draws]);
  return rows.map(({ tokens }, i) => {
    const scores = rowOf(data, i, width);
    if (shares) return drawn(filtered(operation, scores, tokens, plan), shares[i]!);
    penalize(scores, tokens, plan.repetitionPenalty);
    return likeliest(operation, scores);
  });
}

/**
 * Continues prompts of equal length, token by token: yields the new tokens of each step. Each step takes one batched
 * step of the model and one read for all of them; sequences that have ended leave the batch.
 *
 * @param copies sequences to draw for each prompt; prompt i has the places i · copies …
 */
export async function* continued<S>(
  operation: string,
  model: StepModel<S>,
  prompts: readonly ArrayLike<number>[],
  start: S,
  plan: Plan,
  copies = 1,
): AsyncGenerator<NewToken[], void> {
  const { eos, maxNewTokens, signal } = plan;
  signal?.throwIfAborted();
  let { logits, state }: Scores<S> = runStep(operation, model, prompts, start);
  requireEos(operation, eos, logits);
  let rows: Row[] = prompts.flatMap((prompt, i) =>
    Array.from({ length: copies }, (_, k) => ({ place: i * copies + k, tokens: Array.from(prompt) })),
  );
  if (copies > 1) {
    const from = Int32Array.from(rows, ({ place }) => Math.floor(place / copies));
    state = selectState(operation, model, state, from, false);
    logits = logits.repeatInterleave(copies, 0);
  }
  for (let count = 1; rows.length > 0; count++) {
    const chosen = await choose(operation, logits, rows, plan);
    signal?.throwIfAborted();
    const next = rows.map(({ place }, i) => {
      const token = chosen[i]!;
      rows[i]!.tokens.push(token);
      return { place, token, isLast: count === maxNewTokens || eos.has(token) };
    });
    yield next;
    signal?.throwIfAborted();
    const going = Int32Array.from(rows.keys()).filter((i) => !next[i]!.isLast);
    if (going.length === 0) return;
    if (going.length < rows.length) {
      state = selectState(operation, model, state, going, false);
      rows = Array.from(going, (i) => rows[i]!);
    }
    ({ logits, state } = runStep(
      operation,
      model,
      rows.map(({ tokens }) => [tokens.at(-1)!]),
      state,
    ));
  }
}
