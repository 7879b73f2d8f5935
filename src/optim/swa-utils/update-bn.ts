import { noGrad } from '../../autograd/mode.js';
import { BatchNorm } from '../../nn/batch-norm.js';
import { requireModule } from '../../nn/module/argument.js';
import type { Layer, Module } from '../../nn/module/module.js';
import type { Tensor } from '../../tensor/tensor.js';
import { tidy } from '../../tensor/tidy.js';

/**
 * Recomputes the running means and variances of all batch norms as means over all batches, for a model with averaged
 * weights that was never trained directly. The model's flags don't change.
 *
 * @param batches inputs to the model, or lists that start with one
 * @source Izmailov et al. 2018, arXiv:1803.05407
 * @example
 * const average = new optim.swaUtils.AveragedModel(model);
 * average.updateParameters(model);
 * await optim.swaUtils.updateBn(batches, average);
 */
export async function updateBn(
  batches: AsyncIterable<unknown> | Iterable<unknown>,
  model: Module,
): Promise<void> {
  requireModule('updateBn', 'model', model);
  const modules = model.modules();
  const norms = modules.filter((module) => module instanceof BatchNorm);
  if (norms.length === 0) return;
  const before = modules.map(({ training }) => training);
  const momenta = norms.map(({ momentum }) => momentum);
  try {
    model.train();
    for (const norm of norms) {
      norm.resetRunningStats();
      norm.momentum = null;
    }
    for await (const batch of batches) {
      const input = (Array.isArray(batch) ? batch[0] : batch) as Tensor;
      tidy(() => void noGrad(() => (model as Layer).forward(input)));
    }
  } finally {
    norms.forEach((norm, i) => {
      norm.momentum = momenta[i]!;
    });
    modules.forEach((module, i) => {
      module.training = before[i]!;
    });
  }
}
