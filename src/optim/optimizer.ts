import { enableGrad, noGrad } from '../autograd/mode.js';
import { markOptimized } from '../autograd/optimized.js';
import { describe, isPlainObject, slip } from '../core/describe.js';
import { isFloat } from '../core/dtype.js';
import { ArgumentError, AutogradError, ShapeError } from '../core/errors.js';
import { answerSnakeCase } from '../core/foreign-names.js';
import { checkNames, checkOption, defineOptions, flag, instance } from '../core/options.js';
import { sameShape } from '../core/shape.js';
import { isUnfinished } from '../core/unfinished.js';
import { outliving } from '../tensor/memory.js';
import { empty, Tensor } from '../tensor/tensor.js';
import { forgetGrad } from '../tensor/tidy.js';
import type { SchedulableGroup } from './lr-scheduler/schedule.js';
import {
  checkOfSchedules,
  describeGroup,
  type GroupState,
  namesOfSchedules,
  type OptimizerState,
  readGroup,
  readLayout,
  type SlotState,
} from './state.js';
import { within } from './within.js';

/** Parameters that share options, with what schedules remember about them. */
export type ParamGroup<O> = O & { params: Tensor[] } & Pick<
    SchedulableGroup,
    'initialLr' | 'maxLr' | 'minLr' | 'maxMomentum' | 'baseMomentum' | 'swaLr'
  >;

type Group<O> = Partial<O> & { readonly params: Iterable<Tensor> | Tensor };

/** What an optimizer optimizes: parameters, or groups of parameters with their own options. */
export type Params<O> = Iterable<Tensor> | Iterable<Group<O>>;

/** Recomputes the loss and its gradients: `zeroGrad`, forward, `backward`. */
export type Closure = () => Tensor;

/** What a state holds for a parameter. */
export interface SavedSlot<O> {
  readonly parameter: Tensor;
  readonly slot: SlotState;
  /** Its path in the state, for messages. */
  readonly path: string;
  /** The options that the group will have. */
  readonly options: O;
}

const zeroGradOptions = defineOptions({ setToNone: flag(true) });

/**
 * Base of all optimizers: groups of parameters with options, and conversion to and from PyTorch's state dicts.
 */
export abstract class Optimizer<O extends { lr: number }> {
  /** The groups; you can change their options between steps: `paramGroups[0].lr = 1e-4`. */
  readonly paramGroups: ParamGroup<O>[] = [];

  constructor(
    params: Params<O>,
    protected readonly defaults: O,
  ) {
    this.check(defaults);
    const items = this.#listOf<Tensor | Group<O>>(params);
    if (items.length === 0) throw new ArgumentError(this.name, 'there are no parameters to optimize');
    const tensors = items.filter((item) => !isPlainObject(item));
    if (tensors.length > 0 && tensors.length < items.length)
      throw new ArgumentError(this.name, 'takes either parameters or groups of parameters, not both');
    if (tensors.length > 0) this.addParamGroup({ params: tensors } as never);
    else for (const group of items) this.addParamGroup(group as never);
  }

  protected get name(): string {
    return this.constructor.name;
  }

