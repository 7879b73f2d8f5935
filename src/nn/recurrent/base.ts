import { requireList } from '../../core/arguments.js';
import type { DType } from '../../core/dtype.js';
import { ArgumentError, ShapeError } from '../../core/errors.js';
import { answerHabits } from '../../core/foreign-names.js';
import { recurrentHabits } from '../../core/habits.js';
import { defineOptions, dtype, flag, nullable, number, type Resolved, whole } from '../../core/options.js';
import { sameShape } from '../../core/shape.js';
import { requireListable } from '../../core/sizes.js';
import { warnOnce } from '../../core/warn.js';
import {
  type RecurrentKind,
  type RecurrentOutputs,
  type RecurrentPlan,
  type RecurrentWeights,
  recurrentGates,
} from '../../engine/recurrent.js';
import * as F from '../../functional.js';
import { composedLayer, type LayerInputs } from '../../ops/recurrent/composed.js';
import { recurrentLayer } from '../../ops/recurrent/layer.js';
import { cat } from '../../ops/shape/join.js';
import { checkTensorOrNull } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';
import { uniform_ } from '../init/index.js';
import { requireDTypeOf } from '../module/argument.js';
import { Module } from '../module/module.js';
import { newParameter, type Parameter } from '../module/parameter.js';
import { count, show } from '../sizes.js';
import { type Lengths, lengthsOption } from '../utils/rnn/lengths.js';
import { PackedSequence } from '../utils/rnn/packed-sequence.js';
import { type WeightField, weightFields } from './fields.js';
import { type Rows, rowsOf, type Sequences, stepsIn } from './sequences.js';

export interface RecurrentOptions {
  /** How many layers there are; each reads the outputs of the one before (default 1). */
  readonly numLayers?: number;
  /** Whether to add b_ih and b_hh (default true). */
  readonly bias?: boolean;
  /** Whether batches are (N, T, F) instead of (T, N, F); states aren't affected (default false). */
  readonly batchFirst?: boolean;
  /** The probability that an output of a layer, except the last one's, is dropped in training (default 0). */
  readonly dropout?: number;
  /** Whether a second direction reads each sequence from its end; outputs have both (default false). */
  readonly bidirectional?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

export const recurrentSpec = {
  numLayers: whole(1, { least: 1 }),
  bias: flag(true),
  batchFirst: flag(false),
  dropout: number(0, { least: 0, most: 1 }),
  bidirectional: flag(false),
  dtype: dtype('float32'),
};

/** Options of a call. */
export interface SequenceOptions {
  /**
   * How many steps of each sequence are real (default: all). The others aren't computed: outputs there are zeros, and
   * final states are those after the last real step.
   */
  readonly lengths?: Lengths | null;
}

/** States to start from; null for zeros. */
export interface States {
  readonly h0: Tensor | null;
  /** LSTM only. */
  readonly c0: Tensor | null;
}

/** A layer's kernel, or its composition. */
type Layer<O> = (inputs: LayerInputs, plan: RecurrentPlan) => O;

const readSequenceOptions = defineOptions({ lengths: nullable(lengthsOption, null) });

/**
 * What `RNN`, `LSTM`, and `GRU` share: their weights, and the way through their layers.
 *
 * Layer k has the fields `weightIhL{k}`, `weightHhL{k}`, `biasIhL{k}`, `biasHhL{k}`, and `weightHrL{k}` if it projects;
 * fields of the direction from the end have `Reverse` after them.
 */
export abstract class RNNBase extends Module {
  readonly numLayers: number;
  readonly bias: boolean;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;

  [weight: WeightField]: Parameter;

