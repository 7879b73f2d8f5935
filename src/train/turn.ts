import { ArgumentError } from '../core/errors.js';
import type { Module } from '../nn/index.js';

type Activity = 'fit' | 'evaluate';

/** What is under way with each model, whichever trainer does it. */
const underWay = new WeakMap<Module, readonly Turn[]>();

const names: Readonly<Record<Activity, string>> = { fit: 'a training', evaluate: 'an evaluation' };

/**
 * A training or evaluation while it is under way. A trainer does one thing at a time: a second training would
 * take the first one's gradients, and an evaluation would measure a model that is training.
 */
export class Turn {
  #paused = false;

  private constructor(
    private readonly activity: Activity,
    private readonly trainer: object,
    private readonly models: readonly Module[],
  ) {}

  /**
   * @throws ArgumentError if the trainer has something under way; if any trainer evaluates the model; for an
   *   evaluation, if any trainer trains it
   */
  static begin(activity: Activity, trainer: object, models: readonly Module[]): Turn {
    const disturbs = (other: Turn): boolean =>
      activity === 'fit' && other.activity === 'fit' ? other.trainer === trainer : !other.#paused;
    Turn.#require(activity, models, disturbs);
    const turn = new Turn(activity, trainer, models);
    for (const model of models) underWay.set(model, [...Turn.#of(model), turn]);
    return turn;
  }

  /** @throws ArgumentError if the trainer has something under way */
  static requireNone(operation: string, trainer: object, models: readonly Module[]): void {
    Turn.#require(operation, models, (other) => other.trainer === trainer);
  }

  static #of(model: Module): readonly Turn[] {
    return underWay.get(model) ?? [];
  }

  static #require(operation: string, models: readonly Module[], disturbs: (other: Turn) => boolean): void {
    const other = models.flatMap(Turn.#of).find(disturbs);
    if (other === undefined) return;
    const { activity } = other;
    throw new ArgumentError(
      operation,
      `${names[activity]} of this model is under way\n  hint: await ${activity}(…) before you call ${operation}`,
    );
  }

  /** Runs a callback, which may evaluate. @throws ArgumentError if it leaves an evaluation under way */
  async pause(callback: () => void | Promise<void>): Promise<void> {
    this.#paused = true;
    try {
      const result = callback();
      if (result !== undefined) await result;
    } finally {
      this.#paused = false;
    }
    if (this.models.flatMap(Turn.#of).some(({ activity }) => activity === 'evaluate'))
      throw new ArgumentError(
        this.activity,
        'a callback left an evaluation under way\n  hint: await evaluate(…) in the callback, and make the callback async',
      );
  }

  end(): void {
    for (const model of this.models) {
      const rest = Turn.#of(model).filter((turn) => turn !== this);
      if (rest.length > 0) underWay.set(model, rest);
      else underWay.delete(model);
    }
  }
}
