import { expect } from 'vitest';
import { bytesPerElement, typedArray } from '../../src/core/dtype.js';
import type { Engine } from '../../src/engine/engine.js';
import { engineNamed } from '../../src/engine/registry.js';
import type { View } from '../../src/engine/storage.js';
import { empty, type Tensor, view } from '../../src/tensor/tensor.js';
import '../helpers/engines.js';

/** What an engine's results have to be. */
export const reference = engineNamed('reference');

/** All elements of the memory that a view is part of. */
export async function memoryOf({ storage, dtype }: Tensor): Promise<ArrayLike<number>> {
  const buffer = await storage.engine.read(storage, 0, storage.bytes);
  return typedArray(dtype, buffer, 0, Math.floor(storage.bytes / bytesPerElement[dtype]));
}

/** Compares a result with what the same calls make on the reference engine. */
export async function expectSameElements(result: Tensor, wanted: Tensor): Promise<void> {
  expect(result.shape).toEqual(wanted.shape);
  expect(wanted.engine).toBe(reference);
  expect(Array.from(await result.data(), (v) => v + 0)).toEqual(
    Array.from(await wanted.data(), (v) => v + 0),
  ); // −0 is 0
}

/** Views of the same layout of the same memory, on the reference engine; those that share memory still do. */
async function twinsOf(views: readonly Tensor[]): Promise<Tensor[]> {
  const blocks = new Map<unknown, Tensor>();
  const twins: Tensor[] = [];
  for (const x of views) {
    const { storage, dtype } = x;
    let block = blocks.get(storage);
    if (block === undefined) {
      block = empty([storage.bytes / bytesPerElement[dtype]], dtype, reference);
      const bytes = await storage.engine.read(storage, 0, storage.bytes);
      reference.write(block.storage, 0, new Uint8Array(bytes));
      blocks.set(storage, block);
    }
    twins.push(view(block, x.shape, x.strides, x.offset));
  }
  return twins;
}

/**
 * Runs a kernel that writes into the first view, on its engine and on the reference engine, and compares all of the memory:
 * the result, and what's around it.
 *
 * @param tolerance the largest difference of elements
 */
export async function expectSameMemory(
  views: readonly Tensor[],
  kernel: (engine: Engine, out: View, ...operands: View[]) => void,
  tolerance = 0,
): Promise<void> {
  const [out, ...operands] = views as [Tensor, ...Tensor[]];
  const twins = (await twinsOf(views)) as [Tensor, ...Tensor[]];
  kernel(out.engine, out, ...operands);
  kernel(reference, ...twins);
  const [got, want] = [await memoryOf(out), await memoryOf(twins[0])];
  expect(got.length).toBe(want.length);
  for (let i = 0; i < want.length; i++)
    if (!Object.is(got[i], want[i]) && !(Math.abs(got[i]! - want[i]!) <= tolerance) && got[i] !== want[i])
      expect.fail(
        `element ${i} of the memory of ${JSON.stringify(out.shape)} is ${got[i]}, on the reference engine ${want[i]}`,
      );
}
