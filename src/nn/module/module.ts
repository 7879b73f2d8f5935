import { noGrad } from '../../autograd/mode.js';
import { requireFunction, requireText } from '../../core/arguments.js';
import type { DType } from '../../core/dtype.js';
import { ArgumentError } from '../../core/errors.js';
import { noMore } from '../../core/exact.js';
import { answerHabits, answerSnakeCase } from '../../core/foreign-names.js';
import { moduleHabits } from '../../core/habits.js';
import { nearest } from '../../core/nearest.js';
import { defineOptions, flag } from '../../core/options.js';
import { disposedError } from '../../engine/storage.js';
import type { Tensor } from '../../tensor/tensor.js';
import { forgetGrad } from '../../tensor/tidy.js';
import type { AnyModule } from './any-module.js';
import { Copies } from './copies.js';
import {
  addHook,
  type BackwardHook,
  type ForwardHook,
  type ForwardPreHook,
  type HookHandle,
} from './hooks.js';
import { locateErrors } from './locate.js';
import { Buffer, Parameter } from './parameter.js';
import { placesIn } from './places.js';
import { compareStates, hintFor, type LoadResult, type StateDict, StateDictError } from './state-dict.js';

/** What a module consists of. */
export type Member = Module | Parameter | Buffer;

const loadOptions = defineOptions({ strict: flag(true) });

const isMember = (value: unknown): value is Member =>
  value instanceof Module || value instanceof Parameter || value instanceof Buffer;

const join = (prefix: string, name: string): string => (prefix === '' ? name : `${prefix}.${name}`);

/** Tensors of one kind in a module and all its descendants, each once. */
function tensorsOf<T extends Tensor>(module: Module, kind: new (...args: never[]) => T): [string, T][] {
  const seen = new Set<Tensor>();
  const out: [string, T][] = [];
  for (const [path, inner] of module.namedModules()) {
    for (const [name, member] of inner.members()) {
      if (!(member instanceof kind) || seen.has(member)) continue;
      seen.add(member);
      out.push([join(path, name), member]);
    }
  }
  return out;
}

/** Modules that are currently being printed. */
const printing = new Set<object>();

/**
 * A part of a network: a class with fields and a `forward`. Modules, parameters, and buffers are found by walking the
 * object's fields, including lists, plain objects, Maps, and Sets in them; nothing has to be registered. `#private`
 * fields are invisible: the first forward of a model warns if it uses parameters hidden in one, and the Trainer
 * refuses to take the first step.
 *
 * Names follow PyTorch: the field `runningMean` is `running_mean` in the state dict. The order follows the fields,
 * with a module's own tensors before those of its children.
 *
 * @differs from PyTorch: modules in plain lists, objects, Maps, and Sets are found too
 * @example
 * class Net extends nn.Module {
 *   readonly fc1 = new nn.Linear(784, 128);
 *   readonly fc2 = new nn.Linear(128, 10);
 *   forward(x: Tensor): Tensor {
 *     return this.fc2.forward(F.relu(this.fc1.forward(x)));
 *   }
 * }
 */
export abstract class Module implements AnyModule {
  /** Whether the module is in training mode: set by `train()` and `eval()`, used by dropout and batch norm. */
  training = true;

  /** Whether the module is frozen: set by `freeze()` and `unfreeze()`. */
  frozen = false;

  constructor(...surplus: readonly never[]) {
    // A class without a constructor passes its arguments on to this one.
    noMore(`${new.target.name}()`, [], surplus);
    locateErrors(new.target.prototype, Module.prototype);
  }

  /** Computes the module's output. */
  abstract forward(...inputs: never[]): unknown;

  /** The module's direct members, with their names in the state dict. */
  *members(): Iterable<[name: string, member: Member]> {
    for (const { name, value } of placesIn(this, isMember)) yield [name, value];
  }

  /**
   * How many multiplications, with or without an addition, a forward takes, not counting those of modules inside;
   * null if unknown. `summary` uses it.
   */
  multiplyAdds(_inputs: readonly unknown[], _output: unknown): number | null {
    for (const [, member] of this.members()) if (member instanceof Parameter) return null;
    return 0;
  }

  /** The axis of a weight that runs over outputs. */
  get outputAxis(): number {
    return 0;
  }

  /** Options shown in the printed form. */
  protected describe(): string {
    return '';
  }

  /** The modules directly inside, each once. */
  namedChildren(): [name: string, module: Module][] {
    const seen = new Set<Module>();
    const out: [string, Module][] = [];
    for (const [name, member] of this.members()) {
      if (!(member instanceof Module) || seen.has(member)) continue;
      seen.add(member);
      out.push([name, member]);
    }
    return out;
  }

  /** The modules directly inside, each once, without names. */
  children(): Module[] {
    return this.namedChildren().map(([, module]) => module);
  }

