import { requireFunction } from '../core/arguments.js';
import { describe } from '../core/describe.js';
import { ArgumentError, AutogradError } from '../core/errors.js';
import { defineOptions, number } from '../core/options.js';
import { several } from '../core/sizes.js';
import { checkTensorList } from '../tensor/argument.js';
import { elementsNow } from '../tensor/inspect.js';
import { empty, Tensor } from '../tensor/tensor.js';
import { grad } from './backward.js';
import { enableGrad, noGrad } from './mode.js';

export interface GradcheckOptions {
  /** Step of the finite difference (default 1e-6). */
  eps?: number;
  /** Absolute tolerance (default 1e-5). */
  atol?: number;
  /** Relative tolerance (default 1e-3). */
  rtol?: number;
}

const readGradcheck = defineOptions({
  eps: number(1e-6, { above: 0 }),
  atol: number(1e-5, { least: 0 }),
  rtol: number(1e-3, { least: 0 }),
});

type Differentiable = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/** @throws ArgumentError unless `f` returned a tensor or a list of tensors */
function asList(operation: string, result: Tensor | readonly Tensor[]): readonly Tensor[] {
  const list = several(result);
  if (list.every((y) => y instanceof Tensor)) return list;
  throw new ArgumentError(operation, `f must return a tensor or a list of tensors, got ${describe(result)}`);
}

/** Deterministic weights without symmetry, so that errors in different elements don't cancel. */
const weight = (output: number, i: number): number => Math.cos(1 + 3 * output + 0.7 * i);

const instead = "make the inputs after setEngine('wasm')";

/** Σ weight·output, as a plain number. */
function weightedSum(outputs: readonly Tensor[]): number {
  let sum = 0;
  outputs.forEach((y, k) => {
    elementsNow('gradcheck', y, instead).forEach((v, i) => {
      sum += weight(k, i) * v;
    });
  });
  return sum;
}

function fill(x: Tensor, values: Float64Array): Tensor {
  x.engine.write(x.storage, 0, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return x;
}

function weights(y: Tensor, output: number): Tensor {
  const values = Float64Array.from({ length: y.count }, (_, i) => weight(output, i));
  return fill(empty(y.shape, 'float64', y.engine), values);
}

/**
 * Compares the gradients of `f` with central differences: (f(x + ε) − f(x − ε)) / 2ε.
 *
 * @param inputs float64 tensors; those that require grad are checked
 * @throws AutogradError naming the input and element that differ
 */
export function gradcheck(f: Differentiable, inputs: readonly Tensor[], options?: GradcheckOptions): true {
  checkTensorList('gradcheck', 'inputs', inputs);
  const { eps, atol, rtol } = readGradcheck('gradcheck', options);
  const checked = inputs.filter((x) => x.requiresGrad);
  if (checked.length === 0) throw new ArgumentError('gradcheck', 'no input requires grad');
  if (checked.some((x) => x.dtype !== 'float64'))
    throw new ArgumentError('gradcheck', 'finite differences need float64 inputs');
  requireFunction('gradcheck', 'f', f);
  const results = asList('gradcheck', f(...inputs));
  const differentiable = results.map((y) => y.requiresGrad);
  const outputs = results.filter((y) => y.requiresGrad);
  const analytic = grad(outputs, checked, { gradOutputs: outputs.map(weights), allowUnused: true });
  const evaluate = (): number =>
    weightedSum(noGrad(() => asList('gradcheck', f(...inputs)).filter((_, i) => differentiable[i])));

  checked.forEach((x, k) => {
    const dense = x.packed && x.offset === 0 ? x : null;
    if (dense === null) throw new ArgumentError('gradcheck', 'inputs have to be contiguous');
    const values = Float64Array.from(elementsNow('gradcheck', x, instead));
    const found = analytic[k];
    const gradient = found && elementsNow('gradcheck', found, instead);
    for (let i = 0; i < values.length; i++) {
      const at = values[i]!;
      const probe = (v: number): number => {
        values[i] = v;
        fill(x, values);
        return evaluate();
      };
      const numeric = (probe(at + eps) - probe(at - eps)) / (2 * eps);
      values[i] = at;
      fill(x, values);
      const ours = gradient?.[i] ?? 0;
      if (!(Math.abs(ours - numeric) <= atol + rtol * Math.abs(numeric)))
        throw new AutogradError(
          'gradcheck',
          `input ${inputs.indexOf(x) + 1}, element ${i}: the gradient is ${ours}, finite differences give ${numeric}`,
        );
    }
  });
  return true;
}

/** `gradcheck` of the gradients of `f` themselves: checks second derivatives. */
export function gradgradcheck(
  f: Differentiable,
  inputs: readonly Tensor[],
  options?: GradcheckOptions,
): true {
  checkTensorList('gradgradcheck', 'inputs', inputs);
  requireFunction('gradgradcheck', 'f', f);
  const first = (...xs: Tensor[]): Tensor[] => {
    const outputs = asList('gradgradcheck', f(...xs)).filter((y) => y.requiresGrad);
    const wanted = xs.filter((x) => x.requiresGrad);
    const gradients = grad(outputs, wanted, {
      gradOutputs: outputs.map(weights),
      createGraph: true,
      allowUnused: true,
    });
    return gradients.filter((g): g is Tensor => g !== null);
  };
  return gradcheck(withGrad(first), inputs, options);
}

/** Second differences run inside noGrad; the first gradient needs its graph even there. */
function withGrad(f: (...inputs: Tensor[]) => Tensor[]): Differentiable {
  return (...inputs) => enableGrad(() => f(...inputs));
}
