import { isFloat } from '../core/dtype.js';
import { defineOptions, nullable } from '../core/options.js';
import type { Ending } from '../ops/ending.js';
import { checkTensors } from '../tensor/argument.js';
import { tensorOption } from '../tensor/option.js';
import { Tensor } from '../tensor/tensor.js';
import { ReLU, Sigmoid, Tanh } from './activation.js';
import { GELU } from './activation-options.js';
import { moduleOption, requireModule } from './module/argument.js';
import { within } from './module/locate.js';
import type { Layer, Module } from './module/module.js';

/** What follows a layer's own values: something added to them, then an activation. */
export interface Following {
  readonly add: Tensor | null;
  readonly ending: Ending | undefined;
}

/**
 * A method for layers that can include what follows in their own pass over memory. It belongs to the same class's
 * `forward`; it returns null if the layer can't include that.
 */
export const followedBy: unique symbol = Symbol('followedBy');

interface FusingLayer extends Module {
  [followedBy](x: Tensor, following: Following): Tensor | null;
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
 * y = activation(layer(x) + add) in one pass over memory if the library's layer and activation support it; otherwise
 * null. A module with hooks or a custom `forward` runs by itself.
 */
export function inOnePass(
  layer: Module,
  x: Tensor,
  add: Tensor | null,
  activation: Module | null,
): Tensor | null {
  const ending = activation === null ? undefined : endingOf(activation);
  if (activation === null ? add === null : ending === undefined) return null;
  if (!(x instanceof Tensor) || !isFloat(x.dtype)) return null;
  const owner = ownerOf(layer, followedBy);
  if (owner === null || ownerOf(layer, 'forward') !== owner) return null;
  return within(layer, () => (layer as FusingLayer)[followedBy](x, { add, ending }));
}

export interface FuseOptions {
  /** Added to the layer's output (default null: nothing). */
  readonly add?: Tensor | null;
  /** Applied to the sum (default null: none). */
  readonly activation?: Layer | null;
}

const fuseOptions = defineOptions({
  add: nullable(tensorOption, null),
  activation: nullable(moduleOption, null),
});

/**
 * y = activation(layer(x) + add), in one pass over memory if the layer supports it.
 *
 * Batch norm can include a tensor of x's shape and a ReLU, a convolution a ReLU, and a linear layer a ReLU, sigmoid,
 * tanh, or, if no gradient is recorded, GELU. Anything else runs step by step, and so does a module with hooks or your
 * own `forward`: it sees and does the same as without `fuse`. It doesn't notice only a
 * `forward` that you replace on a prototype of the library's.
 *
 * @throws ArgumentError unless `layer` and `activation` are modules and x, `add`, and the layer's output tensors
 * @differs from PyTorch, which has no equivalent
 * @source notes 3.10; He et al. 2015, arXiv:1512.03385, figure 2
 * @example
 * const [norm, relu] = [new nn.BatchNorm1d(4), new nn.ReLU()];
 * nn.fuse(norm, x, { add: x, activation: relu }); // relu.forward(norm.forward(x).add(x))
 */
export function fuse(layer: Layer, x: Tensor, options?: FuseOptions): Tensor {
  requireModule('fuse', 'layer', layer);
  checkTensors('fuse', { x });
  const { add, activation } = fuseOptions('fuse', options);
  const fused = inOnePass(layer, x, add, activation);
  if (fused !== null) return fused;
  const y = layer.forward(x);
  checkTensors('fuse', { "the layer's output": y });
  const sum = add === null ? y : y.add(add);
  return activation === null ? sum : (activation as Layer).forward(sum);
}
