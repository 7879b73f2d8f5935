import type { Shape } from '../../core/shape.js';

/** One call of a module, or a module with parameters that wasn't called. */
export interface SummaryRow {
  /** The module's path in the model, '' for the model itself. */
  readonly path: string;
  /** The module's class. */
  readonly type: string;
  /** How deeply the call is nested inside the model's own. */
  readonly depth: number;
  /** The shapes of the tensors that it returned; null if it wasn't called. */
  readonly outputShapes: readonly Shape[] | null;
  /** Elements in its own parameters, excluding those counted by an earlier row. */
  readonly parameters: number;
  /** How many of them learn. */
  readonly trainable: number;
  /** Elements in its own parameters that an earlier row counts: a shared layer or tied weights. */
  readonly shared: number;
  /** From `Module.multiplyAdds`; null if unknown. */
  readonly multiplyAdds: number | null;
  /** Bytes of its output, unless a module inside created it or it's a view of an input. */
  readonly activationBytes: number;
}

/** The table and the totals. */
export interface SummaryData {
  readonly rows: readonly SummaryRow[];
  /** Elements in all parameters, each counted once. */
  readonly parameters: number;
  /** How many of them learn. */
  readonly trainable: number;
  /** The sum over all rows where it's known. */
  readonly multiplyAdds: number;
  /** Paths of called modules with parameters whose multiply-adds are unknown. */
  readonly uncounted: readonly string[];
  /** Memory of the inputs, the layers' outputs, the parameters, and the buffers, each counted once. */
  readonly bytes: {
    readonly inputs: number;
    readonly activations: number;
    readonly parameters: number;
    readonly buffers: number;
  };
}
