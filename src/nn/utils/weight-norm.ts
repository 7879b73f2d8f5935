import { noGrad } from '../../autograd/mode.js';
import { defineOptions, nullable, text, whole } from '../../core/options.js';
import { normalizeAxis } from '../../core/shape.js';
import { outliving } from '../../tensor/memory.js';
import type { Tensor } from '../../tensor/tensor.js';
import { requireModule } from '../module/argument.js';
import { installWeight, parameterIn, removeWeight } from '../module/computed-weight.js';
import type { Module } from '../module/module.js';
import { Parameter } from '../module/parameter.js';

export interface WeightNormOptions {
  /** The field that holds the weight (default `weight`). */
  readonly name?: string;
  /** The axis along which each slice has its own length (default 0); null uses one length for all. */
  readonly dim?: number | null;
}

/** The Euclidean norm over all axes but one. */
const normExcept = (v: Tensor, dim: number | null): Tensor => {
  if (dim === null) return v.norm();
  const others = v.shape.map((_, axis) => axis).filter((axis) => axis !== dim);
  return others.length === 0 ? v.abs() : v.norm(2, others, { keepdim: true });
};

const weightNormOptions = defineOptions({ name: text('weight'), dim: nullable(whole(0), 0) });

/**
 * Weight normalization: learns a weight as a length g and a direction v, w = g · v/‖v‖.
 *
 * The module has `weight_g` and `weight_v` in its state dict instead of `weight`, which is computed whenever it's
 * read. Create the optimizer afterward.
 *
 * @returns the module
 * @throws ArgumentError if there's no such parameter, or it's already computed
 * @differs a negative `dim` counts from the end; a frozen weight stays frozen
 * @source Salimans and Kingma 2016, arXiv:1602.07868
 * @example
 * const layer = nn.utils.weightNorm(new nn.Linear(20, 40));
 * Object.keys(layer.stateDict()); // ['bias', 'weight_g', 'weight_v']
 */
export function weightNorm<M extends Module>(module: M, options?: WeightNormOptions): M {
  requireModule('weightNorm', 'module', module);
  const { name, dim } = weightNormOptions('weightNorm', options);
  const weight = parameterIn('weightNorm', module, name);
  const axis = dim === null ? null : normalizeAxis('weightNorm', dim, weight.ndim);
  const length = outliving(() => noGrad(() => normExcept(weight, axis)));
  installWeight(module, name, {
    by: 'weightNorm',
    parts: { G: new Parameter(length, weight.requiresGrad), V: weight },
    compute(fields) {
      const [g, v] = [fields[`${name}G`]!, fields[`${name}V`]!];
      return v.mul(g.div(normExcept(v, axis)));
    },
  });
  return module;
}

const removeWeightNormOptions = defineOptions({ name: text('weight') });

/**
 * Turns a weight back into a single parameter.
 *
 * @returns the module
 * @throws ArgumentError if it doesn't have a weight norm
 */
export function removeWeightNorm<M extends Module>(module: M, options?: { readonly name?: string }): M {
  requireModule('removeWeightNorm', 'module', module);
  const { name } = removeWeightNormOptions('removeWeightNorm', options);
  removeWeight('removeWeightNorm', 'weightNorm', module, name);
  return module;
}
