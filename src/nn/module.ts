import { noGrad } from '../autograd/mode.js';
import { requireFunction, requireText } from '../core/arguments.js';
import type { DType } from '../core/dtype.js';
import { ArgumentError } from '../core/errors.js';
import { noMore } from '../core/exact.js';
import { answerHabits, answerSnakeCase } from '../core/foreign-names.js';
import { moduleHabits } from '../core/habits.js';
import { nearest } from '../core/nearest.js';
import { defineOptions, flag } from '../core/options.js';
import { disposedError } from '../engine/storage.js';
import type { Tensor } from '../tensor/tensor.js';
import { forgetGrad } from '../tensor/tidy.js';
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

/** What a module is made of. */
export type Member = Module | Parameter | Buffer;

const loadOptions = defineOptions({ strict: flag(true) });

const isMember = (value: unknown): value is Member =>
  value instanceof Module || value instanceof Parameter || value instanceof Buffer;

const join = (prefix: string, name: string): string => (prefix === '' ? name : `${prefix}.${name}`);

/** Tensors of a kind in a module and all inside, each once. */
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

/** Modules whose text is being made. */
const printing = new Set<object>();

/**
 * A part of a network: a class with fields and a `forward`. Fields that hold modules, parameters or
 * buffers, singly or in lists, plain objects, Maps and Sets, are found by walking the object; nothing is
 * registered. `#private` fields cannot be seen: the first forward of a model warns if it uses parameters that are
 * hidden in one, and the Trainer refuses its first step.
 *
 * Names are PyTorch's: field `runningMean` is `running_mean` in the state dict. The order is that of
 * the fields; a module's own tensors come before those of its children.
 *
 * @differs from PyTorch in finding modules in plain lists, objects, Maps and Sets too
 * @example
 * class Net extends nn.Module {
 *   readonly fc1 = new nn.Linear(784, 128);
 *   readonly fc2 = new nn.Linear(128, 10);
 *   forward(x: Tensor): Tensor {
 *     return this.fc2.forward(F.relu(this.fc1.forward(x)));
 *   }
 * }
 */
export abstract class Module {
  /** Whether the module is being trained: `train()` and `eval()` set it, dropout and batch norm look at it. */
  training = true;

  /** Whether it is kept from learning: `freeze()` and `unfreeze()` set it. */
  frozen = false;

  constructor(...surplus: readonly never[]) {
    // A class without a constructor hands its arguments on to here.
    noMore(`${new.target.name}()`, [], surplus);
    locateErrors(new.target.prototype, Module.prototype);
  }

  /** What the module computes. */
  abstract forward(...inputs: never[]): unknown;

  /** The module's direct members under their names in the state dict. */
  *members(): Iterable<[name: string, member: Member]> {
    for (const { name, value } of placesIn(this, isMember)) yield [name, value];
  }

  /**
   * How many multiplications, with or without an addition, a forward takes, without those of modules
   * inside; null where nobody said. `summary` asks.
   */
  multiplyAdds(_inputs: readonly unknown[], _output: unknown): number | null {
    for (const [, member] of this.members()) if (member instanceof Parameter) return null;
    return 0;
  }

  /** The axis of a weight that counts outputs. */
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

  /** The modules directly inside, each once, without their names. */
  children(): Module[] {
    return this.namedChildren().map(([, module]) => module);
  }

  /** This module (named `''`) and all inside, outer before inner, each once. */
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

  /** This module and all inside, outer before inner, each once. */
  modules(): Module[] {
    return this.namedModules().map(([, module]) => module);
  }

  /**
   * The module at a path such as `features.0`; `''` is this module.
   *
   * @throws ArgumentError naming the nearest path if there is none
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
      `there is no module '${path}'${near === undefined ? '' : `; is it '${near}'?`}`,
    );
  }

  /**
   * Puts another module in the place of that at a path; one that is used in several places is replaced in all.
   *
   * @throws ArgumentError naming the nearest path if there is none, or for `''`, this module
   * @example
   * const net = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 10));
   * net.setSubmodule('2', new nn.Linear(8, 3));
   */
  setSubmodule(path: string, module: Module): this {
    const old = this.getSubmodule(path);
    if (old === this) throw new ArgumentError(this.constructor.name, 'a module cannot replace itself');
    for (const owner of this.modules()) owner.replaceMembers((member) => (member === old ? module : member));
    return this;
  }

  /** All parameters, each once. */
  namedParameters(): [name: string, parameter: Parameter][] {
    return tensorsOf(this, Parameter);
  }

