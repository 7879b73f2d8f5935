import { requireRecords } from '../../core/arguments.js';
import { describe, isPlainObject } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { callback, defineOptions, instance, required, whole, word } from '../../core/options.js';
import { count } from '../../core/sizes.js';
import { Generator, Tensor } from '../../index.js';
import { checkSpace, gridPoints, mostTrials, type Parameters, type Space, samplePoint } from './space.js';

/** What an objective is told about its trial. */
export interface Trial {
  /** Number of the trial, from 0. */
  readonly trial: number;
  readonly parameters: Parameters;
  /** Epochs, or anything else that's limited; `undefined` unless halving. */
  readonly budget?: number;
  /** Fires when the search is stopped. */
  readonly signal: AbortSignal;
}

/** A finished trial. */
export interface TrialRecord {
  readonly trial: number;
  readonly parameters: Parameters;
  readonly budget?: number;
  readonly seconds: number;
  /** What the objective returned, a finite number; absent if the trial failed. */
  readonly value?: number;
  /** Why it failed: what the objective threw, or that it didn't return a finite number. */
  readonly error?: string;
}

/** Where trials are stored, so a search can resume later. */
export interface TrialStore {
  load(): readonly TrialRecord[];
  add(record: TrialRecord): void;
}

export interface SearchOptions {
  readonly space: Space;
  /** Measures a trial on validation data: the number to maximize or minimize. */
  readonly objective: (trial: Trial) => Promise<number>;
  /**
   * `random` (default): parameters drawn from the space; `grid`: all combinations; `halving`: like random, but
   * every trial gets a small budget first, and only the best of each round go on to a larger one.
   */
  readonly method?: 'random' | 'grid' | 'halving';
  /** Trials to draw (default 20; in the first round, when halving). Ignored for a grid. */
  readonly trials?: number;
  /** Grid values for each numeric dimension (default 5). */
  readonly gridPoints?: number;
  /** Default `maximize`. */
  readonly direction?: 'maximize' | 'minimize';
  /** Seed of the random numbers (default 0). */
  readonly seed?: number;
  /** Trials that run at once (default 1). */
  readonly parallel?: number;
  /** Largest budget of a trial, when halving (default 27). */
  readonly maxBudget?: number;
  /** When halving, one in `eta` trials goes on to the next round, with `eta` times the budget (default 3). */
  readonly eta?: number;
  readonly store?: TrialStore;
  readonly onTrial?: (record: TrialRecord, progress: { readonly done: number; readonly of: number }) => void;
  readonly signal?: AbortSignal;
}

const isSpace = (value: unknown): value is Space => isPlainObject(value);
const isStore = (value: unknown): value is TrialStore =>
  typeof (value as TrialStore | null)?.load === 'function' && typeof (value as TrialStore).add === 'function';
const isSignal = (value: unknown): value is AbortSignal => value instanceof AbortSignal;
const positive = (defaultValue: number, most?: number) =>
  whole(defaultValue, { least: 1, ...(most === undefined ? {} : { most }) });

const searchOptions = defineOptions({
  space: required(instance('an object of dimensions by name, such as train.uniform(0, 1)', isSpace)),
  objective: required(callback<SearchOptions['objective']>()),
  method: word(['random', 'grid', 'halving'], 'random'),
  trials: positive(20, mostTrials),
  gridPoints: positive(5, mostTrials),
  direction: word(['maximize', 'minimize'], 'maximize'),
  seed: whole(0),
  parallel: positive(1),
  maxBudget: positive(27),
  eta: whole(3, { least: 2 }),
  store: instance('a store, such as a TrialFile', isStore),
  onTrial: callback<NonNullable<SearchOptions['onTrial']>>(),
  signal: instance('an AbortSignal', isSignal),
});

const trialNumber = required(whole(undefined, { least: 0, below: mostTrials }));

export interface SearchResult {
  /** All trials, ordered by number. */
  readonly trials: readonly TrialRecord[];
  /** The best of those with the largest budget that didn't fail; absent if all failed. */
  readonly best?: TrialRecord;
  /** Whether all trials were run; false if the search was stopped. */
  readonly complete: boolean;
}

