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

/** Parameters that share options, and what schedules remember of them. */
export type ParamGroup<O> = O & { params: Tensor[] } & Pick<
    SchedulableGroup,
    'initialLr' | 'maxLr' | 'minLr' | 'maxMomentum' | 'baseMomentum' | 'swaLr'
  >;

type Group<O> = Partial<O> & { readonly params: Iterable<Tensor> | Tensor };

/** What an optimizer is made for: parameters, or groups of them with options of their own. */
export type Params<O> = Iterable<Tensor> | Iterable<Group<O>>;

/** Computes the loss anew, with its gradients: `zeroGrad`, forward, `backward`. */
export type Closure = () => Tensor;

/** What a state has of a parameter. */
export interface SavedSlot<O> {
  readonly parameter: Tensor;
  readonly slot: SlotState;
  /** Where in the state it stands, for messages. */
  readonly path: string;
  /** Those that the group will have. */
  readonly options: O;
}

const zeroGradOptions = defineOptions({ setToNone: flag(true) });

/**
 * What all optimizers have in common: groups of parameters with options, and the way to and from
 * PyTorch's state dicts.
 */
export abstract class Optimizer<O extends { lr: number }> {
  /** The groups; their options may be changed between steps, `paramGroups[0].lr = 1e-4`. */
  readonly paramGroups: ParamGroup<O>[] = [];

  constructor(
    params: Params<O>,
    protected readonly defaults: O,
  ) {
    this.check(defaults);
    const items = this.#listOf<Tensor | Group<O>>(params);
    if (items.length === 0) throw new ArgumentError(this.name, 'there is no parameter to optimize');
    const tensors = items.filter((item) => !isPlainObject(item));
    if (tensors.length > 0 && tensors.length < items.length)
      throw new ArgumentError(this.name, 'takes parameters or groups of parameters, not both');
    if (tensors.length > 0) this.addParamGroup({ params: tensors } as never);
    else for (const group of items) this.addParamGroup(group as never);
  }

  protected get name(): string {
    return this.constructor.name;
  }

  /** What stands in a list of parameters, or of groups. */
  #listOf<T>(params: unknown): T[] {
    const list =
      typeof params === 'object' &&
      params !== null &&
      Symbol.iterator in params &&
      !(params instanceof Tensor)
        ? [...(params as Iterable<T>)]
        : null;
    // Modules in a list, Sequential, are a model; parameters in one, ParameterList, are a list.
    if (list === null || ('parameters' in (params as object) && !list.every((p) => p instanceof Tensor)))
      throw new ArgumentError(
        this.name,
        `takes parameters in a list, such as model.parameters(), got ${describe(params)}${slip(params)}`,
      );
    return list;
  }

  /** Throws ArgumentError for an option with a value that makes no sense. */
  protected abstract check(options: O): void;
  #checkGroup(group: O): void {
    this.check(group);
    checkOfSchedules(this.name, group);
  }

  /** @throws ArgumentError for an option that somebody has set to what makes no sense since */
  protected checkGroups(): void {
    this.paramGroups.forEach((group, i) => {
      within(this.name, `paramGroups[${i}]`, () => this.#checkGroup(group));
    });
  }

  /** What it remembers of a parameter, if anything. */
  protected abstract saveSlot(parameter: Tensor): SlotState | undefined;
  /** Makes of what a state has of parameters what replaces all that it remembers. */
  protected abstract loadSlots(saved: readonly SavedSlot<O>[]): () => void;

  /**
   * Changes every parameter that has a gradient.
   *
   * @param closure computes the loss anew, with its gradients; what it returns is returned
   */
  abstract step(): void;
  abstract step(closure: Closure): Tensor;

  /**
   * Adds parameters, with options of their own: layers that are trained from now on.
   * @throws ArgumentError for a parameter that is optimized already, or an option that the optimizer has not;
   * AutogradError for the result of an operation
   */
  addParamGroup(group: Group<O>): void {
    if (!isPlainObject(group) || group.params === undefined)
      throw new ArgumentError(
        this.name,
        `a group is { params: [...], lr: ... }, got ${describe(group)}${slip(group)}`,
      );
    const params = group.params instanceof Tensor ? [group.params] : this.#listOf<Tensor>(group.params);
    const known = new Set(this.paramGroups.flatMap((g) => g.params));
    for (const p of params) {
      if (!(p instanceof Tensor))
        throw new ArgumentError(this.name, `a parameter must be a tensor, got ${describe(p)}`);
      if (!p.isLeaf)
        throw new AutogradError(
          this.name,
          'only leaves can be optimized, this tensor is the result of an operation',
        );
      if (known.has(p)) throw new ArgumentError(this.name, 'a parameter is given twice');
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

  /** Forgets the gradients. @param options.setToNone false fills them with zeros instead (default true) */
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

  /** The loss that a closure returns. */
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
      throw new ArgumentError(this.name, 'the closure must return the loss, and not be asynchronous');
    return loss;
  }

  /** The state as PyTorch lays it out: parameters by number, options under their Python names. */
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
   * Goes on from a state, Myelin's or PyTorch's; tensors are copied. Options that it lacks stay as they are.
   * Nothing is changed unless all of it fits.
   *
   * @throws ArgumentError, saying where, if it is no state of such an optimizer, its groups are others or an
   * option makes no sense; ShapeError if a tensor does not fit its parameter
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

  /** The options of its groups, each with the number of its parameters. */
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
   * A copy of a tensor of a state, like `x`, which outlives every scope.
   * @throws ArgumentError unless it is a floating tensor, ShapeError if its shape differs
   */
  protected copyFor(x: Tensor, shape: readonly number[], path: string, value: unknown): Tensor {
    const where = `${this.name}.loadStateDict`;
    checkOption(where, path, floating, value);
    const tensor = value as Tensor;
    if (!sameShape(shape, tensor.shape))
      throw new ShapeError(where, `${path} does not fit its parameter`, [
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
  'a floating tensor',
  (value): value is Tensor => value instanceof Tensor && isFloat(value.dtype),
);
