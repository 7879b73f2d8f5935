import { noGrad } from '../../autograd/mode.js';
import { plural } from '../../core/describe.js';
import { NonFiniteError, ShapeError } from '../../core/errors.js';
import { exact, named } from '../../core/exact.js';
import { checkOption, defineOptions, flag, number } from '../../core/options.js';
import { sizeOf } from '../../core/shape.js';
import { engineMismatch } from '../../engine/storage.js';
import { zeros } from '../../ops/creation/creation.js';
import { cat, stack } from '../../ops/shape/join.js';
import { checkTensors, severalTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { inspect } from '../../tensor/inspect.js';
import { empty, requireGradientOf, type Tensor } from '../../tensor/tensor.js';

export * as rnn from './rnn/index.js';
export { removeSpectralNorm, type SpectralNormOptions, spectralNorm } from './spectral-norm.js';
export { removeWeightNorm, type WeightNormOptions, weightNorm } from './weight-norm.js';

/** The existing gradients, and contiguous copies of non-contiguous ones, to write back. */
function gradientsOf(
  operation: string,
  parameters: Tensor | Iterable<Tensor>,
): { grad: Tensor; copy: Tensor }[] {
  const gradients = severalTensors(operation, 'parameters', parameters).flatMap((p) => {
    if (p.grad === null) return [];
    requireGradientOf(operation, p, p.grad);
    return [p.grad];
  });
  const other = gradients.findIndex((grad) => grad.engine !== gradients[0]!.engine);
  if (other > 0) throw engineMismatch(operation, other + 1, gradients[other]!, gradients[0]!);
  return gradients.map((grad) => ({ grad, copy: dense(grad) }));
}

function changed(gradients: readonly { grad: Tensor; copy: Tensor }[]): void {
  for (const { grad, copy } of gradients) {
    if (copy !== grad) grad.engine.copy(grad, copy);
    grad.storage.version++;
  }
}

/** The p-norm of all gradients together, in their widest dtype; scales them so it's at most `most`. */
function clip(gradients: readonly Tensor[], most: number, p: number): Tensor {
  const { engine } = gradients[0]!;
  const dtype = gradients.some((g) => g.dtype === 'float64') ? 'float64' : gradients[0]!.dtype;
  const kernels = engine.fused.optimizer;
  if (kernels !== null && gradients.every((g) => g.dtype === dtype)) {
    const norm = empty([], dtype, engine);
    kernels.gradientClip(norm, gradients, most, p);
    return norm;
  }
  return noGrad(() => {
    const norm = stack(gradients.map((g) => g.norm(p).to(dtype))).norm(p);
    const factor = norm.add(1e-6).reciprocal().mul(most).clamp(null, 1);
    for (const g of gradients) g.mul_(factor.to(g.dtype));
    return norm;
  });
}

/** Clamps all elements to [−limit, limit]. */
function clamp(gradients: readonly Tensor[], limit: number): void {
  const kernels = gradients[0]!.engine.fused.optimizer;
  if (kernels !== null)
    for (const dtype of new Set(gradients.map((g) => g.dtype)))
      kernels.gradientClamp(
        gradients.filter((g) => g.dtype === dtype),
        limit,
      );
  else
    noGrad(() => {
      for (const g of gradients) g.copy_(g.clamp(-limit, limit));
    });
}

/** The limit for gradients. */
const limit = number(undefined, { least: 0, infinite: true });

export interface ClipGradNormOptions {
  /** Order of the norm, which may be Infinity (default 2). */
  readonly normType?: number;
  /** Whether to throw if the norm is NaN or infinite (default false). */
  readonly errorIfNonfinite?: boolean;
}

const clipOptions = defineOptions({
  normType: number(2, { above: 0, infinite: true }),
  errorIfNonfinite: flag(false),
});

/**
 * Scales all gradients to a total norm of at most `maxNorm`; returns the original norm.
 *
 * g ← g · min(1, maxNorm/(‖g‖ + 10⁻⁶)), ‖g‖ over the gradients of all parameters
 *
 * @throws NonFiniteError with `errorIfNonfinite`, ArgumentError unless maxNorm is a number of at least 0
 * @differs PyTorch flips the gradients for a negative maxNorm
 * @source Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063
 * @example
 * loss.backward();
 * nn.utils.clipGradNorm_(model.parameters(), 1);
 * opt.step();
 */
export function clipGradNorm_(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  options?: ClipGradNormOptions,
): Tensor {
  checkOption('clipGradNorm_', 'maxNorm', limit, maxNorm);
  const { normType, errorIfNonfinite } = clipOptions('clipGradNorm_', options);
  const gradients = gradientsOf('clipGradNorm_', parameters);
  if (gradients.length === 0) return zeros([]);
  const copies = gradients.map(({ copy }) => copy);
  if (errorIfNonfinite)
    inspect(clip(copies, Number.POSITIVE_INFINITY, normType), ([norm]) =>
      Number.isFinite(norm)
        ? null
        : new NonFiniteError('clipGradNorm_', `the norm of the gradients is ${norm}`),
    );
  const norm = clip(copies, maxNorm, normType);
  changed(gradients);
  return norm;
}

/** PyTorch's older name for `clipGradNorm_`. */
export const clipGradNorm = named('clipGradNorm', clipGradNorm_);

/** Clamps every element of the gradients to [−clipValue, clipValue]. */
export const clipGradValue_ = exact(
  'clipGradValue_(parameters, clipValue)',
  (parameters: Tensor | Iterable<Tensor>, clipValue: number): void => {
    checkOption('clipGradValue_', 'clipValue', limit, clipValue);
    const gradients = gradientsOf('clipGradValue_', parameters);
    if (gradients.length === 0) return;
    clamp(
      gradients.map(({ copy }) => copy),
      clipValue,
    );
    changed(gradients);
  },
);

/** `clipGradValue_` under a name that matches `clipGradNorm`. */
export const clipGradValue = named('clipGradValue', clipGradValue_);

/** All parameters as one vector. */
export const parametersToVector = exact(
  'parametersToVector(parameters)',
  (parameters: Iterable<Tensor>): Tensor =>
    cat(severalTensors('parametersToVector', 'parameters', parameters).map((p) => p.reshape([-1]))),
);

/** Writes the elements of a vector into the parameters, in order. @throws ShapeError if there are too few */
export const vectorToParameters = exact(
  'vectorToParameters(vector, parameters)',
  (vector: Tensor, parameters: Iterable<Tensor>): void => {
    checkTensors('vectorToParameters', { vector });
    const list = severalTensors('vectorToParameters', 'parameters', parameters);
    const wanted = list.reduce((n, p) => n + p.count, 0);
    if (vector.ndim !== 1 || vector.count < wanted)
      throw new ShapeError('vectorToParameters', "the vector doesn't fill the parameters", [
        { name: 'vector', shape: vector.shape, note: `the parameters have ${plural(wanted, 'element')}` },
      ]);
    let at = 0;
    noGrad(() => {
      for (const p of list) {
        p.copy_(vector.narrow(0, at, sizeOf(p.shape)).reshape(p.shape));
        at += p.count;
      }
    });
  },
);
