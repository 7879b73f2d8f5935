import { enableGrad, tidy } from '../../index.js';
import type * as nn from '../../nn/index.js';
import { undisturbed } from '../../nn/module/undisturbed.js';

/**
 * Runs `work` with the model in evaluation mode and its parameters frozen, and then restores the model and the random
 * state. Frees the memory of everything that `work` doesn't return.
 */
export function inspecting<R>(model: nn.Module, work: () => R): R {
  const learning = model.parameters().filter((parameter) => parameter.requiresGrad);
  for (const parameter of learning) parameter.requiresGrad_(false);
  try {
    return undisturbed(model, () => tidy(() => enableGrad(work)));
  } finally {
    for (const parameter of learning) parameter.requiresGrad_(true);
  }
}
