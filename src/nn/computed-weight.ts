import { noGrad } from '../autograd/mode.js';
import { ArgumentError } from '../core/errors.js';
import { outliving } from '../tensor/memory.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Module } from './module.js';
import { type Buffer, Parameter } from './parameter.js';

/** How a parameter of a module is computed from tensors that take its place. */
export interface ComputedWeight {
  /** The function that set it up, for messages. */
  readonly by: string;
  /** The tensors by what is added to the parameter's name: `G` makes `weightG`, saved as `weight_g`. */
  readonly parts: Readonly<Record<string, Parameter | Buffer>>;
  /** The weight from the parts, anew whenever the field is read. */
  readonly compute: () => Tensor;
  /** Runs before each forward. */
  readonly prepare?: () => void;
}

interface Installed extends ComputedWeight {
  /** Gives the field back what it was made of, no longer computed. */
  readonly takeOff: () => void;
}

const installed = new WeakMap<Module, Map<string, Installed>>();

/** The fields of a module, whatever they are called. */
const fieldsOf = (module: Module): Record<string, unknown> => module as unknown as Record<string, unknown>;

/** The parameter in a field. @throws ArgumentError if there is none, or it is computed already */
export function parameterIn(by: string, module: Module, name: string): Parameter {
  const before = installed.get(module)?.get(name);
  if (before !== undefined)
    throw new ArgumentError(by, `${name} of ${module.constructor.name} is computed by ${before.by} already`);
  const parameter = fieldsOf(module)[name];
  if (!(parameter instanceof Parameter))
    throw new ArgumentError(by, `${module.constructor.name} has no parameter '${name}'`);
  return parameter;
}

/** Puts the parts into the module and makes the field `name` what is computed of them. */
export function installWeight(module: Module, name: string, weight: ComputedWeight): void {
  const { by, parts, compute, prepare } = weight;
  const fields = fieldsOf(module);
  const names = Object.keys(parts).map((suffix) => name + suffix);
  Reflect.deleteProperty(module, name);
  for (const [suffix, part] of Object.entries(parts)) fields[name + suffix] = part;
  Object.defineProperty(module, name, {
    get: compute,
    set() {
      throw new ArgumentError(by, `${name} is computed from ${names.join(', ')}; set these`);
    },
    configurable: true,
    enumerable: false,
  });
  const handle = prepare && module.registerForwardPreHook(() => void prepare());
  const takeOff = (): void => {
    handle?.remove();
    for (const field of [name, ...names]) Reflect.deleteProperty(module, field);
  };
  const all = installed.get(module) ?? new Map<string, Installed>();
  installed.set(module, all.set(name, { ...weight, takeOff }));
}

/**
 * Makes the weight a parameter again, with the value that it has.
 *
 * @throws ArgumentError, as `operation`, if `by` did not set it up
 */
export function removeWeight(operation: string, by: string, module: Module, name: string): void {
  const weight = installed.get(module)?.get(name);
  if (weight?.by !== by)
    throw new ArgumentError(operation, `${name} of ${module.constructor.name} is not computed by ${by}`);
  const fields = fieldsOf(module);
  const learns = Object.keys(weight.parts).some((suffix) => (fields[name + suffix] as Tensor).requiresGrad);
  const value = outliving(() => noGrad(() => weight.compute().clone()));
  weight.takeOff();
  installed.get(module)!.delete(name);
  fields[name] = new Parameter(value, learns);
}
