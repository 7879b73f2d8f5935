import { noGrad } from '../autograd/mode.js';
import { ArgumentError } from '../core/errors.js';
import { outliving } from '../tensor/memory.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Module } from './module.js';
import { type Buffer, Parameter } from './parameter.js';

/** The fields of a module with the parts of a weight, whatever they are called. */
export type Fields = Readonly<Record<string, Parameter | Buffer>>;

/** How a parameter of a module is computed from tensors that take its place. */
export interface ComputedWeight {
  /** The function that set it up, for messages. */
  readonly by: string;
  /** The tensors by what is added to the parameter's name: `G` makes `weightG`, saved as `weight_g`. */
  readonly parts: Readonly<Record<string, Parameter | Buffer>>;
  /** The weight from the parts in the fields of a module, anew whenever the field is read. */
  readonly compute: (fields: Fields) => Tensor;
  /** Runs before each forward of the module. */
  readonly prepare?: (module: Module, fields: Fields) => void;
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
  const held = fields as Fields;
  const names = Object.keys(parts).map((suffix) => name + suffix);
  Reflect.deleteProperty(module, name);
  for (const [suffix, part] of Object.entries(parts)) fields[name + suffix] = part;
  Object.defineProperty(module, name, {
    get: () => compute(held),
    set() {
      throw new ArgumentError(by, `${name} is computed from ${names.join(', ')}; set these`);
    },
    configurable: true,
    enumerable: false,
  });
  const handle = prepare && module.registerForwardPreHook(() => prepare(module, held));
  const takeOff = (): void => {
    handle?.remove();
    for (const field of [name, ...names]) Reflect.deleteProperty(module, field);
  };
  const all = installed.get(module) ?? new Map<string, Installed>();
  installed.set(module, all.set(name, { ...weight, takeOff }));
}

/** Computes the weights of a copy, which has the parts, as those of the module that it is of. */
export function installInCopy(module: Module, copy: Module): void {
  for (const [name, weight] of installed.get(module) ?? []) {
    const parts = Object.keys(weight.parts).map((part) => [part, fieldsOf(copy)[name + part]] as const);
    installWeight(copy, name, { ...weight, parts: Object.fromEntries(parts) as ComputedWeight['parts'] });
  }
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
  const value = outliving(() => noGrad(() => weight.compute(fields as Fields).clone()));
  weight.takeOff();
  installed.get(module)!.delete(name);
  fields[name] = new Parameter(value, learns);
}
