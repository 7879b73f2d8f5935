import { noGrad } from '../autograd/mode.js';
import { ArgumentError } from '../core/errors.js';
import type { Shape } from '../core/shape.js';
import type { Engine } from '../engine/engine.js';
import type { OptimizerEngine } from '../engine/optimizer.js';
import { disposedError } from '../engine/storage.js';
import { dense } from '../tensor/dense.js';
import { inspect } from '../tensor/inspect.js';
import { outliving } from '../tensor/memory.js';
import { empty, emptyLike, requireGradientOf, type Tensor } from '../tensor/tensor.js';
import { tidy } from '../tensor/tidy.js';
import { type Closure, Optimizer, type ParamGroup, type SavedSlot } from './optimizer.js';
import { readCount, readNumber, type SlotState } from './state.js';

/** One parameter's part in a step; all tensors are contiguous. */
export interface StepOf {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  /** The state's tensors, in the order of `stateTensors`. */
  readonly state: readonly Tensor[];
  /** How many steps this parameter has taken, including this one. */
  readonly step: number;
  /** The slot's number. */
  readonly number: number;
}

/** g + λθ: the gradient with an L2 penalty. */
export const decayed = ({ parameter, gradient }: StepOf, weightDecay: number): Tensor =>
  weightDecay === 0 ? gradient : gradient.add(parameter.mul(weightDecay));

/** mean ← βmean + (1 − β)x */
export const follow = (mean: Tensor, x: Tensor, beta: number): Tensor =>
  mean.mul_(beta).add_(x.mul(1 - beta));

/** What an optimizer remembers about a parameter. */
interface Slot {
  step: number;
  readonly tensors: Record<string, Tensor>;
  /** The product of the momentums, if the optimizer keeps one. */
  number: number;
}

/**
 * A tensor in the state: its name in PyTorch, its initial value (default 0), its shape (default: the parameter's),
 * and whether its values are never negative, such as squares (default false).
 */
export interface StateTensor {
  readonly name: string;
  readonly start?: number;
  readonly shape?: Shape;
  readonly positive?: boolean;
}

/** @throws ArgumentError if an element is negative or NaN */
function requirePositive(where: string, path: string, x: Tensor): void {
  if (x.count === 0) return;
  inspect(x.amin(), ([least]) =>
    least! >= 0
      ? null
      : new ArgumentError(where, `${path} must have elements of at least 0, but the smallest is ${least}`),
  );
}

/**
 * Base of the optimizers whose state for a parameter is a few tensors and a step count. The state is created at a
 * parameter's first step; a step changes all parameters that have a gradient. `change` defines a step, one parameter
 * at a time; an engine with the optimizer family handles a whole group in one call.
 */
export abstract class ElementwiseOptimizer<O extends { lr: number; maximize: boolean }> extends Optimizer<O> {
  readonly #slots = new Map<Tensor, Slot>();

  /** The tensors in a parameter's state, in the order of `StepOf`. */
  protected abstract stateTensors(options: O, parameter: Tensor): readonly StateTensor[];
  /** Changes a parameter and its state in place; the gradient points uphill, regardless of `maximize`. */
  protected abstract change(step: StepOf, options: O): void;
  /**
   * The same for many parameters with a fused kernel, which handles `maximize` itself. Absent if there's no such
   * kernel.
   */
  protected fused?(kernels: OptimizerEngine, rows: readonly StepOf[], options: O): void;
  /** The slot's number at its new step. */
  protected nextNumber(before: number, _step: number, _options: O): number {
    return before;
  }
  /** Whether PyTorch's state has a `step` for this optimizer. */
  protected readonly countsSteps: boolean = true;
  /** PyTorch's name for the slot's number. */
  protected readonly numberName: string | null = null;

  override step(): void;
  override step(closure: Closure): Tensor;
  override step(closure?: Closure): Tensor | undefined {
    const loss = closure === undefined ? undefined : this.evaluate(closure);
    this.checkGroups();
    for (const group of this.paramGroups) this.#stepGroup(group);
    return loss;
  }

