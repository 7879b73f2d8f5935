import { enableGrad } from '../autograd/mode.js';
import { ArgumentError, AutogradError, ShapeError } from '../core/errors.js';
import { sameShape } from '../core/shape.js';
import type { Engine } from '../engine/engine.js';
import type { ParameterRow } from '../engine/optimizer.js';
import { dense } from '../tensor/dense.js';
import { outliving } from '../tensor/memory.js';
import { emptyLike, Tensor } from '../tensor/tensor.js';
import { forgetGrad } from '../tensor/tidy.js';
import { describeGroup, type GroupState, type OptimizerState, readGroup, type SlotState } from './state.js';

/** Parameters that share options. */
export type ParamGroup<O> = O & { params: Tensor[] };

/** What an optimizer is made for: parameters, or groups of them with options of their own. */
export type Params<O> = Iterable<Tensor> | Iterable<Partial<O> & { readonly params: Iterable<Tensor> }>;

/** What an optimizer remembers of a parameter. */
interface Slot {
  step: number;
  readonly tensors: Record<string, Tensor>;
  /** The product of momenta, where the optimizer keeps one. */
  number: number;
}

/** A tensor of the state: its name in PyTorch, and what it starts with (default 0). */
export interface StateTensor {
  readonly name: string;
  readonly start?: number;
}

/**
 * What all optimizers have in common: groups of parameters with options, state that is made at a
 * parameter's first step, and the way to and from PyTorch's state dicts. A step changes all
 * parameters that have a gradient, in one call of the engine for each group.
 */
export abstract class Optimizer<O extends { lr: number }> {
  /** The groups; their options may be changed between steps, `paramGroups[0].lr = 1e-4`. */
  readonly paramGroups: ParamGroup<O>[] = [];
  readonly #slots = new Map<Tensor, Slot>();

  constructor(
    params: Params<O>,
    protected readonly defaults: O,
  ) {
    const items = [...(params as Iterable<Tensor | (Partial<O> & { readonly params: Iterable<Tensor> })>)];
    if (items.length === 0) throw new ArgumentError(this.name, 'there is no parameter to optimize');
    const tensors = items.filter((item) => item instanceof Tensor);
    if (tensors.length > 0 && tensors.length < items.length)
      throw new ArgumentError(this.name, 'takes parameters or groups of parameters, not both');
    if (tensors.length > 0) this.addParamGroup({ params: tensors } as never);
    else for (const group of items) this.addParamGroup(group as never);
  }

  protected get name(): string {
    return this.constructor.name;
  }

  /** Throws ArgumentError for an option with a value that makes no sense. */
  protected abstract check(options: O): void;
  /** The tensors that the engine's step wants as state, in its order. */
  protected abstract stateTensors(options: O): readonly StateTensor[];
  /** Changes the parameters, whose state and count of steps are up to date. */
  protected abstract update(engine: Engine, rows: readonly ParameterRow[], options: O): void;
  /** The slot's number at its new step. */
  protected nextNumber(before: number, _step: number, _options: O): number {
    return before;
  }
  /** Whether PyTorch's state has a `step` here. */
  protected readonly countsSteps: boolean = true;
  /** PyTorch's name of the slot's number. */
  protected readonly numberName: string | null = null;

  /**
   * Adds parameters, with options of their own: layers that are trained from now on.
   * @throws ArgumentError for a parameter that is optimized already, AutogradError for the result of an operation
   */
  addParamGroup(group: Partial<O> & { readonly params: Iterable<Tensor> | Tensor }): void {
    const params = group.params instanceof Tensor ? [group.params] : [...group.params];
    const known = new Set(this.paramGroups.flatMap((g) => g.params));
    for (const p of params) {
      if (!p.isLeaf)
        throw new AutogradError(
          this.name,
          'only leaves can be optimized, this tensor is the result of an operation',
        );
      if (known.has(p)) throw new ArgumentError(this.name, 'a parameter is given twice');
      known.add(p);
    }
    const full: ParamGroup<O> = { ...this.defaults, ...group, params };
    this.check(full);
    this.paramGroups.push(full);
  }

