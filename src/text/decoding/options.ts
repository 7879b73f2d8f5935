import { ArgumentError } from '../../core/errors.js';
import {
  defineOptions,
  either,
  flag,
  generatorOption,
  instance,
  listOf,
  number,
  type Resolved,
  whole,
  word,
} from '../../core/options.js';
import type { Generator } from '../../index.js';

/** How the scores of a step become probabilities; applied in this order. */
export interface FilterOptions {
  /** Divides positive scores of tokens that occurred before, and multiplies negative ones; above 1 (default 1: off). */
  readonly repetitionPenalty?: number | undefined;
  /** Divides the scores: below 1 the likely gets likelier, above 1 rarer tokens do (default 1). */
  readonly temperature?: number | undefined;
  /** Only the k likeliest tokens, and those that are as likely as the last of them (default: all). */
  readonly topK?: number | undefined;
  /** Only the fewest of the likeliest tokens that together have this probability (default 1: all). */
  readonly topP?: number | undefined;
  /** Only tokens with at least this share of the likeliest one's probability (default 0: all). */
  readonly minP?: number | undefined;
}

export const filterSpec = {
  repetitionPenalty: number(1, { above: 0 }),
  temperature: number(1, { above: 0 }),
  topK: whole(undefined, { least: 1 }),
  topP: number(1, { above: 0, most: 1 }),
  minP: number(0, { least: 0, most: 1 }),
};

interface CommonOptions extends FilterOptions {
  /** Most tokens of a sequence, without its prompt (default 20). */
  readonly maxNewTokens?: number | undefined;
  /** Tokens that end a sequence, as its last token (default: none). */
  readonly eosTokenId?: number | readonly number[] | undefined;
  /** Whether to draw each token by its probability instead of taking the likeliest (default: if one of temperature, topK, topP, minP is given). */
  readonly doSample?: boolean | undefined;
  /** Where random numbers come from (default: what `manualSeed` seeds). */
  readonly generator?: Generator | undefined;
  /** Stops the work: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

export interface GenerateOptions<S> extends CommonOptions {
  /** The state before the prompt (default null): an encoder's, or the state after a preceding text. */
  readonly state?: S | undefined;
}

export interface GenerateAllOptions<S> extends GenerateOptions<S> {
  /** Sequences that are followed at once for each prompt; above 1, the likeliest of those found win (default 1). */
  readonly numBeams?: number | undefined;
  /** A beam's log probability is divided by its length to this power: above 0 favors longer ones (default 1). */
  readonly lengthPenalty?: number | undefined;
  /**
   * When a prompt's search ends: true, once `numBeams` sequences are complete; false, once it's unlikely that a better one
   * comes; 'never', once none can come (default false).
   */
  readonly earlyStopping?: boolean | 'never' | undefined;
  /** Sequences given for each prompt, best first: of several beams, or drawn one by one (default 1). */
  readonly numReturnSequences?: number | undefined;
}

const tokenId = whole(undefined, { least: 0, most: 2 ** 31 - 1 });

const generateSpec = {
  ...filterSpec,
  maxNewTokens: whole(20, { least: 1 }),
  eosTokenId: either(tokenId, listOf(tokenId, undefined)),
  doSample: flag(undefined),
  generator: generatorOption,
  signal: instance(
    'an AbortSignal',
    (value): value is AbortSignal => typeof AbortSignal !== 'undefined' && value instanceof AbortSignal,
  ),
  state: { wanted: 'a state of the model', default: undefined as unknown, accepts: () => true },
};

const generateOptions = defineOptions(generateSpec);

const searchSpec = {
  ...generateSpec,
  numBeams: whole(1, { least: 1 }),
  lengthPenalty: number(1),
  earlyStopping: either(flag(false), word(['never'], undefined)),
  numReturnSequences: whole(1, { least: 1, most: 2 ** 16 }),
};
const searchOptions = defineOptions(searchSpec);

/** `FilterOptions` with their defaults; `topK` is infinite if it's off. */
export type Filters = { readonly [K in keyof FilterOptions]-?: number };

/** Options of a decoding, checked. */
export interface Plan extends Filters {
  readonly maxNewTokens: number;
  readonly eos: ReadonlySet<number>;
  readonly doSample: boolean;
  readonly generator: Generator | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface SearchPlan extends Plan {
  readonly numBeams: number;
  readonly lengthPenalty: number;
  readonly earlyStopping: boolean | 'never';
  readonly numReturnSequences: number;
}

const sampling = ['temperature', 'topK', 'topP', 'minP'] as const;

function planOf(operation: string, options: Resolved<typeof generateSpec>, given: object): Plan {
  const named = sampling.filter((name) => (given as Record<string, unknown>)[name] !== undefined);
  const { doSample = named.length > 0, eosTokenId, topK, ...rest } = options;
  if (!doSample && named.length > 0)
    throw new ArgumentError(
      operation,
      `${named.join(', ')} ${named.length === 1 ? 'is' : 'are'} for sampling, but doSample is false`,
    );
  return {
    ...rest,
    topK: topK ?? Number.POSITIVE_INFINITY,
    doSample,
    eos: new Set(
      eosTokenId === undefined ? [] : Array.isArray(eosTokenId) ? eosTokenId : [eosTokenId as number],
    ),
  };
}

export function readGenerate<S>(
  operation: string,
  given: GenerateOptions<S> | undefined,
): { plan: Plan; state: S } {
  const options = generateOptions(operation, given);
  return { plan: planOf(operation, options, given ?? {}), state: (options.state ?? null) as S };
}

/** @throws ArgumentError for options that exclude one another */
export function readSearch<S>(
  operation: string,
  given: GenerateAllOptions<S> | undefined,
): { plan: SearchPlan; state: S } {
  const options = searchOptions(operation, given);
  const { numBeams, lengthPenalty, earlyStopping, numReturnSequences } = options;
  const plan = planOf(operation, options, given ?? {});
  if (numBeams > 1 && plan.doSample)
    throw new ArgumentError(operation, "beams follow the likeliest sequences; they aren't for sampling");
  if (numBeams > 1 && numReturnSequences > numBeams)
    throw new ArgumentError(
      operation,
      `numReturnSequences, ${numReturnSequences}, is more than numBeams, ${numBeams}`,
    );
  if (numBeams === 1 && !plan.doSample && numReturnSequences > 1)
    throw new ArgumentError(
      operation,
      `${numReturnSequences} sequences that take the likeliest tokens would be the same\n  hint: pass doSample: true, or numBeams`,
    );
  return {
    plan: { ...plan, numBeams, lengthPenalty, earlyStopping, numReturnSequences },
    state: (options.state ?? null) as S,
  };
}
