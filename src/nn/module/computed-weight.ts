import { noGrad } from '../../autograd/mode.js';
import { ArgumentError } from '../../core/errors.js';
import { outliving } from '../../tensor/memory.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { AnyModule } from './any-module.js';
import { addHook } from './hooks.js';
import { type Buffer, Parameter } from './parameter.js';

/** The fields of a module that hold the parts of a weight, under any names. */
export type Fields = Readonly<Record<string, Parameter | Buffer>>;

/** How a module's parameter is computed from the tensors that replace it. */
export interface ComputedWeight {
  /** The function that set it up, for messages. */
  readonly by: string;
  /** The tensors by suffix of the parameter's name: `G` makes `weightG`, saved as `weight_g`. */
  readonly parts: Readonly<Record<string, Parameter | Buffer>>;
  /** Computes the weight from the parts in a module's fields, each time the field is read. */
  readonly compute: (fields: Fields) => Tensor;
  /** Runs before each forward of the module. */
  readonly prepare?: (module: AnyModule, fields: Fields) => void;
}

interface Installed extends ComputedWeight {
  /** Makes the field a plain one again, no longer computed. */
  readonly takeOff: () => void;
}

const installed = new WeakMap<AnyModule, Map<string, Installed>>();

/** The fields of a module, under any names. */
const fieldsOf = (module: AnyModule): Record<string, unknown> => module as unknown as Record<string, unknown>;

/** The parameter in a field. @throws ArgumentError if there isn't one, or if it's already computed */
export function parameterIn(by: string, module: AnyModule, name: string): Parameter {
  const before = installed.get(module)?.get(name);
  if (before !== undefined)
    throw new ArgumentError(by, `${name} of ${module.constructor.name} is already computed by ${before.by}`);
  const parameter = fieldsOf(module)[name];
  if (!(parameter instanceof Parameter))
    throw new ArgumentError(by, `${module.constructor.name} has no parameter '${name}'`);
  return parameter;
}

/** Puts the parts into the module and computes the field `name` from them. */
export function installWeight(module: AnyModule, name: string, weight: ComputedWeight): void {
  const { by, parts, compute, prepare } = weight;
  const fields = fieldsOf(module);
  const held = fields as Fields;
  const names = Object.keys(parts).map((suffix) => name + suffix);
  Reflect.deleteProperty(module, name);
  for (const [suffix, part] of Object.entries(parts)) fields[name + suffix] = part;
  Object.defineProperty(module, name, {
    get: () => compute(held),
    set() {
      throw new ArgumentError(by, `${name} is computed from ${names.join(', ')}; set those instead`);
    },
    configurable: true,
    enumerable: false,
  });
  const handle = prepare && addHook(module, 'before', () => prepare(module, held));
  const takeOff = (): void => {
    handle?.remove();
    for (const field of [name, ...names]) Reflect.deleteProperty(module, field);
  };
  const all = installed.get(module) ?? new Map<string, Installed>();
  installed.set(module, all.set(name, { ...weight, takeOff }));
}

/** Sets up the computed weights of a copy, which has the parts, like those of the original module. */
export function installInCopy(module: AnyModule, copy: AnyModule): void {
  for (const [name, weight] of installed.get(module) ?? []) {
    const parts = Object.keys(weight.parts).map((part) => [part, fieldsOf(copy)[name + part]] as const);
    installWeight(copy, name, { ...weight, parts: Object.fromEntries(parts) as ComputedWeight['parts'] });
  }
}

/**
 * Makes the weight a parameter again, with its current value.
 *
 * @throws ArgumentError, named after `operation`, if `by` didn't set it up
 */
export function removeWeight(operation: string, by: string, module: AnyModule, name: string): void {
  const weight = installed.get(module)?.get(name);
  if (weight?.by !== by)
    throw new ArgumentError(operation, `${name} of ${module.constructor.name} isn't computed by ${by}`);
  const fields = fieldsOf(module);
  const learns = Object.keys(weight.parts).some((suffix) => (fields[name + suffix] as Tensor).requiresGrad);
  const value = outliving(() => noGrad(() => weight.compute(fields as Fields).clone()));
  weight.takeOff();
  installed.get(module)!.delete(name);
  fields[name] = new Parameter(value, learns);
}
