import { enableGrad, getRngState, setRngState, tidy } from '../../index.js';
import type * as nn from '../../nn/index.js';

/**
 * Runs `work` with the model in evaluation and its parameters frozen, and leaves the model and the random
 * numbers as they were. Memory of what `work` does not return is given back.
 */
export function undisturbed<R>(model: nn.Module, work: () => R): R {
  const modes = model.modules().map((module) => [module, module.training] as const);
  const learning = model.parameters().filter((parameter) => parameter.requiresGrad);
  const random = getRngState();
  try {
    model.eval();
    for (const parameter of learning) parameter.requiresGrad_(false);
    return tidy(() => enableGrad(work));
  } finally {
    for (const [module, training] of modes) module.training = training;
    for (const parameter of learning) parameter.requiresGrad_(true);
    setRngState(random);
  }
}