interface Plan {
  readonly trial: number;
  readonly parameters: Parameters;
  readonly budget?: number;
}

/** Sizes and budgets of the rounds of successive halving. */
export function halvingRounds(
  trials: number,
  maxBudget: number,
  eta: number,
): { trials: number; budget: number }[] {
  count('halvingRounds', 'trials', trials, 1);
  count('halvingRounds', 'eta', eta, 2);
  count('halvingRounds', 'maxBudget', maxBudget, 1);
  const rounds = Math.floor(Math.log(trials) / Math.log(eta) + 1e-9);
  return Array.from({ length: rounds + 1 }, (_, i) => ({
    trials: Math.max(1, Math.floor(trials / eta ** i)),
    budget: Math.max(1, Math.round(maxBudget / eta ** (rounds - i))),
  })).filter((round, i, all) => i === all.length - 1 || round.budget < all[i + 1]!.budget);
}

const sameParameters = (a: Parameters, b: Parameters): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

/**
 * Looks for the hyperparameters with the best objective, by grid search, by random search (usually the better
 * use of the same number of trials), or by successive halving. A trial that throws, or diverges to NaN or an
 * infinity, is recorded as failed and is never the best, and the search goes on; trials that are already in
 * the store aren't run again.
 *
 * @throws ArgumentError for invalid options, or a store of another search
 * @source notes 2.7; Bergstra and Bengio 2012 (random search); Jamieson and Talwalkar 2016 (halving)
 * @example
 * const { best } = await train.search({
 *   space: { lr: train.logUniform(1e-3, 1), momentum: train.uniform(0, 0.9) },
 *   trials: 4,
 *   direction: 'minimize',
 *   async objective({ parameters }) {
 *     const net = new nn.Linear(4, 3);
 *     const sgd = new optim.SGD(net.parameters(), parameters as { lr: number; momentum: number });
 *     const trainer = new train.Trainer<[Tensor, Tensor]>({
 *       model: net,
 *       optimizer: sgd,
 *       step: ([x, y]) => ({ loss: F.crossEntropy(net.forward(x), y) }),
 *     });
 *     await trainer.fit(batches, { epochs: 2 });
 *     return (await trainer.evaluate(batches)).loss!;
 *   },
 * });
 */
export async function search(options: SearchOptions): Promise<SearchResult> {
  const read = searchOptions('search', options);
  const { space, method, trials, gridPoints: points, seed } = read;
  const { maxBudget, eta, parallel, direction } = read;
  checkSpace(space);

  const run = new Runner(options, parallel);
  const sign = direction === 'maximize' ? 1 : -1;
  /** The trials that didn't fail, the best first. */
  const ranked = (records: readonly TrialRecord[]): TrialRecord[] =>
    records
      .filter(({ value }) => value !== undefined)
      .sort((a, b) => sign * (b.value! - a.value!) || a.trial - b.trial);

  let best: TrialRecord | undefined;
  if (method === 'halving') {
    const rounds = halvingRounds(trials, maxBudget, eta);
    run.requireBudgets(rounds.flatMap((round) => Array<number>(round.trials).fill(round.budget)));
    let toCome = rounds.reduce((sum, round) => sum + round.trials, 0);
    let parameters = draw(space, trials, seed);
    let first = 0;
    for (const { trials: planned, budget } of rounds) {
      const chosen = parameters.slice(0, planned);
      // Fewer than planned go on if others failed.
      toCome -= planned - chosen.length;
      run.expect(toCome);
      const records = await run.all(chosen.map((p, i) => ({ trial: first + i, parameters: p, budget })));
      const survivors = ranked(records);
      best = survivors[0] ?? best;
      if (run.stopped) break;
      first += planned;
      parameters = survivors.map((record) => record.parameters);
    }
  } else {
    run.requireBudgets([]);
    const all = method === 'grid' ? gridPoints(space, points) : draw(space, Math.max(trials, run.end), seed);
    // A store may have more trials than we draw now: those count, too.
    const plans = all
      .map((parameters, trial) => ({ trial, parameters }))
      .filter(({ trial }) => method === 'grid' || trial < trials || run.has(trial));
    run.expect(plans.length);
    [best] = ranked(await run.all(plans));
  }
  return { trials: run.records, complete: !run.stopped, ...(best ? { best } : {}) };
}