  /** Forgets the gradients. @param options.setToNone false fills them with zeros instead (default true) */
  zeroGrad({ setToNone = true }: { readonly setToNone?: boolean } = {}): void {
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

  /**
   * Changes every parameter that has a gradient.
   *
   * @param closure computes the loss anew, with its gradients; what it returns is returned
   */
  step(): void;
  step(closure: () => Tensor): Tensor;
  step(closure?: () => Tensor): Tensor | undefined {
    const loss = closure && enableGrad(closure);
    for (const group of this.paramGroups) this.#stepGroup(group);
    return loss;
  }

  #stepGroup(group: ParamGroup<O>): void {
    const wanted = this.stateTensors(group);
    const changed: { parameter: Tensor; copy: Tensor }[] = [];
    const batches: { engine: Engine; dtype: string; rows: ParameterRow[] }[] = [];
    for (const parameter of group.params) {
      const { grad } = parameter;
      if (grad === null) continue;
      if (!sameShape(grad.shape, parameter.shape))
        throw new ShapeError(this.name, 'a gradient has another shape than its parameter', [
          { name: 'parameter', shape: parameter.shape },
          { name: 'gradient', shape: grad.shape },
        ]);
      const slot = this.#advance(parameter, wanted, group);
      const copy = dense(parameter);
      changed.push({ parameter, copy });
      const { engine, dtype } = parameter;
      let batch = batches.find((b) => b.engine === engine && b.dtype === dtype);
      if (batch === undefined) {
        batch = { engine, dtype, rows: [] };
        batches.push(batch);
      }
      const state = wanted.map(({ name }) => slot.tensors[name]!);
      batch.rows.push({
        parameter: copy,
        gradient: dense(grad),
        state,
        step: slot.step,
        number: slot.number,
      });
    }
    for (const { engine, rows } of batches) this.update(engine, rows, group);
    for (const { parameter, copy } of changed) {
      if (copy !== parameter) parameter.engine.copy(parameter, copy);
      parameter.storage.version++;
    }
  }

  /** The slot of a parameter at its next step. */
  #advance(parameter: Tensor, wanted: readonly StateTensor[], options: O): Slot {
    let slot = this.#slots.get(parameter);
    if (slot === undefined) {
      slot = { step: 0, tensors: {}, number: 1 };
      this.#slots.set(parameter, slot);
    }
    for (const { name, start = 0 } of wanted) {
      if (slot.tensors[name] !== undefined) continue;
      const tensor = outliving(() => emptyLike(parameter));
      tensor.engine.fill(tensor, start);
      slot.tensors[name] = tensor;
    }
    slot.step++;
    slot.number = this.nextNumber(slot.number, slot.step, options);
    return slot;
  }

  /** The state as PyTorch lays it out: parameters by number, options under their Python names. */
  stateDict(): OptimizerState {
    const state: Record<number, SlotState> = {};
    const groups: GroupState[] = [];
    let index = 0;
    for (const group of this.paramGroups) {
      groups.push(
        describeGroup(
          group,
          group.params.map((_, i) => index + i),
        ),
      );
      for (const parameter of group.params) {
        const slot = this.#slots.get(parameter);
        if (slot !== undefined)
          state[index] = {
            ...(this.countsSteps ? { step: slot.step } : {}),
            ...slot.tensors,
            ...(this.numberName === null ? {} : { [this.numberName]: slot.number }),
          };
        index++;
      }
    }
    return { state, param_groups: groups };
  }

  /**
   * Goes on from a state, Myelin's or PyTorch's; tensors are copied.
   * @throws ArgumentError if the groups are not the same, ShapeError if a tensor does not fit its parameter
   */
  loadStateDict(saved: OptimizerState): void {
    const { state, param_groups: groups } = saved;
    const counts = groups.map((g) => g.params.length).join(', ');
    const own = this.paramGroups.map((g) => g.params.length).join(', ');
    if (counts !== own)
      throw new ArgumentError(
        `${this.name}.loadStateDict`,
        `the state has groups of ${counts} parameters, the optimizer has ${own}`,
      );
    const options = this.paramGroups.map((group, i) => readGroup(group, groups[i]!));
    const slots: [Tensor, Slot][] = [];
    this.paramGroups.forEach((group, g) => {
      group.params.forEach((parameter, i) => {
        const slot = state[groups[g]!.params[i]!];
        if (slot !== undefined) slots.push([parameter, this.#readSlot(parameter, slot)]);
      });
    });
    this.#slots.clear();
    for (const [parameter, slot] of slots) this.#slots.set(parameter, slot);
    this.paramGroups.forEach((group, i) => {
      Object.assign(group, options[i]);
    });
  }

  #readSlot(parameter: Tensor, saved: SlotState): Slot {
    const slot: Slot = { step: 1, tensors: {}, number: 1 };
    for (const [name, value] of Object.entries(saved)) {
      if (value === null || value === undefined) continue;
      if (name === 'step') slot.step = typeof value === 'number' ? value : value.itemSync();
      else if (name === this.numberName) slot.number = typeof value === 'number' ? value : value.itemSync();
      else if (value instanceof Tensor) slot.tensors[name] = this.#copyFor(parameter, name, value);
    }
    if (!this.countsSteps && Object.keys(slot.tensors).length === 0) slot.step = 0;
    return slot;
  }

  #copyFor(parameter: Tensor, name: string, value: Tensor): Tensor {
    if (!sameShape(parameter.shape, value.shape))
      throw new ShapeError(`${this.name}.loadStateDict`, `${name} does not fit its parameter`, [
        { name: 'parameter', shape: parameter.shape },
        { name, shape: value.shape },
      ]);
    const copy = outliving(() => emptyLike(parameter));
    copy.engine.copy(copy, value);
    return copy;
  }
}
