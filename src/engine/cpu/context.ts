import { bytesPerElement } from '../../core/dtype.js';
import type { Shape } from '../../core/shape.js';
import type { Storage, View } from '../storage.js';

/** What the kernel families of the CPU engine share: the kernels and a place for their shapes. */
export interface CpuContext<Abi> {
  /** The kernels of `kernels/`, native or WebAssembly, called with numbers only. */
  readonly abi: Abi;
  /** Small numbers for the next kernel call: shapes and strides. Its memory is the engine's. */
  readonly meta: Int32Array;
  readonly metaAddress: number;
}

/**
 * The memory of the views whose addresses were taken last. An address keeps nothing alive: without this,
 * a collection between taking it and the kernel's call could reclaim a temporary that nothing else holds.
 * No kernel takes more than half as many views that only its caller holds.
 */
const recent: (Storage | null)[] = new Array(32).fill(null);
let next = 0;

/** Where kernels find the first element of a view; it stays there through the next kernel call. */
export function pointer(view: View): number {
  recent[next] = view.storage;
  next = (next + 1) & 31;
  return view.storage.address + view.offset * bytesPerElement[view.dtype];
}

/** Writes lists of numbers into the context's meta memory, one after the other; returns its address. */
export function writeMeta<Abi>(cpu: CpuContext<Abi>, ...lists: Shape[]): number {
  let at = 0;
  for (const list of lists) for (let i = 0; i < list.length; i++) cpu.meta[at++] = list[i]!;
  return cpu.metaAddress;
}