  /** The items of a list of parameters or groups. */
  #listOf<T>(params: unknown): T[] {
    const list =
      typeof params === 'object' &&
      params !== null &&
      Symbol.iterator in params &&
      !(params instanceof Tensor)
        ? [...(params as Iterable<T>)]
        : null;
    // A list of modules (Sequential) is a model; a list of parameters (ParameterList) is a list.
    if (list === null || ('parameters' in (params as object) && !list.every((p) => p instanceof Tensor)))
      throw new ArgumentError(
        this.name,
        `takes a list of parameters, such as model.parameters(), got ${describe(params)}${slip(params)}`,
      );
    return list;
  }

  /** Throws ArgumentError for an option with an invalid value. */
  protected abstract check(options: O): void;
  #checkGroup(group: O): void {
    this.check(group);
    checkOfSchedules(this.name, group);
  }

  /** @throws ArgumentError for an option that has since been set to an invalid value */
  protected checkGroups(): void {
    this.paramGroups.forEach((group, i) => {
      within(this.name, `paramGroups[${i}]`, () => this.#checkGroup(group));
    });
  }

  /** What it remembers about a parameter, if anything. */
  protected abstract saveSlot(parameter: Tensor): SlotState | undefined;
  /** Converts a state's slots to what replaces everything the optimizer remembers. */
  protected abstract loadSlots(saved: readonly SavedSlot<O>[]): () => void;

  /**
   * Changes every parameter that has a gradient.
   *
   * @param closure recomputes the loss and its gradients; its result is returned
   */
  abstract step(): void;
  abstract step(closure: Closure): Tensor;

  /**
   * Adds parameters with their own options, such as layers to train from now on.
   * @throws ArgumentError for a parameter that's already optimized, or an option that the optimizer doesn't have;
   *   AutogradError for the result of an operation
   */
  addParamGroup(group: Group<O>): void {
    if (!isPlainObject(group) || group.params === undefined)
      throw new ArgumentError(
        this.name,
        `a group must look like { params: [...], lr: ... }, got ${describe(group)}${slip(group)}`,
      );
    const params = group.params instanceof Tensor ? [group.params] : this.#listOf<Tensor>(group.params);
    const known = new Set(this.paramGroups.flatMap((g) => g.params));
    for (const p of params) {
      if (!(p instanceof Tensor))
        throw new ArgumentError(this.name, `a parameter must be a tensor, got ${describe(p)}`);
      if (!p.isLeaf)
        throw new AutogradError(
          this.name,
          'only leaves can be optimized, but this tensor is the result of an operation',
        );
      if (known.has(p)) throw new ArgumentError(this.name, 'a parameter appears twice');
      known.add(p);
    }
    const given = Object.fromEntries(Object.entries(group).filter(([, value]) => value !== undefined));
    const full: ParamGroup<O> = { ...this.defaults, ...(given as Partial<O>), params };
    within(this.name, `paramGroups[${this.paramGroups.length}]`, () => {
      checkNames(this.name, group, [...Object.keys(this.defaults), 'params', ...namesOfSchedules]);
      this.#checkGroup(full);
    });
    this.paramGroups.push(full);
    for (const p of params) markOptimized(p);
  }

  /** Clears the gradients. @param options.setToNone false fills them with zeros instead (default true) */
  zeroGrad(options?: { readonly setToNone?: boolean }): void {
    const { setToNone } = zeroGradOptions(`${this.name}.zeroGrad`, options);
    for (const { params } of this.paramGroups)
      for (const p of params) {
        if (p.grad === null) continue;
        if (setToNone) forgetGrad(p);
        else {
          p.grad.engine.fill(p.grad, 0);
          p.grad.storage.version++;
        }
      }
  }

  /** The loss returned by a closure. */
  protected evaluate(closure: Closure): Tensor {
    if (typeof closure !== 'function')
      throw new ArgumentError(
        this.name,
        `step takes a function that computes the loss, got ${describe(closure)}${slip(closure)}`,
      );
    let loss: unknown;
    enableGrad(() => {
      loss = closure();
    });
    if (isUnfinished(loss) || !(loss instanceof Tensor))
      throw new ArgumentError(this.name, "the closure must return the loss and can't be async");
    return loss;
  }

  /** The state in PyTorch's layout: parameters by number, options under their Python names. */
  stateDict(): OptimizerState {
    const state: Record<number, SlotState> = {};
    const groups: GroupState[] = [];
    let index = 0;
    for (const group of this.paramGroups) {
      const numbers = group.params.map((_, i) => index + i);
      groups.push(describeGroup(group, numbers));
      for (const parameter of group.params) {
        const slot = this.saveSlot(parameter);
        if (slot !== undefined) state[index] = slot;
        index++;
      }
    }
    return { state, param_groups: groups };
  }

  /**
   * Resumes from a state, Myelin's or PyTorch's, copying its tensors. Options that it lacks keep their values. If any
   * part doesn't fit, nothing changes.
   *
   * @throws ArgumentError, naming the place, if it isn't a state of such an optimizer, its groups differ, or an
   *   option is invalid; ShapeError if a tensor doesn't fit its parameter
   */
  loadStateDict(saved: OptimizerState): void {
    const where = `${this.name}.loadStateDict`;
    const { state, param_groups: groups } = readLayout(
      where,
      saved,
      this.paramGroups.map(({ params }) => params.length),
    );
    const options = this.paramGroups.map((group, i) => {
      const path = `param_groups[${i}]`;
      const read = readGroup(where, path, group, groups[i]!);
      within(where, path, () => this.#checkGroup({ ...group, ...read }));
      return read;
    });
    const slots: SavedSlot<O>[] = [];
    this.paramGroups.forEach((group, g) => {
      group.params.forEach((parameter, i) => {
        const number = groups[g]!.params[i]!;
        const slot = state[number];
        if (slot !== undefined)
          slots.push({ parameter, slot, path: `state[${number}]`, options: { ...group, ...options[g] } });
      });
    });
    const replace = this.loadSlots(slots);
    replace();
    this.paramGroups.forEach((group, i) => {
      Object.assign(group, options[i]);
    });
  }

  /** The options of its groups, each with the number of parameters. */
  toString(): string {
    const groups = this.paramGroups.map(({ params, ...options }) =>
      Object.entries({ ...options, params: params.length })
        .map(([name, value]) => `${name}=${describe(value)}`)
        .join(', '),
    );
    if (groups.length === 1) return `${this.name}(${groups[0]})`;
    return `${this.name}(\n${groups.map((text, i) => `  (${i}): ${text}\n`).join('')})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /**
   * A copy of a state's tensor, made like `x`, that outlives every scope.
   * @throws ArgumentError unless it's a floating-point tensor, ShapeError if its shape differs
   */
  protected copyFor(x: Tensor, shape: readonly number[], path: string, value: unknown): Tensor {
    const where = `${this.name}.loadStateDict`;
    checkOption(where, path, floating, value);
    const tensor = value as Tensor;
    if (!sameShape(shape, tensor.shape))
      throw new ShapeError(where, `${path} doesn't fit its parameter`, [
        { name: 'parameter', shape },
        { name: path, shape: tensor.shape },
      ]);
    const copy = outliving(() => empty(shape, x.dtype, x.engine));
    return noGrad(() => copy.copy_(tensor.to(x)));
  }
}

answerSnakeCase(Optimizer.prototype, 'optimizer', [
  ...Object.getOwnPropertyNames(Optimizer.prototype),
  'paramGroups',
]);

const floating = instance(
  'a floating-point tensor',
  (value): value is Tensor => value instanceof Tensor && isFloat(value.dtype),
);