  constructor(
    protected readonly kind: RecurrentKind,
    readonly inputSize: number,
    readonly hiddenSize: number,
    options: Resolved<typeof recurrentSpec>,
    readonly projSize = 0,
  ) {
    super();
    const name = new.target.name;
    const { numLayers, bias, batchFirst, dropout, bidirectional, dtype } = options;
    count(name, 'inputSize', inputSize, 1);
    count(name, 'hiddenSize', hiddenSize, 1);
    requireListable(name, 10 * numLayers);
    if (projSize >= hiddenSize)
      throw new ArgumentError(
        name,
        `projSize must be less than hiddenSize, which is ${hiddenSize}, got ${projSize}`,
      );
    if (dropout > 0 && numLayers === 1)
      warnOnce(name, `drops outputs between layers, so dropout ${dropout} does nothing with one layer`);
    this.numLayers = numLayers;
    this.bias = bias;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.bidirectional = bidirectional;
    for (let layer = 0; layer < numLayers; layer++)
      for (let direction = 0; direction < this.directions; direction++)
        this.addWeights(layer, direction, dtype);
    this.resetParameters();
  }

  private addWeights(layer: number, direction: number, dtype: DType): void {
    const { bias, hiddenSize, projSize, stateSize } = this;
    const fields = weightFields(layer, direction);
    const add = (field: WeightField, ...shape: number[]): void => {
      this[field] = newParameter(this.constructor.name, shape, dtype);
    };
    const gates = recurrentGates[this.kind] * hiddenSize;
    add(fields.ih, gates, this.featuresOf(layer));
    add(fields.hh, gates, stateSize);
    if (bias) add(fields.bih, gates);
    if (bias) add(fields.bhh, gates);
    if (projSize > 0) add(fields.hr, projSize, hiddenSize);
  }

  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.hiddenSize);
    for (const parameter of this.parameters()) uniform_(parameter, -bound, bound);
  }

  private get directions(): 1 | 2 {
    return this.bidirectional ? 2 : 1;
  }

  /** The size of a direction's outputs and state h. */
  private get stateSize(): number {
    return this.projSize || this.hiddenSize;
  }

  /** How many features a layer reads. */
  private featuresOf(layer: number): number {
    return layer === 0 ? this.inputSize : this.directions * this.stateSize;
  }

  private weightsOf(layer: number, direction: number): RecurrentWeights<Tensor> {
    const { ih, hh, bih, bhh, hr } = weightFields(layer, direction);
    return {
      ih: this[ih]!,
      hh: this[hh]!,
      bih: this.bias ? (this[bih] ?? null) : null,
      bhh: this.bias ? (this[bhh] ?? null) : null,
      hr: this.projSize > 0 ? (this[hr] ?? null) : null,
    };
  }

  /** Runs all layers on rows in the same layout; lists what each layer made. */
  private run<O extends RecurrentOutputs<Tensor>>(
    x: Sequences,
    states: States,
    options: SequenceOptions | undefined,
    layer: Layer<O>,
  ): { readonly rows: Rows; readonly made: readonly O[] } {
    const { kind, hiddenSize, projSize, bidirectional, directions, batchFirst, numLayers, dropout } = this;
    const name = this.constructor.name;
    const { lengths } = readSequenceOptions(name, options);
    const drops = this.training && dropout > 0;
    // Dropout draws its mask step by step, as PyTorch does.
    const stepsFirst = drops && numLayers > 1;
    const rows = rowsOf(name, x, { batchFirst, lengths, stepsFirst });
    this.checkInput(x);
    const h0 = this.stateOf('h0', states.h0, rows, this.stateSize);
    const c0 = this.stateOf('c0', states.c0, rows, hiddenSize);
    const made: O[] = [];
    for (let k = 0; k < numLayers; k++) {
      const before = made.at(-1)?.out;
      const plan = { ...rows.layout, kind, inputSize: this.featuresOf(k), hiddenSize, projSize, directions };
      const inputs = {
        x: before === undefined ? rows.x : drops ? F.dropout(before, dropout) : before,
        h0: h0?.narrow(0, k * directions, directions) ?? null,
        c0: c0?.narrow(0, k * directions, directions) ?? null,
        weights: bidirectional ? [this.weightsOf(k, 0), this.weightsOf(k, 1)] : [this.weightsOf(k, 0)],
      };
      made.push(layer(inputs, plan));
    }
    return { rows, made };
  }

  /** What the layers make of sequences: the last one's outputs, and the final states of all. */
  protected results(
    x: Sequences,
    states: States,
    options: SequenceOptions | undefined,
  ): { readonly output: Sequences; readonly hN: Tensor; readonly cN: Tensor | null } {
    const { rows, made } = this.run(x, states, options, recurrentLayer);
    const final = (of: readonly Tensor[]): Tensor => rows.leave(of.length === 1 ? of[0]! : cat(of));
    return {
      output: rows.restore(made.at(-1)!.out),
      hN: final(made.map(({ hN }) => hN)),
      cN: made[0]!.cN && final(made.map(({ cN }) => cN!)),
    };
  }

  /** The values of the gates of each layer and direction, padded, by name. */
  protected gatesOf(
    x: Sequences,
    states: States,
    options: SequenceOptions | undefined,
  ): Readonly<Record<string, Tensor>>[] {
    const { rows, made } = this.run(x, states, options, composedLayer);
    return made.flatMap(({ gates }) =>
      gates().map((values) =>
        Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rows.pad(value)])),
      ),
    );
  }

  private checkInput(x: Sequences): void {
    const weight = this.weightIhL0!;
    const steps = x instanceof PackedSequence ? x.data : x;
    requireDTypeOf(this.constructor.name, weight, { x: steps });
    if (steps.shape.at(-1) !== this.inputSize)
      throw new ShapeError(this.constructor.name, 'features disagree', [
        { name: 'x', axes: '(…, F)', shape: steps.shape, note: `F = ${steps.shape.at(-1)}` },
        { name: 'weightIhL0', axes: '(G·H, F)', shape: weight.shape, note: `expects F = ${this.inputSize}` },
      ]);
  }

  /** A state to start from, in the layers' order of sequences. @throws ShapeError unless it fits */
  private stateOf(name: string, state: Tensor | null, rows: Rows, size: number): Tensor | null {
    checkTensorOrNull(this.constructor.name, name, state);
    if (state === null) return null;
    requireDTypeOf(this.constructor.name, this.weightIhL0!, { [name]: state });
    const all = this.numLayers * this.directions;
    const shape = rows.batched ? [all, rows.layout.batch, size] : [all, size];
    if (!sameShape(state.shape, shape))
      throw new ShapeError(this.constructor.name, `${name} doesn't fit`, [
        {
          ...{ name, axes: rows.batched ? '(L·D, N, H)' : '(L·D, H)', shape: state.shape },
          note: `expects [${shape.join(', ')}]: layers · directions, ${rows.batched ? 'sequences, ' : ''}size`,
        },
      ]);
    return rows.enter(state);
  }

  override multiplyAdds(inputs: readonly unknown[]): number {
    const { hiddenSize, stateSize, projSize, directions, numLayers, batchFirst } = this;
    const { name } = this.constructor;
    requireList(name, 'inputs', inputs);
    const [x, , options] = inputs as [Sequences, unknown?, SequenceOptions?];
    const steps = stepsIn(name, x, { batchFirst, lengths: readSequenceOptions(name, options).lengths });
    this.checkInput(x);
    let each = 0;
    for (let k = 0; k < numLayers; k++) {
      const gates = recurrentGates[this.kind] * hiddenSize * (this.featuresOf(k) + stateSize);
      each += directions * (gates + projSize * hiddenSize);
    }
    return each * steps;
  }

  protected override describe(): string {
    const { inputSize, hiddenSize, projSize, numLayers, bias, batchFirst, dropout, bidirectional } = this;
    const shown = show({
      ...(projSize > 0 && { projSize }),
      ...(numLayers > 1 && { numLayers }),
      ...(!bias && { bias }),
      ...(batchFirst && { batchFirst }),
      ...(dropout > 0 && { dropout }),
      ...(bidirectional && { bidirectional }),
    });
    return `${inputSize}, ${hiddenSize}${shown === '' ? '' : `, ${shown}`}`;
  }
}

answerHabits(RNNBase.prototype, recurrentHabits);
