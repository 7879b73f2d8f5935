import { plural } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { noGrad, type Tensor, tensor, tidy } from '../../index.js';
import type { SearchPlan } from './options.js';
import { notFinite } from './probabilities.js';
import { requireEos, runStep, type Scores, type StepModel, selectState } from './step-model.js';

/** A sequence that's complete. */
export interface Hypothesis {
  /** What follows the prompt. */
  readonly tokens: readonly number[];
  /** Its log probability, divided by its length to the power of the length penalty. */
  readonly score: number;
  readonly isEnded: boolean;
}

/** A sequence that is followed. */
interface Beam {
  readonly tokens: readonly number[];
  /** Its log probability; minus infinity if there are fewer sequences than beams. */
  readonly score: number;
}

/** The search of one prompt. */
class Search {
  readonly #best: Hypothesis[] = [];
  /** Whether no better sequence is expected. */
  #isDone = false;

  constructor(
    /** Which prompt it is. */
    readonly place: number,
    readonly prompt: ArrayLike<number>,
    readonly plan: SearchPlan,
    public beams: readonly Beam[],
  ) {}

  #add(tokens: readonly number[], logProbability: number, isEnded: boolean): void {
    const score = logProbability / tokens.length ** this.plan.lengthPenalty;
    this.#best.push({ tokens, score, isEnded });
    this.#best.sort((a, b) => b.score - a.score);
    if (this.#best.length > this.plan.numBeams) this.#best.pop();
  }

  /**
   * Takes the likeliest continuations, best first, and returns which beam each new one continues; null if the search is
   * done.
   */
  advance(values: ArrayLike<number>, tokens: ArrayLike<number>, from: ArrayLike<number>): number[] | null {
    const { numBeams, eos, maxNewTokens } = this.plan;
    const next: Beam[] = [];
    const sources: number[] = [];
    for (let rank = 0; rank < values.length && next.length < numBeams; rank++) {
      const score = values[rank]!;
      if (score === Number.NEGATIVE_INFINITY) break;
      const token = tokens[rank]!;
      const grown = [...this.beams[from[rank]!]!.tokens, token];
      if (!eos.has(token)) {
        next.push({ tokens: grown, score });
        sources.push(from[rank]!);
      } else if (rank < numBeams) this.#add(grown, score, true);
    }
    const length = this.beams[0]!.tokens.length + 1;
    this.beams = next;
    this.#isDone = this.#cannotImprove(values[0]!, length);
    if (next.length === 0 || length === maxNewTokens || this.#isDone) return null;
    while (next.length < numBeams) {
      next.push({ tokens: next[0]!.tokens, score: Number.NEGATIVE_INFINITY });
      sources.push(sources[0]!);
    }
    return sources;
  }

  /** @param best the log probability of the likeliest continuation */
  #cannotImprove(best: number, length: number): boolean {
    const { numBeams, earlyStopping, lengthPenalty, maxNewTokens } = this.plan;
    if (this.#best.length < numBeams) return false;
    if (earlyStopping === true) return true;
    const longest = earlyStopping === 'never' && lengthPenalty > 0 ? maxNewTokens : length;
    return this.#best.at(-1)!.score >= best / longest ** lengthPenalty;
  }

  /** The best sequences; if the search ran out of steps, those that are under way count. */
  finish(): readonly Hypothesis[] {
    if (!this.#isDone)
      for (const { tokens, score } of this.beams) if (score > -Infinity) this.#add(tokens, score, false);
    return this.#best.slice(0, this.plan.numReturnSequences);
  }
}

/** Log probabilities of the next token, with the penalty for those that occurred before. @shape (N, V) */
function penalized(logits: Tensor, seen: readonly ReadonlySet<number>[], penalty: number): Tensor {
  const scores = logits.logSoftmax(1);
  if (penalty === 1) return scores;
  const width = Math.max(...seen.map(({ size }) => size));
  const ids = tensor(
    Int32Array.from(
      seen.flatMap((tokens) => {
        const all = [...tokens];
        return Array.from({ length: width }, (_, i) => all[i] ?? all[0]!);
      }),
    ),
    [seen.length, width],
  );
  // Log probabilities are never positive.
  return scores.scatter(1, ids, scores.gather(1, ids).mul(penalty));
}

/**
 * The likeliest sequences for prompts of equal length. Each step is one batched step of the model for all beams of all
 * prompts and one read, with the candidates chosen on the engine; prompts that are done leave the batch.
 *
 * @source notes 5.9, figure 5.38; Sutskever et al. 2014, arXiv:1409.3215; length penalty: Wu et al. 2016, arXiv:1609.08144
 */
export async function beamSearch<S>(
  operation: string,
  model: StepModel<S>,
  prompts: readonly ArrayLike<number>[],
  start: S,
  plan: SearchPlan,
): Promise<(readonly Hypothesis[])[]> {
  const { numBeams, eos, signal, repetitionPenalty } = plan;
  const found: (readonly Hypothesis[])[] = new Array(prompts.length);
  let searches = prompts.map((prompt, i) => new Search(i, prompt, plan, [{ tokens: [], score: 0 }]));
  signal?.throwIfAborted();
  let { logits, state }: Scores<S> = runStep(operation, model, prompts, start);
  requireEos(operation, eos, logits);
  const width = logits.shape[1]!;
  if (numBeams > width)
    throw new ArgumentError(
      operation,
      `numBeams, ${numBeams}, is more than the vocabulary's ${plural(width, 'token')}`,
    );
  while (searches.length > 0) {
    const beams = searches[0]!.beams.length;
    const candidates = Math.min(Math.max(2, 1 + eos.size) * numBeams, beams * width);
    const { values, indices } = noGrad(() => {
      const seen =
        repetitionPenalty === 1
          ? []
          : searches.flatMap(({ prompt, beams }) =>
              beams.map(({ tokens }) => new Set([...Array.from(prompt), ...tokens])),
            );
      const scores = Float32Array.from(searches.flatMap((search) => search.beams.map(({ score }) => score)));
      return tidy(() =>
        penalized(logits, seen, repetitionPenalty)
          .add(tensor(scores, [scores.length, 1]).to(logits.dtype))
          .reshape([searches.length, beams * width]) // (B · K, V) → (B, K · V)
          .topk(candidates, 1),
      );
    });
    const [scores, places] = await Promise.all([values.data(), indices.data()]);
    signal?.throwIfAborted();
    const going: { readonly search: Search; readonly rows: readonly number[] }[] = [];
    for (const [i, search] of searches.entries()) {
      const at = i * candidates;
      const own = scores.subarray(at, at + candidates);
      if (own.some(Number.isNaN)) throw notFinite(operation, 'are NaN');
      const from = Array.from(places.subarray(at, at + candidates), (place) => Math.floor(place / width));
      const tokens = Array.from(places.subarray(at, at + candidates), (place) => place % width);
      const sources = search.advance(own, tokens, from);
      if (sources) going.push({ search, rows: sources.map((beam) => i * beams + beam) });
      else found[search.place] = search.finish();
    }
    const isSame = beams === numBeams && going.length === searches.length;
    searches = going.map(({ search }) => search);
    if (searches.length === 0) break;
    const rows = going.flatMap(({ rows }) => rows);
    if (!isSame || rows.some((row, i) => row !== i))
      state = selectState(operation, model, state, rows, isSame);
    const last = searches.flatMap((search) => search.beams.map(({ tokens }) => [tokens.at(-1)!]));
    ({ logits, state } = runStep(operation, model, last, state));
  }
  return found;
}
