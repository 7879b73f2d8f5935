import { noGrad } from '../autograd/mode.js';
import type { Engine } from '../engine/engine.js';
import type { ParameterRow } from '../engine/optimizer.js';
import type { Tensor } from '../tensor/tensor.js';
import { tidy } from '../tensor/tidy.js';
import { ElementwiseOptimizer } from './elementwise.js';

/** A parameter in a step: all contiguous. */
export interface StepOf {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  /** The tensors of the state, in the order of `stateTensors`. */
  readonly state: readonly Tensor[];
  /** Steps of this parameter, this one included. */
  readonly step: number;
}

/** Optimizers whose step is made of tensor operations, one parameter after the other: no kernel is needed. */
export abstract class ComposedOptimizer<
  O extends { lr: number; maximize: boolean },
> extends ElementwiseOptimizer<O> {
  /** Changes a parameter and its state in place; the gradient points uphill, whatever `maximize` says. */
  protected abstract change(step: StepOf, options: O): void;

  protected override update(_engine: Engine, rows: readonly ParameterRow[], options: O): void {
    for (const row of rows)
      tidy(() =>
        noGrad(() => {
          const { parameter, gradient, state, step } = row as ParameterRow & StepOf;
          this.change(
            { parameter, gradient: options.maximize ? gradient.neg() : gradient, state, step },
            options,
          );
        }),
      );
  }
}
