import type { DType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { dtype, flag, type Resolved } from '../../core/options.js';
import { sameShape } from '../../core/shape.js';
import { type RecurrentKind, type RecurrentOutputs, recurrentGates } from '../../engine/recurrent.js';
import { recurrentLayer } from '../../ops/recurrent/layer.js';
import { checkTensorOrNull, checkTensors } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';
import { uniform_ } from '../init/index.js';
import { elementsOf, requireDTypeOf } from '../module/argument.js';
import { Module } from '../module/module.js';
import { newParameter, type Parameter } from '../module/parameter.js';
import { count, show } from '../sizes.js';

export interface CellOptions {
  /** Whether to add b_ih and b_hh (default true). */
  readonly bias?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

export const cellSpec = { bias: flag(true), dtype: dtype('float32') };

/** What the cells share: one step of a recurrent layer. The caller carries the state from step to step. */
export abstract class RNNCellBase extends Module {
  /** @shape (G·H, F), G gates */
  weightIh: Parameter;
  /** @shape (G·H, H) */
  weightHh: Parameter;
  /** @shape (G·H) */
  biasIh: Parameter | null;
  /** @shape (G·H) */
  biasHh: Parameter | null;

  constructor(
    protected readonly kind: RecurrentKind,
    readonly inputSize: number,
    readonly hiddenSize: number,
    { bias, dtype }: Resolved<typeof cellSpec>,
  ) {
    super();
    const name = new.target.name;
    count(name, 'inputSize', inputSize, 1);
    count(name, 'hiddenSize', hiddenSize, 1);
    const gates = recurrentGates[kind] * hiddenSize;
    this.weightIh = newParameter(name, [gates, inputSize], dtype);
    this.weightHh = newParameter(name, [gates, hiddenSize], dtype);
    this.biasIh = bias ? newParameter(name, [gates], dtype) : null;
    this.biasHh = bias ? newParameter(name, [gates], dtype) : null;
    this.resetParameters();
  }

  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.hiddenSize);
    for (const parameter of this.parameters()) uniform_(parameter, -bound, bound);
  }

  /** The state after a step. */
  protected step(x: Tensor, h: Tensor | null, c: Tensor | null = null): RecurrentOutputs<Tensor> {
    this.check(x, { h, c });
    const single = x.ndim === 1;
    const rows = single ? x.unsqueeze(0) : x; // (N, F)
    const batch = rows.shape[0]!;
    const { kind, inputSize, hiddenSize, weightIh: ih, weightHh: hh, biasIh: bih, biasHh: bhh } = this;
    // (H) or (N, H) → (D, N, H) with one direction
    const before = (state: Tensor | null): Tensor | null => state?.reshape([1, batch, hiddenSize]) ?? null;
    const { out, hN, cN } = recurrentLayer(
      { x: rows, h0: before(h), c0: before(c), weights: [{ ih, hh, bih, bhh, hr: null }] },
      {
        ...{ kind, inputSize, hiddenSize, projSize: 0, directions: 1 },
        ...{ batch, sizes: [batch], offsets: [0], rowStep: 1 },
      },
    );
    return { out: single ? out.squeeze(0) : out, hN, cN: cN?.squeeze(0) ?? null };
  }

  private check(x: Tensor, states: Readonly<Record<string, Tensor | null>>): void {
    const name = this.constructor.name;
    checkTensors(name, { x });
    const { weightIh, inputSize, hiddenSize } = this;
    if ((x.ndim !== 1 && x.ndim !== 2) || x.shape.at(-1) !== inputSize)
      throw new ShapeError(name, "x doesn't fit", [
        {
          name: 'x',
          axes: x.ndim === 1 ? '(F)' : '(N, F)',
          shape: x.shape,
          note: `expects F = ${inputSize}`,
        },
      ]);
    const shape = [...x.shape.slice(0, -1), hiddenSize];
    for (const [state, value] of Object.entries(states)) {
      checkTensorOrNull(name, state, value);
      if (value !== null && !sameShape(value.shape, shape))
        throw new ShapeError(name, `${state} doesn't fit`, [
          { name: 'x', shape: x.shape },
          { name: state, shape: value.shape, note: `expects [${shape.join(', ')}]` },
        ]);
    }
    requireDTypeOf(name, weightIh, { x, ...states });
  }

  override multiplyAdds(inputs: readonly unknown[]): number {
    const { kind, inputSize, hiddenSize } = this;
    const rows = elementsOf(this, 'inputs[0]', inputs?.[0]) / inputSize;
    return rows * recurrentGates[kind] * hiddenSize * (inputSize + hiddenSize);
  }

  protected override describe(): string {
    return `${this.inputSize}, ${this.hiddenSize}${this.biasIh === null ? `, ${show({ bias: false })}` : ''}`;
  }
}
