import type { Shape } from '../core/shape.js';

/** One call of a module, or a module with parameters that was not called. */
export interface SummaryRow {
  /** Where in the model the module is, '' for the model itself. */
  readonly path: string;
  /** The module's class. */
  readonly type: string;
  /** How many calls deep inside the model's own. */
  readonly depth: number;
  /** The shapes of the tensors that it returned; null if it was not called. */
  readonly outputShapes: readonly Shape[] | null;
  /** Elements of its own parameters, without those that an earlier row counts. */
  readonly parameters: number;
  /** How many of these learn. */
  readonly trainable: number;
  /** Elements of its own parameters that an earlier row counts: those of a shared layer, or tied weights. */
  readonly shared: number;
  /** As `Module.multiplyAdds` tells; null if it cannot. */
  readonly multiplyAdds: number | null;
  /** Bytes of what it returned, if no module inside made it and it is not a view of an input. */
  readonly activationBytes: number;
}

/** The table and the sums. */
export interface SummaryData {
  readonly rows: readonly SummaryRow[];
  /** Elements of all parameters, each once. */
  readonly parameters: number;
  /** How many of these learn. */
  readonly trainable: number;
  /** The sum over all rows that have a number. */
  readonly multiplyAdds: number;
  /** Paths of called modules with parameters whose multiply-adds nobody told. */
  readonly uncounted: readonly string[];
  /** Memory: the inputs, what the layers return, parameters and buffers, each once. */
  readonly bytes: {
    readonly inputs: number;
    readonly activations: number;
    readonly parameters: number;
    readonly buffers: number;
  };
}
