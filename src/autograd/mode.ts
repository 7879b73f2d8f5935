import { type Inspection, inspectNaN, inspectNonFinite } from './anomaly.js';

interface Mode {
  /** Whether operations record a graph. */
  grad: boolean;
  /** Looks at every result, forward and backward; null: nobody does. */
  inspect: Inspection | null;
}

/** Process-wide switches of autograd. */
export const mode: Mode = { grad: true, inspect: null };

function withMode<K extends keyof Mode, R>(key: K, value: Mode[K], work: () => R): R {
  const before = mode[key];
  mode[key] = value;
  let result: R;
  try {
    result = work();
  } catch (error) {
    mode[key] = before;
    throw error;
  }
  if (result instanceof Promise)
    return result.finally(() => {
      mode[key] = before;
    }) as R;
  mode[key] = before;
  return result;
}

/**
 * Runs `work` without recording a graph; its results require no grad. For an asynchronous `work`
 * the mode lasts until its promise settles.
 */
export const noGrad = <R>(work: () => R): R => withMode('grad', false, work);

/** Runs `work` recording a graph, inside a `noGrad`. */
export const enableGrad = <R>(work: () => R): R => withMode('grad', true, work);

/** Whether operations record a graph now. */
export const isGradEnabled = (): boolean => mode.grad;

/** Runs `work` with every result, forward and backward, shown to `inspection`. */
export const inspecting = <R>(inspection: Inspection, work: () => R): R =>
  withMode('inspect', inspection, work);

export interface AnomalyOptions {
  /** Whether infinities that were made of finite numbers are looked for too (default false). */
  readonly infinity?: boolean;
}

/**
 * Runs `work` looking at every result, forward and backward, and throws a NonFiniteError that names
 * the operation which first made a NaN. Slow: for finding a fault.
 *
 * @differs from PyTorch, which looks at results of backward only, and at NaN only
 */
export const detectAnomaly = <R>(work: () => R, { infinity = false }: AnomalyOptions = {}): R =>
  inspecting(infinity ? inspectNonFinite : inspectNaN, work);
