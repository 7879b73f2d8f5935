import { describe, slip } from '../../core/describe.js';
import { ArgumentError, ShapeError } from '../../core/errors.js';
import type { SequenceLayout } from '../../engine/recurrent.js';
import { int32Tensor } from '../../tensor/list.js';
import { Tensor } from '../../tensor/tensor.js';
import { type Lengths, lengthsOf } from '../utils/rnn/lengths.js';
import { inverse, longestFirst } from '../utils/rnn/order.js';
import { PackedSequence } from '../utils/rnn/packed-sequence.js';
import { packedFrom, paddedFrom } from '../utils/rnn/packing.js';

/** What recurrent layers take: sequences padded to one length, or packed. */
export type Sequences = Tensor | PackedSequence;

/** Sequences as rows, one for each step of each sequence, and how the layers' results go back. */
export interface Rows {
  /** (rows, F) */
  readonly x: Tensor;
  readonly layout: SequenceLayout;
  /** Whether states have an axis for the batch. */
  readonly batched: boolean;
  /** States (L·D, N, S) in the layers' order of sequences, from states in the order and form that the user has. */
  enter(state: Tensor): Tensor;
  /** The opposite. */
  leave(state: Tensor): Tensor;
  /** What the layers computed of each row, in the form that the sequences had. */
  restore(rows: Tensor): Sequences;
  /** The same, packed sequences padded with zeros. */
  pad(rows: Tensor): Tensor;
}

const same = (x: Tensor): Tensor => x;

/** Packed sequences; `restore` gives their results another form. */
function packedRows(
  packed: PackedSequence,
  pad: (packed: PackedSequence) => Tensor,
  restore: (packed: PackedSequence) => Sequences,
): Rows {
  const { data, batchSizes, sortedIndices } = packed;
  const offsets: number[] = [];
  let rows = 0;
  for (const size of batchSizes) {
    offsets.push(rows);
    rows += size;
  }
  const reordered = (order: readonly number[]) => (state: Tensor) =>
    state.indexSelect(1, int32Tensor(order, state.engine));
  return {
    x: data,
    layout: { batch: batchSizes[0]!, sizes: batchSizes, offsets, rowStep: 1 },
    batched: true,
    enter: sortedIndices === null ? same : reordered(sortedIndices),
    leave: sortedIndices === null ? same : reordered(inverse(sortedIndices)),
    restore: (rows) => restore(packed.with(rows)),
    pad: (rows) => pad(packed.with(rows)),
  };
}

/** A batch of sequences that all have T steps. */
function fullRows(x: Tensor, batchFirst: boolean): Rows {
  const [first, second] = x.shape as [number, number];
  const [batch, steps] = batchFirst ? [first, second] : [second, first];
  const restore = (rows: Tensor): Tensor => rows.unflatten(0, [first, second]);
  return {
    x: x.flatten(0, 1),
    layout: {
      batch,
      sizes: new Array<number>(steps).fill(batch),
      offsets: Array.from({ length: steps }, (_, t) => (batchFirst ? t : t * batch)),
      rowStep: batchFirst ? steps : 1,
    },
    ...{ batched: true, enter: same, leave: same, restore, pad: restore },
  };
}

/** One sequence without an axis for a batch. */
function singleRows(x: Tensor): Rows {
  const { layout } = fullRows(x.unsqueeze(1), false);
  return {
    ...{ x, layout, batched: false, restore: same, pad: same },
    enter: (state) => state.unsqueeze(1),
    leave: (state) => state.squeeze(1),
  };
}

export interface SequenceForm {
  /** Whether a batch is (N, T, F) instead of (T, N, F). */
  readonly batchFirst: boolean;
  readonly lengths: Lengths | null;
  /** Whether rows must lie step after step. */
  readonly stepsFirst: boolean;
}

/**
 * The lengths of sequences; null if each has all steps.
 *
 * @throws ArgumentError for anything but sequences, and for lengths that don't fit; ShapeError for wrong axes
 */
function realLengths(
  operation: string,
  x: Sequences,
  { batchFirst, lengths }: Omit<SequenceForm, 'stepsFirst'>,
): readonly number[] | null {
  if (x instanceof PackedSequence) {
    if (lengths !== null)
      throw new ArgumentError(operation, 'a PackedSequence has its own lengths; leave them out');
    if (x.data.ndim !== 2)
      throw new ShapeError(operation, 'the data of x needs 2 axes', [
        { name: 'x.data', axes: '(Σ lengths, F)', shape: x.data.shape },
      ]);
    return null;
  }
  if (!(x instanceof Tensor))
    throw new ArgumentError(
      operation,
      `x must be a tensor or a PackedSequence, got ${describe(x)}${slip(x)}`,
    );
  const axes = x.ndim === 2 ? '(T, F)' : batchFirst ? '(N, T, F)' : '(T, N, F)';
  const operands = [{ name: 'x', axes, shape: x.shape }];
  if (x.ndim !== 2 && x.ndim !== 3)
    throw new ShapeError(operation, 'x needs 3 axes, or 2 without a batch', operands);
  const [first, second] = x.shape as [number, number];
  const [batch, steps] = x.ndim === 3 && batchFirst ? [first, second] : [second, first];
  if (steps === 0) throw new ShapeError(operation, 'x needs at least one step', operands);
  if (lengths === null) return null;
  if (x.ndim === 2) throw new ShapeError(operation, 'lengths are for a batch of sequences', operands);
  return lengthsOf(operation, lengths, batch, steps);
}

/** @throws like `realLengths` */
export function rowsOf(operation: string, x: Sequences, form: SequenceForm): Rows {
  const list = realLengths(operation, x, form);
  const { batchFirst, stepsFirst } = form;
  if (x instanceof PackedSequence)
    return packedRows(
      x,
      (packed) => paddedFrom(packed, x.batchSizes.length, batchFirst),
      (packed) => packed,
    );
  if (x.ndim === 2) return singleRows(x);
  if (list !== null && list.length > 0) {
    const steps = x.shape[batchFirst ? 1 : 0]!;
    const restore = (packed: PackedSequence): Tensor => paddedFrom(packed, steps, batchFirst);
    return packedRows(packedFrom(x, list, longestFirst(list), batchFirst), restore, restore);
  }
  if (!batchFirst || !stepsFirst) return fullRows(x, batchFirst);
  const { restore, pad, ...rest } = fullRows(x.transpose(0, 1), false);
  return { ...rest, restore: (rows) => pad(rows).transpose(0, 1), pad: (rows) => pad(rows).transpose(0, 1) };
}

/** How many steps each layer computes. @throws like `realLengths` */
export function stepsIn(operation: string, x: Sequences, form: Omit<SequenceForm, 'stepsFirst'>): number {
  const list = realLengths(operation, x, form);
  if (list !== null) return list.reduce((sum, length) => sum + length, 0);
  const { shape } = x instanceof PackedSequence ? x.data : x;
  return shape.slice(0, -1).reduce((product, n) => product * n, 1);
}
