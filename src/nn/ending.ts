import { isFloat } from '../core/dtype.js';
import type { Ending } from '../ops/ending.js';
import { Tensor } from '../tensor/tensor.js';
import { ReLU, Sigmoid, Tanh } from './activation.js';
import { GELU } from './activation-options.js';
import { within } from './module/locate.js';
import type { Module } from './module/module.js';

/**
 * A method for layers that can apply the following activation in their own pass over memory. It belongs to the same
 * class's `forward`; it returns null if the layer can't end in that activation.
 */
export const endsIn: unique symbol = Symbol('endsIn');

interface EndingLayer extends Module {
  [endsIn](x: Tensor, ending: Ending): Tensor | null;
}

const classes = new Map<unknown, Ending>([
  [ReLU, 'relu'],
  [Sigmoid, 'sigmoid'],
  [Tanh, 'tanh'],
  [GELU, 'gelu'],
]);

/** The object that provides a member: the module or one of its prototypes; null if none does. */
function ownerOf(module: object, member: PropertyKey): object | null {
  let at: object | null = module;
  while (at !== null && !Object.hasOwn(at, member)) at = Object.getPrototypeOf(at) as object | null;
  return at;
}

/** The activation that a module is, if it's one of the library's, not a subclass, and has no hooks. */
function endingOf(module: Module): Ending | undefined {
  const ending = classes.get(module.constructor);
  if (ending === undefined || Object.hasOwn(module, 'forward')) return undefined;
  return module instanceof GELU && module.approximate !== 'none' ? undefined : ending;
}

/**
 * y = next(layer(x)) in one pass over memory if both are library layers that support it; otherwise null. A module
 * with hooks or a custom `forward` runs by itself.
 */
export function forwardBoth(layer: Module, next: Module, x: Tensor): Tensor | null {
  const ending = endingOf(next);
  if (ending === undefined || !(x instanceof Tensor) || !isFloat(x.dtype)) return null;
  const owner = ownerOf(layer, endsIn);
  if (owner === null || ownerOf(layer, 'forward') !== owner) return null;
  return within(layer, () => (layer as EndingLayer)[endsIn](x, ending));
}
