import { bytesPerElement } from '../../core/dtype.js';
import type { Shape } from '../../core/shape.js';
import type { View } from '../storage.js';

/** What the kernel families of the CPU engine share: the kernels and a place for their shapes. */
export interface CpuContext<Abi> {
  /** The kernels of `kernels/`, native or WebAssembly, called with numbers only. */
  readonly abi: Abi;
  /** Small numbers for the next kernel call: shapes and strides. Its memory is the engine's. */
  readonly meta: Int32Array;
  readonly metaAddress: number;
}

/** Where kernels find the first element of a view. */
export const pointer = (view: View): number =>
  view.storage.address + view.offset * bytesPerElement[view.dtype];

/** Writes lists of numbers into the context's meta memory, one after the other; returns its address. */
export function writeMeta<Abi>(cpu: CpuContext<Abi>, ...lists: Shape[]): number {
  let at = 0;
  for (const list of lists) for (let i = 0; i < list.length; i++) cpu.meta[at++] = list[i]!;
  return cpu.metaAddress;
}