/** A trial with its objective's value, or with the reason it has none. */
function judged(trial: Omit<TrialRecord, 'value'>, given: unknown): TrialRecord {
  if (typeof given === 'number' && Number.isFinite(given)) return { ...trial, value: given };
  const hint = given instanceof Tensor ? '\n  hint: await tensor.item()' : '';
  return { ...trial, error: `the objective returned ${describe(given)}, which isn't a finite number${hint}` };
}

const describeBudget = (budget: number | undefined): string =>
  budget === undefined ? 'none' : `a budget of ${budget}`;

function draw(space: Space, count: number, seed: number): Parameters[] {
  const generator = new Generator(seed);
  return Array.from({ length: count }, () => samplePoint(space, generator));
}

/** Runs trials, several at once, and keeps their records. */
class Runner {
  readonly #records = new Map<number, TrialRecord>();
  readonly #options: SearchOptions;
  readonly #signal: AbortSignal;
  #expected = 0;
  stopped = false;

  constructor(
    options: SearchOptions,
    readonly parallel: number,
  ) {
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
    const stored = options.store?.load() ?? [];
    requireRecords('search', 'what the store loads', stored, { trial: trialNumber });
    for (const { value, ...record } of stored)
      this.#records.set(record.trial, record.error === undefined ? judged(record, value) : record);
  }

  get records(): TrialRecord[] {
    return [...this.#records.values()].sort((a, b) => a.trial - b.trial);
  }

  /** Sets the total number of trials, for progress reports. */
  expect(count: number): void {
    this.#expected = count;
  }

  has(trial: number): boolean {
    return this.#records.has(trial);
  }

  /** The number after the store's last trial. */
  get end(): number {
    return 1 + Math.max(-1, ...this.#records.keys());
  }

  /**
   * When halving, a trial's number determines how long it's trained.
   *
   * @throws ArgumentError for a store whose trials had other budgets
   */
  requireBudgets(budgets: readonly number[]): void {
    for (const { trial, budget } of this.records)
      if (budget !== budgets[trial])
        throw new ArgumentError(
          'search',
          `trial ${trial} of the store had ${describeBudget(budget)}, but in this search it has ${describeBudget(budgets[trial])}\n` +
            '  hint: a halving search resumes with its original trials, maxBudget and eta',
        );
  }

  /** The records of these trials; only the finished ones if the search was stopped. */
  async all(plans: readonly Plan[]): Promise<TrialRecord[]> {
    for (const plan of plans) {
      const known = this.#records.get(plan.trial);
      if (known && !sameParameters(known.parameters, plan.parameters))
        throw new ArgumentError(
          'search',
          `trial ${plan.trial} of the store had ${JSON.stringify(known.parameters)}, but this search has ${JSON.stringify(plan.parameters)}: the store belongs to another search`,
        );
    }
    const waiting = plans.filter(({ trial }) => !this.#records.has(trial));
    const work = async (): Promise<void> => {
      for (let plan = waiting.shift(); plan && !this.#signal.aborted; plan = waiting.shift())
        await this.#one(plan);
    };
    await Promise.all(Array.from({ length: Math.min(this.parallel, waiting.length) }, work));
    if (this.#signal.aborted) this.stopped = plans.some(({ trial }) => !this.#records.has(trial));
    return plans.flatMap(({ trial }) => this.#records.get(trial) ?? []);
  }

  async #one(plan: Plan): Promise<void> {
    const start = performance.now();
    let given: unknown;
    let error: string | undefined;
    try {
      given = await this.#options.objective({ ...plan, signal: this.#signal });
    } catch (thrown) {
      error = thrown instanceof Error ? thrown.message : String(thrown);
    }
    // What a trial returns after it was told to stop isn't a result.
    if (this.#signal.aborted) return;
    const over = { ...plan, seconds: (performance.now() - start) / 1000 };
    const record = error === undefined ? judged(over, given) : { ...over, error };
    this.#records.set(plan.trial, record);
    this.#options.store?.add(record);
    this.#options.onTrial?.(record, { done: this.#records.size, of: this.#expected });
  }
}
