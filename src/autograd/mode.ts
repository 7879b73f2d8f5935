import { requireFunction } from '../core/arguments.js';
import { AutogradError } from '../core/errors.js';
import { exact } from '../core/exact.js';
import { callback, checkOption, defineOptions, flag } from '../core/options.js';
import { isUnfinished } from '../core/unfinished.js';
import { type Inspection, inspectNaN, inspectNonFinite } from './anomaly.js';

interface Mode {
  /** Whether operations record a graph. */
  grad: boolean;
  /** Whether the graph keeps tensors for backward. */
  saves: boolean;
  /** Looks at every result, forward and backward; null: nobody does. */
  inspect: Inspection | null;
}

/** Process-wide switches of autograd. */
export const mode: Mode = { grad: true, saves: true, inspect: null };

const aFunction = callback();

function withMode<K extends keyof Mode, R>(scope: string, key: K, value: Mode[K], work: () => R): R {
  checkOption(scope, 'the argument', aFunction, work);
  requireFunction(scope, 'work', work);
  const before = mode[key];
  mode[key] = value;
  let result: R;
  try {
    result = work();
  } finally {
    mode[key] = before;
  }
  if (isUnfinished(result))
    throw new AutogradError(
      scope,
      "the function must be synchronous: the mode is the whole process's, so it can't last over an await\n" +
        `  hint: await outside: const loss = ${scope}(() => model.forward(x)); await loss.item()`,
    );
  return result;
}

/**
 * Runs `work` without recording a graph; its results require no grad.
 *
 * @throws AutogradError if `work` is asynchronous or a generator. The mode is restored before that, so what
 *   such a function does after its first `await` records a graph as usual.
 * @example
 * const x = randn([8, 3]);
 * const loss = noGrad(() => F.mseLoss(x, zeros([8, 3]))); // one scope a step
 * console.log(await loss.item()); // and the waiting outside of it
 */
export const noGrad = exact(
  'noGrad(work)',
  <R>(work: () => R): R => withMode('noGrad', 'grad', false, work),
  'relays',
);

/**
 * Runs `work` recording a graph, inside a `noGrad`.
 * @throws AutogradError if `work` is asynchronous or a generator
 */
export const enableGrad = exact(
  'enableGrad(work)',
  <R>(work: () => R): R => withMode('enableGrad', 'grad', true, work),
  'relays',
);

/** Whether operations record a graph now. */
export const isGradEnabled = exact('isGradEnabled()', (): boolean => mode.grad);

/** Runs `work` with every result, forward and backward, shown to `inspection`. */
export const inspecting = <R>(inspection: Inspection, work: () => R): R =>
  withMode('detectAnomaly', 'inspect', inspection, work);

export interface AnomalyOptions {
  /** Whether infinities that were made of finite numbers are looked for too (default false). */
  readonly infinity?: boolean;
}

const readAnomaly = defineOptions({ infinity: flag(false) });

/**
 * Runs `work` looking at every result, forward and backward, and throws a NonFiniteError that names
 * the operation which first made a NaN. Slow: for finding a fault.
 *
 * @throws AutogradError if `work` is asynchronous or a generator
 * @differs from PyTorch, which looks at results of backward only, and at NaN only
 */
export const detectAnomaly = <R>(work: () => R, options?: AnomalyOptions): R =>
  inspecting(readAnomaly('detectAnomaly', options).infinity ? inspectNonFinite : inspectNaN, work);
