import { describe, isPlainObject } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import type { Nothing } from '../../core/nothing.js';
import { isUnfinished } from '../../core/unfinished.js';
import { Tensor } from '../../tensor/tensor.js';
import type { AnyModule } from './any-module.js';
import { type BackwardHook, BackwardWatch } from './backward-hooks.js';
import { type Forward, locating } from './locate.js';

export type { BackwardHook };

type Inputs<M extends AnyModule> = Parameters<M['forward']>;
type Output<M extends AnyModule> = ReturnType<M['forward']>;

/** Receives the inputs of a forward before it runs; if it returns a list, that list replaces them. */
export type ForwardPreHook<M extends AnyModule> = (
  module: M,
  inputs: Inputs<M>,
) => readonly [...Inputs<M>] | Nothing;

/** Receives the output of a forward; its return value, unless undefined, replaces the output. */
export type ForwardHook<M extends AnyModule> = (
  module: M,
  inputs: Inputs<M>,
  output: Output<M>,
) => Output<M> | Nothing;

/** The handle returned by registering a hook. */
export interface HookHandle {
  /** Removes the hook. */
  remove(): void;
}

type Call = (module: AnyModule, ...rest: readonly unknown[]) => unknown;

/** The kind of value expected where a hook returned `value`; null if `value` is fine. */
function wantedFor(before: unknown, value: unknown): string | null {
  if (before instanceof Tensor) return value instanceof Tensor ? null : 'a tensor';
  if (Array.isArray(before)) return Array.isArray(value) ? null : 'a list';
  if (isPlainObject(before)) return isPlainObject(value) ? null : "an object like forward's";
  return isUnfinished(value) && !isUnfinished(before) ? 'a value, not a promise' : null;
}

/** The hooks of a module, in the order they were registered. */
class Hooks {
  readonly before = new Set<{ readonly hook: Call }>();
  readonly after = new Set<{ readonly hook: Call }>();
  readonly backward = new Set<{ readonly hook: BackwardHook<AnyModule> }>();
  /** `forward`, if it was a field instead of a method. */
  readonly #field: PropertyDescriptor | undefined;

  /** Shadows the module's own forward with one that runs hooks. */
  constructor(private readonly module: AnyModule) {
    this.#field = Object.getOwnPropertyDescriptor(module, 'forward');
    const forward = module.forward as Forward;
    Object.defineProperty(module, 'forward', {
      value: locating((...inputs) => this.#run(forward, inputs)),
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }

  get empty(): boolean {
    return this.before.size + this.after.size + this.backward.size === 0;
  }

  /** Restores the module's own forward. */
  takeOff(): void {
    if (this.#field) Object.defineProperty(this.module, 'forward', this.#field);
    else Reflect.deleteProperty(this.module, 'forward');
  }

  #run(forward: Forward, given: readonly unknown[]): unknown {
    const { module } = this;
    let inputs = given;
    for (const { hook } of [...this.before]) inputs = this.#inputsFrom(hook, hook(module, inputs), inputs);
    const watch =
      this.backward.size > 0
        ? new BackwardWatch(
            module,
            [...this.backward].map(({ hook }) => hook),
          )
        : null;
    if (watch) inputs = watch.inputs(inputs);
    let output = forward.apply(module, [...inputs]);
    for (const { hook } of [...this.after]) {
      const replaced = hook(module, inputs, output);
      if (replaced !== undefined) output = this.#replaced(hook, 'hook', replaced, output);
    }
    return watch ? watch.output(output) : output;
  }

  #inputsFrom(hook: Call, returned: unknown, inputs: readonly unknown[]): readonly unknown[] {
    if (returned === undefined) return inputs;
    if (!Array.isArray(returned))
      throw this.#refusal(hook, 'pre-hook', 'a list of all inputs', returned, 'return [x]');
    return returned.map((input: unknown, i) => this.#replaced(hook, 'pre-hook', input, inputs[i]));
  }

  /** A hook's replacement for a value. @throws ArgumentError for a value of a different kind, or a promise */
  #replaced(hook: Call, kind: string, value: unknown, before: unknown): unknown {
    const wanted = wantedFor(before, value);
    if (wanted === null) return value;
    throw this.#refusal(hook, kind, wanted, value, isUnfinished(value) ? "hooks can't be async" : undefined);
  }

  #refusal(hook: Call, kind: string, wanted: string, got: unknown, hint?: string): ArgumentError {
    const name = hook.name === '' ? '' : ` ${hook.name}`;
    return new ArgumentError(
      this.module.constructor.name,
      `the forward ${kind}${name} must return ${wanted}, or nothing, but returned ${describe(got)}` +
        (hint === undefined ? '' : `\n  hint: ${hint}`),
    );
  }
}

/** Modules without hooks aren't in here, and their forward is untouched. */
const hooked = new WeakMap<AnyModule, Hooks>();

/** Adds a hook of one kind. */
export function addHook<Kind extends 'before' | 'after' | 'backward'>(
  module: AnyModule,
  kind: Kind,
  hook: Kind extends 'backward' ? BackwardHook<AnyModule> : Call,
): HookHandle {
  if (typeof hook !== 'function')
    throw new ArgumentError(module.constructor.name, `a hook must be a function, got ${describe(hook)}`);
  let hooks = hooked.get(module);
  if (hooks === undefined) {
    hooks = new Hooks(module);
    hooked.set(module, hooks);
  }
  const owner = hooks;
  const entries = owner[kind] as Set<{ readonly hook: unknown }>;
  const entry = { hook };
  entries.add(entry);
  return {
    remove() {
      if (!entries.delete(entry) || !owner.empty) return;
      owner.takeOff();
      hooked.delete(module);
    },
  };
}
