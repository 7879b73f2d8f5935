import { noGrad } from '../../autograd/mode.js';
import { defineOptions, number, text, whole } from '../../core/options.js';
import { normalizeAxis } from '../../core/shape.js';
import * as F from '../../functional.js';
import { outliving } from '../../tensor/memory.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { normal_ } from '../init/index.js';
import { requireModule } from '../module/argument.js';
import { type Fields, installWeight, parameterIn, removeWeight } from '../module/computed-weight.js';
import type { Module } from '../module/module.js';
import { Buffer } from '../module/parameter.js';

export interface SpectralNormOptions {
  /** The field that holds the weight (default `weight`). */
  readonly name?: string;
  /** Power iteration steps before each forward in training (default 1, at most 10,000). */
  readonly nPowerIterations?: number;
  /** Lower bound for vector lengths when normalizing them (default 1e-12). */
  readonly eps?: number;
  /** The axis that becomes the rows of the matrix (default: the outputs' axis). */
  readonly dim?: number;
}

/** The weight as a matrix, with `axis` as its rows. */
function asMatrix(weight: Tensor, axis: number): Tensor {
  const others = weight.shape.map((_, i) => i).filter((i) => i !== axis);
  return weight.permute([axis, ...others]).reshape([weight.shape[axis]!, -1]);
}

const spectralNormOptions = defineOptions({
  name: text('weight'),
  nPowerIterations: whole(1, { least: 1, most: 10_000 }),
  eps: number(1e-12, { least: 0 }),
  dim: whole(undefined),
});

/**
 * Spectral normalization: a weight is divided by its largest singular value, w = W/σ(W), so the layer doesn't stretch
 * any input. σ = uᵀ W v, with u and v refined by power iteration before each forward in training; they stay fixed in
 * evaluation.
 *
 * The module has `weight_orig`, `weight_u` and `weight_v` in its state dict instead of `weight`, which is computed
 * whenever it's read. Create the optimizer afterward.
 *
 * @returns the module
 * @throws ArgumentError if there's no such parameter, or it's already computed
 * @source Miyato et al. 2018, arXiv:1802.05957
 * @example
 * const layer = nn.utils.spectralNorm(new nn.Linear(20, 40));
 * Object.keys(layer.stateDict()); // ['bias', 'weight_orig', 'weight_u', 'weight_v']
 */
export function spectralNorm<M extends Module>(module: M, options?: SpectralNormOptions): M {
  requireModule('spectralNorm', 'module', module);
  const read = spectralNormOptions('spectralNorm', options);
  const { name, nPowerIterations, eps, dim = module.outputAxis } = read;
  const weight = parameterIn('spectralNorm', module, name);
  const axis = normalizeAxis('spectralNorm', dim, weight.ndim);
  const unit = (x: Tensor): Tensor => F.normalize(x, { dim: 0, eps });
  const partsIn = (fields: Fields) =>
    (['Orig', 'U', 'V'] as const).map((suffix) => fields[name + suffix]!) as [Tensor, Tensor, Tensor];
  const drawn = (length: number): Buffer =>
    new Buffer(outliving(() => noGrad(() => unit(normal_(empty([length], weight.dtype, weight.engine))))));
  const rows = weight.shape[axis]!;
  installWeight(module, name, {
    by: 'spectralNorm',
    parts: { Orig: weight, U: drawn(rows), V: drawn(weight.count / rows) },
    prepare({ training }, fields) {
      if (!training) return;
      const [original, u, v] = partsIn(fields);
      noGrad(() => {
        const matrix = asMatrix(original, axis);
        for (let i = 0; i < nPowerIterations; i++) {
          v.copy_(unit(matrix.t().mv(u)));
          u.copy_(unit(matrix.mv(v)));
        }
      });
    },
    compute(fields) {
      const [original, u, v] = partsIn(fields);
      // Copies, because the next power iteration may run before the backward that needs these.
      return original.div(u.clone().dot(asMatrix(original, axis).mv(v.clone())));
    },
  });
  return module;
}

const removeSpectralNormOptions = defineOptions({ name: text('weight') });

/**
 * Turns a weight back into a single parameter.
 *
 * @returns the module
 * @throws ArgumentError if it doesn't have a spectral norm
 */
export function removeSpectralNorm<M extends Module>(module: M, options?: { readonly name?: string }): M {
  requireModule('removeSpectralNorm', 'module', module);
  const { name } = removeSpectralNormOptions('removeSpectralNorm', options);
  removeWeight('removeSpectralNorm', 'spectralNorm', module, name);
  return module;
}
