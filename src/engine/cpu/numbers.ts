import { EngineError, engineItself } from '../../core/errors.js';

/** The error for a call with numbers that a kernel cannot take. */
export const refusedBy = (kernel: string, problem: string): EngineError =>
  new EngineError(engineItself, `kernel ${kernel} ${problem}`);

/**
 * Memory of the engine for the numbers of the next kernel call: shapes and strides. All that goes in is
 * checked here, so that no kernel sees a number cut to 32 bits.
 */
export class KernelNumbers {
  #ints: Int32Array;

  /**
   * @param address where kernels find the first number
   * @param locate the memory there, which may move when the engine's memory grows; the array from before is empty then
   */
  constructor(
    readonly address: number,
    private readonly locate: () => Int32Array,
  ) {
    this.#ints = locate();
  }

  /** Writes one number. @throws EngineError if it does not fit into int32, or `at` is out of range */
  put(at: number, value: number): void {
    if ((value | 0) !== value || at >= this.#ints.length) this.#refresh(at, value);
    this.#ints[at] = value;
  }

  /** Writes a list of numbers; returns the place behind it. */
  list(at: number, values: readonly number[]): number {
    for (let i = 0; i < values.length; i++) this.put(at + i, values[i]!);
    return at + values.length;
  }

  #refresh(at: number, value: number): void {
    if ((value | 0) !== value)
      throw new EngineError(
        engineItself,
        `kernels take sizes, strides and such as whole numbers from -2³¹ to 2³¹ - 1, not ${value}`,
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

  /** The memory itself, for data with its own layout: a generator's state, a table of addresses. */
  raw(): Int32Array {
    return this.#located();
  }
}
