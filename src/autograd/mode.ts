/** Process-wide switches of autograd. */
export const mode = {
  /** Whether operations record a graph. */
  grad: true,
  /** Whether every result is searched for NaN and infinity. */
  anomaly: false,
};

function withMode<R>(key: keyof typeof mode, value: boolean, work: () => R): R {
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

/**
 * Runs `work` looking at every result, forward and backward, and throws a NonFiniteError that names
 * the operation which first made a NaN. Slow: for finding a fault.
 */
export const detectAnomaly = <R>(work: () => R): R => withMode('anomaly', true, work);
