import { requireList } from '../../core/arguments.js';
import { describe, plural } from '../../core/describe.js';
import { ArgumentError, IndexError } from '../../core/errors.js';
import { counts } from '../../core/sizes.js';
import { beamSearch } from './beam-search.js';
import {
  type GenerateAllOptions,
  type GenerateOptions,
  readGenerate,
  readSearch,
  type SearchPlan,
} from './options.js';
import { continued } from './sample.js';
import { requireModel, type StepModel, selectState } from './step-model.js';

/**
 * @param known how many tokens the model knows, if it says so
 * @throws ArgumentError for an empty prompt, and anything but whole numbers; IndexError for an unknown token
 */
function requirePrompt(
  operation: string,
  name: string,
  prompt: ArrayLike<number>,
  known = Number.POSITIVE_INFINITY,
): void {
  const list = (prompt instanceof Int32Array ? Array.from(prompt) : prompt) as readonly number[];
  counts(operation, name, list, 0);
  if (list.length === 0)
    throw new ArgumentError(operation, `${name} is empty; begin with the token that begins a text`);
  const place = list.findIndex((token) => token >= known);
  if (place >= 0)
    throw new IndexError(
      operation,
      `${name} has token ${list[place]} at ${place}, but the model knows only ${plural(known, 'token')}, from 0`,
    );
}

/**
 * Continues a prompt, and gives each token as soon as it's there. Takes the likeliest token or, with `doSample` or one
 * of `temperature`, `topK`, `topP`, `minP`, draws one by its probability.
 *
 * @param prompt numbers of tokens, at least one
 * @returns the tokens after the prompt; the last is one of `eosTokenId` unless there are `maxNewTokens`
 * @throws ArgumentError for an empty prompt, IndexError for a token that the model doesn't know
 * @throws NonFiniteError for scores that are NaN
 * @differs from Hugging Face: `topK` is off unless it's given; the prompt isn't repeated
 * @source notes 5.9
 * @example
 * // A model that counts: after token i comes i + 1.
 * const counting: text.StepModel<null> = {
 *   step: (ids, state) => ({ logits: F.oneHot(ids.add(1).remainder(10), 10).to('float32'), state }),
 * };
 * const counted: number[] = [];
 * for await (const token of text.generate(counting, [5], { eosTokenId: 9 })) counted.push(token);
 * counted; // [6, 7, 8, 9]
 */
export function generate<S>(
  model: StepModel<S>,
  prompt: ArrayLike<number>,
  options?: GenerateOptions<S>,
): AsyncGenerator<number, void> {
  requireModel('generate', model);
  requirePrompt('generate', 'prompt', prompt, model.vocabSize);
  const { plan, state } = readGenerate('generate', options);
  return (async function* () {
    for await (const [next] of continued('generate', model, [prompt], state, plan)) yield next!.token;
  })();
}

/** A sequence that a model wrote. */
export interface Generated {
  /** What follows the prompt. */
  readonly tokens: readonly number[];
  /** How it ended: with one of `eosTokenId`, which is its last token, or because it got as long as it may. */
  readonly ended: 'eos' | 'length';
  /** Of a beam: its log probability, divided by its length to the power of `lengthPenalty`; otherwise null. */
  readonly score: number | null;
}

/**
 * Continues prompts: takes the likeliest tokens, draws tokens by their probability, or (with `numBeams`) looks for the
 * likeliest sequences. All prompts of one length, and all their beams, are one batch.
 *
 * @param prompts numbers of tokens, at least one in each
 * @returns for each prompt `numReturnSequences` sequences, best first
 * @throws ArgumentError for no prompts, an empty one, or more beams than tokens in the vocabulary
 * @throws IndexError for a token that the model doesn't know
 * @throws NonFiniteError for scores that are NaN
 * @differs from Hugging Face: `topK` is off unless it's given; the prompt isn't repeated; beams don't sample
 * @source notes 5.9, figure 5.38
 * @example
 * // After token 0 comes 1 (probability 0.6) or 2 (0.4); what follows 1 is random, after 2 comes the end, 3.
 * const table = tensor([[0, 6, 4, 0], [1, 1, 1, 1], [0, 0, 0, 1], [0, 0, 0, 1]]).log();
 * const chain: text.StepModel<null> = {
 *   step: (ids, state) => ({ logits: table.indexSelect(0, ids.flatten()), state }),
 * };
 * const [[greedy]] = (await text.generateAll(chain, [[0]], { eosTokenId: 3 })) as [[text.Generated]];
 * const [[best]] = (await text.generateAll(chain, [[0]], { eosTokenId: 3, numBeams: 2 })) as [[text.Generated]];
 * greedy.tokens[0]; // 1
 * best.tokens; // [2, 3]
 */
export async function generateAll<S>(
  model: StepModel<S>,
  prompts: readonly ArrayLike<number>[],
  options?: GenerateAllOptions<S>,
): Promise<Generated[][]> {
  const operation = 'generateAll';
  requireModel(operation, model);
  requireList(operation, 'prompts', prompts);
  if (prompts.length === 0) throw new ArgumentError(operation, 'there are no prompts');
  for (const [i, prompt] of prompts.entries()) {
    if (typeof prompt === 'number')
      throw new ArgumentError(
        operation,
        `prompt ${i} is ${describe(prompt)}\n  hint: one prompt is a list: [prompt]`,
      );
    requirePrompt(operation, `prompt ${i}`, prompt, model.vocabSize);
  }
  const { plan, state } = readSearch(operation, options);
  const all: Generated[][] = new Array(prompts.length);
  const lengths = new Set(prompts.map(({ length }) => length));
  for (const length of lengths) {
    const places = [...prompts.keys()].filter((i) => prompts[i]!.length === length);
    const own = lengths.size === 1 ? state : selectState(operation, model, state, places, false);
    const written = await writeGroup(
      operation,
      model,
      places.map((i) => prompts[i]!),
      own,
      plan,
    );
    for (const [i, place] of places.entries()) all[place] = written[i]!;
  }
  return all;
}

/** Continues prompts of equal length. */
async function writeGroup<S>(
  operation: string,
  model: StepModel<S>,
  prompts: readonly ArrayLike<number>[],
  state: S,
  plan: SearchPlan,
): Promise<Generated[][]> {
  if (plan.numBeams > 1) {
    const found = await beamSearch(operation, model, prompts, state, plan);
    return found.map((hypotheses) =>
      hypotheses.map(({ tokens, score, isEnded }) => ({ tokens, score, ended: isEnded ? 'eos' : 'length' })),
    );
  }
  const copies = plan.numReturnSequences;
  const sequences = Array.from({ length: prompts.length * copies }, (): number[] => []);
  for await (const step of continued(operation, model, prompts, state, plan, copies))
    for (const { place, token } of step) sequences[place]!.push(token);
  const written = sequences.map(
    (tokens): Generated => ({ tokens, score: null, ended: plan.eos.has(tokens.at(-1)!) ? 'eos' : 'length' }),
  );
  return prompts.map((_, i) => written.slice(i * copies, (i + 1) * copies));
}
