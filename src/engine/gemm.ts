import type { View } from './storage.js';

/** Functions that a product can end with. */
export const gemmActivations = ['none', 'relu', 'tanh', 'sigmoid', 'gelu'] as const;

export interface GemmOptions {
  /** Whether each matrix of `a` is used transposed (default false). */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** The factor of the product (default 1). */
  readonly alpha?: number;
  /** The factor of the previous content of `out`; 0, the default, doesn't read it. */
  readonly beta?: number;
  /** A number for each column of the result, contiguous. */
  readonly bias?: View | null;
  /** Applied last (default none); floating dtypes only. */
  readonly activation?: (typeof gemmActivations)[number];
}

/** Matrix products. */
export interface GemmEngine {
  /**
   * out = activation(alpha · a·b + beta · out + bias)
   *
   * out (…, M, N), a (…, M, K), b (…, K, N), of the same dtype: float32, float64, or int32. The axes before
   * the last two broadcast to those of `out`; a and b may have any strides; the rows of `out` may be
   * apart, but its columns must be adjacent.
   */
  gemm(out: View, a: View, b: View, options?: GemmOptions): void;
}
