import { ArgumentError } from '../../core/errors.js';
import { Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';

/** What came out of a module. */
export interface LayerOutput {
  readonly module: nn.Module;
  readonly output: Tensor;
}

/** Runs the model on an input and records the outputs of some of its modules, call by call. */
export function listen(
  model: nn.Layer,
  x: Tensor,
  modules: readonly nn.Module[],
): { readonly result: Tensor; readonly outputs: readonly LayerOutput[] } {
  const outputs: LayerOutput[] = [];
  const handles = modules.map((module) =>
    module.registerForwardHook((_, _inputs, output: unknown) => {
      if (output instanceof Tensor) outputs.push({ module, output });
    }),
  );
  try {
    return { result: model.forward(x), outputs };
  } finally {
    for (const handle of handles) handle.remove();
  }
}

/** The convolutions of a model with their paths, in the order of its fields. */
export const convolutionsOf = (model: nn.Module): [path: string, conv: nn.Conv2d][] =>
  model.namedModules().filter((named): named is [string, nn.Conv2d] => named[1] instanceof nn.Conv2d);

/** The error for a model without a convolution. */
export const noConvolution = (operation: string, model: nn.Module): ArgumentError =>
  new ArgumentError(operation, `${model.constructor.name} has no Conv2d`);

/** @throws ArgumentError saying that nothing came out of a layer */
export const silent = (operation: string, layer: string): ArgumentError =>
  new ArgumentError(
    operation,
    `no tensor came out of '${layer}': forward doesn't call it, or not in evaluation mode`,
  );