  #stepGroup(group: ParamGroup<O>): void {
    const changed: { parameter: Tensor; copy: Tensor }[] = [];
    const batches: { engine: Engine; dtype: string; rows: StepOf[] }[] = [];
    for (const parameter of group.params) {
      const { grad } = parameter;
      if (grad === null) continue;
      requireGradientOf(this.name, parameter, grad);
      if (parameter.storage.disposedAt !== undefined)
        throw disposedError(this.name, 'a parameter', parameter);
      const wanted = this.stateTensors(group, parameter);
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
    for (const { engine, rows } of batches) {
      const kernels = engine.fused.optimizer;
      if (kernels !== null && this.fused !== undefined) this.fused(kernels, rows, group);
      else this.#changeAll(rows, group);
    }
    for (const { parameter, copy } of changed) {
      if (copy !== parameter) parameter.engine.copy(parameter, copy);
      parameter.storage.version++;
    }
  }

  #changeAll(rows: readonly StepOf[], options: O): void {
    for (const row of rows)
      tidy(() =>
        noGrad(() => this.change(options.maximize ? { ...row, gradient: row.gradient.neg() } : row, options)),
      );
  }

  /** The slot of a parameter at its next step. */
  #advance(parameter: Tensor, wanted: readonly StateTensor[], options: O): Slot {
    let slot = this.#slots.get(parameter);
    if (slot === undefined) {
      slot = { step: 0, tensors: {}, number: 1 };
      this.#slots.set(parameter, slot);
    }
    for (const { name, start = 0, shape } of wanted) {
      if (slot.tensors[name] !== undefined) continue;
      const tensor = outliving(() =>
        shape ? empty(shape, parameter.dtype, parameter.engine) : emptyLike(parameter),
      );
      tensor.engine.fill(tensor, start);
      slot.tensors[name] = tensor;
      // If steps aren't counted, the first one is the first with this state.
      if (!this.countsSteps) slot.step = 0;
    }
    slot.step++;
    slot.number = this.nextNumber(slot.number, slot.step, options);
    return slot;
  }

  protected override saveSlot(parameter: Tensor): SlotState | undefined {
    const slot = this.#slots.get(parameter);
    return (
      slot && {
        ...(this.countsSteps ? { step: slot.step } : {}),
        ...slot.tensors,
        ...(this.numberName === null ? {} : { [this.numberName]: slot.number }),
      }
    );
  }

  protected override loadSlots(saved: readonly SavedSlot<O>[]): () => void {
    const slots = saved.map((one) => [one.parameter, this.#readSlot(one)] as const);
    return () => {
      this.#slots.clear();
      for (const [parameter, slot] of slots) this.#slots.set(parameter, slot);
    };
  }

  #readSlot({ parameter, slot: saved, path, options }: SavedSlot<O>): Slot {
    const where = `${this.name}.loadStateDict`;
    const tensors = this.stateTensors(options, parameter);
    const shapeOf = (name: string): Shape => tensors.find((t) => t.name === name)?.shape ?? parameter.shape;
    const found = Object.entries(saved).filter(([, value]) => value !== null && value !== undefined);
    const started = found.length > 0;
    const slot: Slot = { step: this.countsSteps || !started ? 0 : 1, tensors: {}, number: 1 };
    for (const [name, value] of found) {
      const at = `${path}.${name}`;
      if (name === 'step') slot.step = readCount(where, at, value);
      else if (name === this.numberName) slot.number = readNumber(where, at, value);
      else {
        const tensor = this.copyFor(parameter, shapeOf(name), at, value);
        if (tensors.find((t) => t.name === name)?.positive) requirePositive(where, at, tensor);
        slot.tensors[name] = tensor;
      }
    }
    const wanted = [
      ...(this.countsSteps ? ['step'] : []),
      ...(this.numberName === null ? [] : [this.numberName]),
      ...tensors.map(({ name }) => name),
    ];
    const missing = wanted.find((name) => saved[name] === null || saved[name] === undefined);
    if (started && missing !== undefined)
      throw new ArgumentError(where, `${path} has no ${missing}; is it the state of a different optimizer?`);
    return slot;
  }
}
