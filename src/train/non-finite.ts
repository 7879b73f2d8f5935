import { traceNonFinite } from '../autograd/trace.js';
import { isFloat } from '../core/dtype.js';
import { formatShape, NonFiniteError } from '../core/errors.js';
import { Tensor } from '../index.js';
import type { Module } from '../nn/index.js';
import type { Members } from './named.js';

const firstNonFinite = async (tensor: Tensor): Promise<number | undefined> =>
  isFloat(tensor.dtype) ? [...(await tensor.data())].find((value) => !Number.isFinite(value)) : undefined;

/** The tensors of a batch with their paths in it. */
function* tensorsOf(batch: unknown, place = ''): Generator<[place: string, tensor: Tensor]> {
  if (batch instanceof Tensor) yield [place, batch];
  else if (typeof batch === 'object' && batch !== null)
    for (const [key, value] of Object.entries(batch)) yield* tensorsOf(value, `${place}[${key}]`);
}

async function faultOfParameters(
  models: Members<Module>,
  what: 'value' | 'gradient',
): Promise<string | undefined> {
  for (const [model, module] of models.entries())
    for (const [name, parameter] of module.namedParameters()) {
      const tensor = what === 'value' ? parameter : parameter.grad;
      const value = tensor === null ? undefined : await firstNonFinite(tensor);
      if (value === undefined) continue;
      const path = model === '' ? name : `${model}.${name}`;
      return what === 'value'
        ? `the parameter ${path} already holds ${value}`
        : `the gradient of ${path} holds ${value}`;
    }
  return undefined;
}

async function faultOfBatch(batch: unknown): Promise<string | undefined> {
  for (const [place, tensor] of tensorsOf(batch)) {
    const value = await firstNonFinite(tensor);
    if (value !== undefined) return `batch${place} ${formatShape(tensor.shape)} holds ${value}`;
  }
  return undefined;
}

/**
 * Finds out why a step failed: a parameter or the batch already wasn't finite, or an operation made a value
 * that isn't, which `rerun` reproduces.
 *
 * @param rerun runs the batch forward and backward each time it's called, and changes no parameters
 */
export async function explainNonFinite(
  problem: string,
  models: Members<Module>,
  batch: unknown,
  rerun: () => void,
): Promise<NonFiniteError> {
  // The operation can be identified only if results are available at once.
  const looks = models.list.every((model) => model.parameters().every((p) => p.engine.synchronous));
  const cause =
    (await faultOfParameters(models, 'value')) ??
    (await faultOfBatch(batch)) ??
    (looks ? traceNonFinite(rerun)?.message : undefined) ??
    (await faultOfParameters(models, 'gradient'));
  return new NonFiniteError(
    'fit',
    `${problem}\n${cause === undefined ? '' : `  cause: ${cause}\n`}` +
      "  hint: a smaller learning rate or clipGradNorm may help; the parameters haven't changed in this step",
  );
}
