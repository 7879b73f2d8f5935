// How a recipe reads results: on some engines they arrive later, so it awaits them. A loop that shouldn't wait at each turn
// records them.

import { noGrad, type Tensor, tidy } from '../../index.js';
import { BatchQueue } from '../../metrics/batch-queue.js';
import { readTogether } from '../../tensor/read-together.js';

/** The number that `work` computes, without a graph; the memory of all else that it makes is freed at once. */
export const numberOf = (work: () => Tensor): Promise<number> => noGrad(() => tidy(work)).item();

/** The elements of a tensor. */
export const listOf = async (x: Tensor): Promise<number[]> => [...(await x.data())];

/** The elements of several tensors, which arrive together. */
export const listsOf = async (tensors: readonly Tensor[]): Promise<number[][]> =>
  (await readTogether(tensors)).map((elements) => [...elements]);

/** The numbers of several tensors of one element. */
export const numbersOf = async (scalars: readonly Tensor[]): Promise<number[]> =>
  (await readTogether(scalars)).map((elements) => elements[0]!);

/** Points as pictures take them. */
export interface PlanePoints {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly classes: readonly number[];
}

/** Points in the plane, with their classes. @shape points (n, 2), classes (n) */
export async function planeOf(points: Tensor, classes: Tensor): Promise<PlanePoints> {
  const [x, y, of] = await listsOf([points.select(1, 0), points.select(1, 1), classes]);
  return { x: x!, y: y!, classes: of! };
}

/** Numbers that a loop measures at each turn, such as the loss of each step. Nothing waits for them until they're asked for. */
export class Recording {
  readonly #queue = new BatchQueue();
  readonly #numbers: number[] = [];

  /** Adds the current elements of a tensor; `tidy` may free the tensor afterward. */
  add(x: Tensor): void {
    this.#queue.take({ x }, ({ x: { values } }) => {
      for (let i = 0; i < values.length; i++) this.#numbers.push(values[i]!);
    });
  }

  /** All numbers so far. */
  async numbers(): Promise<number[]> {
    await this.#queue.settled();
    return [...this.#numbers];
  }
}