  /** All parameters, each once: what an optimizer takes. */
  parameters(): Parameter[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /** All buffers, each once. */
  namedBuffers(): [name: string, buffer: Buffer][] {
    return tensorsOf(this, Buffer);
  }

  /** All buffers, each once, without their names. */
  buffers(): Buffer[] {
    return this.namedBuffers().map(([, buffer]) => buffer);
  }

  /** Parameters and persistent buffers by name, sharing their memory; shared ones under each name. */
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
   * Copies values into the parameters and buffers, converting their dtype, from whatever engine they lie on. Nothing is changed unless
   * all fit.
   *
   * @param options.strict whether the keys must be exactly the module's (default true)
   * @returns the keys that were missing and unexpected
   * @throws StateDictError listing missing, unexpected and misshapen keys
   * @throws ArgumentError for what is not an object of tensors
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
      // All are converted before the first is changed.
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

  /** Switches this module and all inside to training, or to evaluation; what is frozen stays in evaluation. */
  train(training = true): this {
    for (const module of this.modules()) module.training = training && !module.frozen;
    return this;
  }

  /** Switches this module and all inside to evaluation: dropout drops nothing, batch norms use their running statistics. */
  eval(): this {
    return this.train(false);
  }

  /**
   * Calls `hook(module, inputs)` before every forward; a list that it returns takes the place of the inputs.
   * A module without hooks pays nothing for this.
   *
   * @differs from PyTorch, where the hooks run when the module is called, not in `forward`
   */
  registerForwardPreHook<M extends Module>(this: M, hook: ForwardPreHook<M>): HookHandle {
    return addHook(this, 'before', hook as never);
  }

  /**
   * Calls `hook(module, inputs, output)` after every forward; what it returns, unless undefined, takes the
   * place of the output.
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
   * Calls `hook(module, gradInputs, gradOutputs)` when backward has the gradients of what went into a
   * forward and came out of it; a list that it returns takes the place of `gradInputs`. Inputs and outputs
   * may then not be changed in place.
   */
  registerFullBackwardHook(hook: BackwardHook): HookHandle {
    return addHook(this, 'backward', hook);
  }

  /** Makes all parameters learn, or freezes them. */
  requiresGrad_(value = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad_(value);
    return this;
  }

  /**
   * Keeps this module and all inside as they are: parameters do not learn, and the modules stay in evaluation,
   * also when `train()` is called, so that batch norms keep their statistics and dropout drops nothing.
   *
   * @differs from PyTorch, which has no word for it: `requires_grad_(False)` alone lets the statistics move
   */
  freeze(): this {
    for (const module of this.modules()) {
      module.frozen = true;
      module.training = false;
    }
    return this.requiresGrad_(false);
  }

  /** Undoes `freeze`: parameters learn, and the modules are in training again. */
  unfreeze(): this {
    for (const module of this.modules()) {
      module.frozen = false;
      module.training = true;
    }
    return this.requiresGrad_();
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) forgetGrad(parameter);
  }

  /** Calls `work` with each module inside, inner before outer, and with this one. */
  apply(work: (module: Module) => void): this {
    requireFunction('apply', 'work', work);
    for (const child of this.children()) child.apply(work);
    work(this);
    return this;
  }

  /**
   * Converts floating parameters and buffers to a dtype.
   *
   * @differs from PyTorch: they become new tensors, so make the optimizer afterwards
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

  /** Puts `replace(member)` in the place of each direct member. */
  protected replaceMembers(replace: (member: Member) => Member): void {
    for (const { value, put } of [...placesIn(this, isMember)]) {
      const replaced = replace(value);
      if (replaced !== value) put(replaced);
    }
  }

  /**
   * A copy that shares nothing that learns: parameters and buffers have memory of their own, what is shared inside is
   * shared inside the copy, too, and flags stay as they are. Gradients and hooks do not come along; functions and
   * objects of other classes are the same ones.
   *
   * @throws ArgumentError for a class with `#private` fields, which nobody can copy: override `clone` there
   * @example
   * const teacher = model.clone().freeze();
   */
  clone(): this {
    return new Copies(Module).of(this);
  }

  /** Number of elements of all parameters, shared ones counted once. */
  numParameters(): number {
    return this.parameters().reduce((n, parameter) => n + parameter.count, 0);
  }

  /** The modules inside, each under its name; one that holds itself is `Name(…)` there. */
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

/** A module that makes one tensor of one. */
export interface Layer extends Module {
  forward(x: Tensor): Tensor;
}
