import { EngineError, engineItself } from '../../core/errors.js';

/** The error for a call with numbers that a kernel can't take. */
export const refusedBy = (kernel: string, problem: string): EngineError =>
  new EngineError(engineItself, `kernel ${kernel} ${problem}`);

/**
 * The engine's memory for the numbers of the next kernel call: shapes and strides. Everything that goes in is
 * checked here, so that no kernel sees a number truncated to 32 bits.
 */
export class KernelNumbers {
  #ints: Int32Array;

  /**
   * @param address where kernels find the first number
   * @param locate returns the memory there, which may move when the engine's memory grows; the old array is then empty
   */
  constructor(
    readonly address: number,
    private readonly locate: () => Int32Array,
  ) {
    this.#ints = locate();
  }

  /** Writes one number. @throws EngineError if it doesn't fit in int32, or `at` is out of range */
  put(at: number, value: number): void {
    if ((value | 0) !== value || at >= this.#ints.length) this.#refresh(at, value);
    this.#ints[at] = value;
  }

  /** Writes a list of numbers; returns the position after it. */
  list(at: number, values: readonly number[]): number {
    for (let i = 0; i < values.length; i++) this.put(at + i, values[i]!);
    return at + values.length;
  }

  #refresh(at: number, value: number): void {
    if ((value | 0) !== value)
      throw new EngineError(
        engineItself,
        `kernels take sizes, strides, and the like as whole numbers from -2³¹ to 2³¹ - 1, not ${value}`,
      );
    const { length } = this.#located();
    if (at >= length)
      throw new EngineError(
        engineItself,
        `a kernel takes at most ${length} numbers; the tensor has too many axes`,
      );
  }

  #located(): Int32Array {
    if (this.#ints.length === 0) this.#ints = this.locate();
    return this.#ints;
  }

  /** The memory itself, for data with its own layout, such as a generator's state or a table of addresses. */
  raw(): Int32Array {
    return this.#located();
  }
}