  /** This module (named `''`) and all its descendants, outer before inner, each once. */
  namedModules(): [path: string, module: Module][] {
    const seen = new Set<Module>();
    const out: [string, Module][] = [];
    const visit = (path: string, module: Module): void => {
      if (seen.has(module)) return;
      seen.add(module);
      out.push([path, module]);
      for (const [name, child] of module.namedChildren()) visit(join(path, name), child);
    };
    visit('', this);
    return out;
  }

  /** This module and all its descendants, outer before inner, each once. */
  modules(): Module[] {
    return this.namedModules().map(([, module]) => module);
  }

  /**
   * The module at a path such as `features.0`; `''` is this module.
   *
   * @throws ArgumentError suggesting the nearest path if there's no such module
   */
  getSubmodule(path: string): Module {
    requireText(this.constructor.name, 'path', path);
    const all = this.namedModules();
    const found = all.find(([name]) => name === path);
    if (found) return found[1];
    const near = nearest(
      path,
      all.slice(1).map(([name]) => name),
    );
    throw new ArgumentError(
      this.constructor.name,
      `there's no module '${path}'${near === undefined ? '' : `; did you mean '${near}'?`}`,
    );
  }

  /**
   * Replaces the module at a path; a module used in several places is replaced in all of them.
   *
   * @throws ArgumentError suggesting the nearest path if there's no such module; also for `''`, this module
   * @example
   * const net = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 10));
   * net.setSubmodule('2', new nn.Linear(8, 3));
   */
  setSubmodule(path: string, module: Module): this {
    const old = this.getSubmodule(path);
    if (old === this) throw new ArgumentError(this.constructor.name, "a module can't replace itself");
    for (const owner of this.modules()) owner.replaceMembers((member) => (member === old ? module : member));
    return this;
  }

  /** All parameters, each once. */
  namedParameters(): [name: string, parameter: Parameter][] {
    return tensorsOf(this, Parameter);
  }

