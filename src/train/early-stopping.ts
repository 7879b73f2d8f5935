import { describe } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { checkOption, defineOptions, flag, nullable, number, text, whole, word } from '../core/options.js';
import { type Direction, improves, monitored, resolveMode } from './monitor.js';
import { membersOf, type State } from './state.js';

export interface EarlyStoppingOptions {
  /** The value to watch: its name in what `step` returns (default `'loss'`). */
  readonly monitor?: string;
  /** Epochs without an improvement after which the training ends (default 3). */
  readonly patience?: number;
  /** How much better a value must be to count (default 0). */
  readonly minDelta?: number;
  /**
   * Whether lower or higher is better (default: inferred from the name, `'max'` for an accuracy and
   * `'min'` for a loss; required if the name doesn't tell).
   */
  readonly mode?: Direction;
  /** Whether the model ends up with the weights of the best epoch (default true). */
  readonly restoreBest?: boolean;
}

const earlyStoppingOptions = defineOptions({
  monitor: text('loss'),
  patience: whole(3, { least: 1 }),
  minDelta: number(0, { least: 0 }),
  mode: word(['min', 'max'], undefined),
  restoreBest: flag(true),
});

const counter = whole(0, { least: 0 });
const bestValue = nullable(number(0, { infinite: true }), null);

/**
 * Ends a training when a value hasn't improved for `patience` epochs: the validation's if there is one,
 * else the training's. At the end the model has the weights of the best epoch.
 *
 * @source notes 2.11; Prechelt 1998, doi:10.1007/3-540-49430-8_3
 * @example
 * const trainer = new train.Trainer<[Tensor, Tensor]>({
 *   model,
 *   optimizer: opt,
 *   earlyStopping: new train.EarlyStopping({ patience: 2 }),
 *   step: ([x, y]) => ({ loss: F.crossEntropy(model.forward(x), y) }),
 * });
 * await trainer.fit(batches, { epochs: 5, validation: batches });
 */
export class EarlyStopping {
  readonly monitor: string;
  readonly patience: number;
  readonly minDelta: number;
  readonly mode: Direction;
  readonly restoreBest: boolean;
  #best: number | null = null;
  #bestEpoch = 0;
  #waited = 0;
  #weights: State = null;

  constructor(options?: EarlyStoppingOptions) {
    const name = new.target.name;
    const { monitor, patience, minDelta, mode, restoreBest } = earlyStoppingOptions(name, options);
    this.monitor = monitor;
    this.patience = patience;
    this.minDelta = minDelta;
    this.mode = resolveMode(name, monitor, mode);
    this.restoreBest = restoreBest;
  }

  /** The best value so far; null before the first. */
  get best(): number | null {
    return this.#best;
  }

  /** Number of the epoch with the best value, from 1; 0 before the first. */
  get bestEpoch(): number {
    return this.#bestEpoch;
  }

  /** Epochs since the last improvement. */
  get waited(): number {
    return this.#waited;
  }

  /** Whether patience has run out. */
  get stopped(): boolean {
    return this.#waited >= this.patience;
  }

  /** The weights of the best epoch, as passed to `observe`; null if none are kept. */
  get weights(): State {
    return this.#weights;
  }

  /**
   * Records an epoch.
   *
   * @param snapshot copies the weights
   * @throws ArgumentError if the monitored value is missing
   */
  observe(epoch: number, values: Readonly<Record<string, number>>, snapshot: () => State): void {
    const value = monitored('EarlyStopping', this.monitor, values);
    if (improves(value, this.#best, this.mode, this.minDelta)) {
      this.#best = value;
      this.#bestEpoch = epoch;
      this.#waited = 0;
      if (this.restoreBest) this.#weights = snapshot();
    } else this.#waited++;
  }

  stateDict(): State {
    return {
      best: this.#best,
      bestEpoch: this.#bestEpoch,
      waited: this.#waited,
      weights: this.#weights,
    };
  }

  /** Resumes from a `stateDict`. @throws ArgumentError if it isn't a state of early stopping */
  loadStateDict(state: State): void {
    const { best, bestEpoch, waited, weights = null } = membersOf('earlyStopping', state);
    checkOption('loadState', 'earlyStopping.best', bestValue, best);
    checkOption('loadState', 'earlyStopping.bestEpoch', counter, bestEpoch);
    checkOption('loadState', 'earlyStopping.waited', counter, waited);
    if ((best === null) !== (bestEpoch === 0))
      throw new ArgumentError(
        'loadState',
        `earlyStopping.best is ${describe(best)}, but earlyStopping.bestEpoch is ${describe(bestEpoch)}`,
      );
    if (weights !== null) membersOf('earlyStopping.weights', weights);
    this.#best = best as number | null;
    this.#bestEpoch = bestEpoch as number;
    this.#waited = waited as number;
    this.#weights = weights;
  }
}
