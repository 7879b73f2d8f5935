import { ArgumentError } from '../core/errors.js';
import type { Tensor } from '../index.js';
import type { Module } from '../nn/index.js';
import type { OptimizerLike } from './gradient-step.js';

type Activity = 'fit' | 'evaluate';

/** What's running on each model, and on each parameter that a training changes, across all trainers. */
const underWay = new WeakMap<Module | Tensor, readonly Turn[]>();

const names: Readonly<Record<Activity, string>> = { fit: 'a training', evaluate: 'an evaluation' };

/** What a trainer is about to do. */
interface Plan {
  readonly activity: Activity;
  readonly trainer: object;
  readonly models: readonly Module[];
  /** The ones whose parameters a training changes. */
  readonly optimizers?: readonly OptimizerLike[];
  /** Whether a step uses the gradients of several batches. */
  readonly accumulates?: boolean;
}

/**
 * A training or evaluation while it's running. A trainer does one thing at a time: a second training would
 * take the first one's gradients, and an evaluation would measure a model in training. When several trainers
 * train one model, they take turns batch by batch; if a step uses several batches, their gradients would mix.
 */
export class Turn {
  #paused = false;
  /** What's busy in the meantime. */
  readonly #busy: readonly (Module | Tensor)[];

  private constructor(private readonly plan: Plan) {
    const { models, optimizers = [] } = plan;
    this.#busy = [...models, ...optimizers.flatMap((o) => o.paramGroups.flatMap(({ params }) => params))];
  }

  /**
   * @throws ArgumentError if the trainer is already running something; if any trainer is evaluating the model; for an
   *   evaluation, if any trainer is training it; for a training, if another one shares parameters with it and either
   *   of them uses several batches per step
   */
  static begin(plan: Plan): Turn {
    const turn = new Turn(plan);
    turn.#requireUndisturbed();
    for (const key of turn.#busy) underWay.set(key, [...turnsOf(key), turn]);
    return turn;
  }

  /** @throws ArgumentError if the trainer is already running something */
  static requireNone(operation: string, trainer: object, models: readonly Module[]): void {
    const own = models.flatMap(turnsOf).find(({ plan }) => plan.trainer === trainer);
    if (own !== undefined) throw inTheWay(operation, own.plan);
  }

  #requireUndisturbed(): void {
    const { activity, trainer, accumulates } = this.plan;
    for (const other of this.#busy.flatMap(turnsOf)) {
      const { plan } = other;
      if (plan.trainer === trainer && plan.activity === activity) throw inTheWay(activity, plan);
      if (other.#paused) continue;
      if (plan.activity !== 'fit' || activity !== 'fit') throw inTheWay(activity, plan);
      if (accumulates || plan.accumulates)
        throw new ArgumentError(
          activity,
          'another training of these parameters is running, and with accumulate their gradients would mix\n  hint: await one fit(…) before the other',
        );
    }
  }

  /** Runs a callback, which may evaluate. @throws ArgumentError if it leaves something running */
  async pause(callback: () => void | Promise<void>): Promise<void> {
    this.#paused = true;
    try {
      const result = callback();
      if (result !== undefined) await result;
    } finally {
      this.#paused = false;
    }
    const { activity, accumulates } = this.plan;
    for (const { plan } of this.#busy.flatMap(turnsOf)) {
      const left = plan.activity === 'evaluate' || (plan !== this.plan && (accumulates || plan.accumulates));
      if (left)
        throw new ArgumentError(
          activity,
          `a callback left ${names[plan.activity]} running\n  hint: await ${plan.activity}(…) in the callback, and make the callback async`,
        );
    }
  }

  end(): void {
    for (const key of this.#busy) {
      const rest = turnsOf(key).filter((turn) => turn !== this);
      if (rest.length > 0) underWay.set(key, rest);
      else underWay.delete(key);
    }
  }
}

/** The current step, of any training. */
let lastStep: Promise<unknown> = Promise.resolve();

/** Makes a step after the current ones: it waits for a read before it changes parameters, which others may share. */
export function stepping<R>(step: () => Promise<R>): Promise<R> {
  const done = lastStep.then(step);
  lastStep = done.catch(() => {});
  return done;
}

const turnsOf = (key: Module | Tensor): readonly Turn[] => underWay.get(key) ?? [];

const inTheWay = (operation: string, { activity }: Plan): ArgumentError =>
  new ArgumentError(
    operation,
    `${names[activity]} of this model is running\n  hint: await ${activity}(…) before you call ${operation}`,
  );