  /** All parameters, each once, ready to pass to an optimizer. */
  parameters(): Parameter[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /** All buffers, each once. */
  namedBuffers(): [name: string, buffer: Buffer][] {
    return tensorsOf(this, Buffer);
  }

  /** All buffers, each once, without names. */
  buffers(): Buffer[] {
    return this.namedBuffers().map(([, buffer]) => buffer);
  }

  /** Parameters and persistent buffers by name, sharing their memory; shared ones appear under each of their names. */
  stateDict(): StateDict {
    const out: [string, Tensor][] = [];
    const outer = new Set<Module>();
    const visit = (path: string, module: Module): void => {
      if (outer.has(module)) return;
      outer.add(module);
      const members = [...module.members()];
      for (const kind of [Parameter, Buffer])
        for (const [name, member] of members)
          if (member instanceof kind && !(member instanceof Buffer && !member.persistent)) {
            out.push([join(path, name), member.detach()]);
          }
      for (const [name, member] of members) if (member instanceof Module) visit(join(path, name), member);
      outer.delete(module);
    };
    visit('', this);
    return Object.fromEntries(out);
  }

  /**
   * Copies values into the parameters and buffers from any engine, converting dtypes. If any doesn't fit, nothing
   * changes.
   *
   * @param options.strict whether the keys must match the module's exactly (default true)
   * @returns the keys that were missing and unexpected
   * @throws StateDictError listing missing, unexpected, and misshapen keys
   * @throws ArgumentError for anything but an object of tensors
   */
  loadStateDict(state: StateDict, options?: { strict?: boolean }): LoadResult {
    const { strict } = loadOptions(`${this.constructor.name}.loadStateDict`, options);
    const own = this.stateDict();
    const { missingKeys, unexpectedKeys, misshapen } = compareStates(own, state);
    if (misshapen.length > 0 || (strict && missingKeys.length + unexpectedKeys.length > 0))
      throw new StateDictError(
        this.constructor.name,
        strict ? missingKeys : [],
        strict ? unexpectedKeys : [],
        misshapen,
        hintFor(own, state, strict ? missingKeys : [], misshapen),
      );
    const missing = new Set(missingKeys);
    const operation = `${this.constructor.name}.loadStateDict`;
    noGrad(() => {
      // Converts all of them before changing any.
      const loaded = Object.entries(own)
        .filter(([key]) => !missing.has(key))
        .map(([key, tensor]) => {
          for (const [name, x] of [
            [`${key} of the state dict`, state[key]!],
            [`${key} of the module`, tensor],
          ] as const)
            if (x.storage.disposedAt !== undefined) throw disposedError(operation, name, x);
          return [tensor, state[key]!.to(tensor)] as const;
        });
      for (const [tensor, value] of loaded) tensor.copy_(value);
    });
    return { missingKeys, unexpectedKeys };
  }

  /**
   * Switches this module and its descendants to training mode, or to evaluation mode; frozen modules stay in
   * evaluation.
   */
  train(training = true): this {
    for (const module of this.modules()) module.training = training && !module.frozen;
    return this;
  }

  /**
   * Switches this module and its descendants to evaluation mode: dropout drops nothing, and batch norms use their
   * running statistics.
   */
  eval(): this {
    return this.train(false);
  }

  /**
   * Calls `hook(module, inputs)` before every forward; if it returns a list, that list replaces the inputs. Modules
   * without hooks pay no cost.
   *
   * @differs from PyTorch, where hooks run when the module is called, not in `forward`
   */
  registerForwardPreHook<M extends Module>(this: M, hook: ForwardPreHook<M>): HookHandle {
    return addHook(this, 'before', hook as never);
  }

  /**
   * Calls `hook(module, inputs, output)` after every forward; its return value, unless undefined, replaces the
   * output.
   *
   * @example
   * const features: Tensor[] = [];
   * const handle = model.at(1).registerForwardHook((_, inputs, output) => {
   *   features.push(output);
   * });
   * model.forward(x);
   * handle.remove();
   * features[0].shape; // [3, 8]
   */
  registerForwardHook<M extends Module>(this: M, hook: ForwardHook<M>): HookHandle {
    return addHook(this, 'after', hook as never);
  }

  /**
   * Calls `hook(module, gradInputs, gradOutputs)` when backward has the gradients of a forward's inputs and outputs;
   * if it returns a list, that list replaces `gradInputs`. Inputs and outputs can't be changed in place then.
   */
  registerFullBackwardHook<M extends Module>(this: M, hook: BackwardHook<M>): HookHandle {
    return addHook(this, 'backward', hook as never);
  }

  /** Turns gradients on or off for all parameters. */
  requiresGrad_(value = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad_(value);
    return this;
  }

  /**
   * Freezes this module and its descendants: parameters don't learn, and the modules stay in evaluation mode even
   * after `train()`, so batch norms keep their statistics and dropout drops nothing.
   *
   * @differs from PyTorch, which has no equivalent: `requires_grad_(False)` alone lets the statistics change
   */
  freeze(): this {
    for (const module of this.modules()) {
      module.frozen = true;
      module.training = false;
    }
    return this.requiresGrad_(false);
  }

  /** Undoes `freeze`: parameters learn again, and the modules return to training mode. */
  unfreeze(): this {
    for (const module of this.modules()) {
      module.frozen = false;
      module.training = true;
    }
    return this.requiresGrad_();
  }

  /** Clears the gradients of all parameters. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) forgetGrad(parameter);
  }

  /** Calls `work` with every descendant, inner before outer, and then with this module. */
  apply(work: (module: Module) => void): this {
    requireFunction('apply', 'work', work);
    for (const child of this.children()) child.apply(work);
    work(this);
    return this;
  }

  /**
   * Converts floating-point parameters and buffers to a dtype.
   *
   * @differs from PyTorch: they become new tensors, so create the optimizer afterward
   */
  to(dtype: DType): this {
    const converted = new Map<Member, Member>();
    const convert = (member: Member): Member => {
      if (member instanceof Module || (member.dtype !== 'float32' && member.dtype !== 'float64'))
        return member;
      let copy = converted.get(member);
      if (copy === undefined) {
        const data = noGrad(() => member.detach().to(dtype));
        copy =
          member instanceof Parameter
            ? new Parameter(data, member.requiresGrad)
            : new Buffer(data, member.persistent);
        converted.set(member, copy);
      }
      return copy;
    };
    for (const module of this.modules()) module.replaceMembers(convert);
    return this;
  }

  /** Replaces each direct member with `replace(member)`. */
  protected replaceMembers(replace: (member: Member) => Member): void {
    for (const { value, put } of [...placesIn(this, isMember)]) {
      const replaced = replace(value);
      if (replaced !== value) put(replaced);
    }
  }

  /**
   * A deep copy. Parameters and buffers get their own memory, whatever is shared inside the module is also shared
   * inside the copy, and flags are kept. Gradients and hooks aren't copied; functions and objects of other classes
   * are shared.
   *
   * @throws ArgumentError for a class with `#private` fields, which can't be copied from outside: override `clone` in
   *   that class
   * @example
   * const teacher = model.clone().freeze();
   */
  clone(): this {
    return new Copies(Module).of(this);
  }

  /** Total number of elements in all parameters, counting shared ones once. */
  numParameters(): number {
    return this.parameters().reduce((n, parameter) => n + parameter.count, 0);
  }

  /** The modules inside, each under its name; a module that contains itself is printed as `Name(…)`. */
  toString(): string {
    if (printing.has(this)) return `${this.constructor.name}(…)`;
    const children = this.namedChildren();
    const options = this.describe();
    if (children.length === 0) return `${this.constructor.name}(${options})`;
    printing.add(this);
    try {
      const lines = children.map(([name, child]) => `  (${name}): ${String(child).replaceAll('\n', '\n  ')}`);
      return `${this.constructor.name}(${options}\n${lines.join('\n')}\n)`;
    } finally {
      printing.delete(this);
    }
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

answerHabits(Module.prototype, moduleHabits);
answerSnakeCase(Module.prototype, 'model');

/** A module that maps one tensor to one tensor. */
export interface Layer extends Module {
  forward(x: Tensor): Tensor;
}
