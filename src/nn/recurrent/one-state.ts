import type { Tensor } from '../../tensor/tensor.js';
import type { PackedSequence } from '../utils/rnn/packed-sequence.js';
import { RNNBase, type SequenceOptions } from './base.js';
import type { Sequences } from './sequences.js';

/** A recurrent layer that has only h as its state. */
export abstract class OneStateRNN extends RNNBase {
  /**
   * The outputs of the last layer at each step, and the final state of every layer and direction.
   *
   * @param h0 the state to start from (default: zeros)
   * @param options.lengths how many steps of each sequence are real (default: all)
   * @throws ShapeError, DTypeError if x or h0 doesn't fit; ArgumentError for lengths that don't
   */
  override forward(
    x: PackedSequence,
    h0?: Tensor | null,
    options?: SequenceOptions,
  ): [output: PackedSequence, hN: Tensor];
  override forward(x: Tensor, h0?: Tensor | null, options?: SequenceOptions): [output: Tensor, hN: Tensor];
  override forward(
    x: Sequences,
    h0: Tensor | null = null,
    options?: SequenceOptions,
  ): [output: Sequences, hN: Tensor] {
    const { output, hN } = this.results(x, { h0, c0: null }, options);
    return [output, hN];
  }
}
