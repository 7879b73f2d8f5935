import { bytesPerElement, type TypedArray, typedArray } from '../../core/dtype.js';
import type { Shape } from '../../core/shape.js';
import type { OutOfRange, Verdict } from '../fault.js';
import type { Storage, View } from '../storage.js';
import type { KernelAbi } from './abi.js';
import type { KernelNumbers } from './numbers.js';
import type { CpuStorage } from './storage.js';

/** What the CPU engine's kernel families share: the kernels and a place for their shapes. */
export interface CpuContext {
  /** The kernels of `kernels/`, native or WebAssembly, which take only numbers. */
  readonly abi: KernelAbi;
  /** Small numbers for the next kernel call: shapes and strides. */
  readonly numbers: KernelNumbers;
}

/**
 * The memory of the views whose addresses were taken last. An address keeps nothing alive: without this,
 * a collection between taking it and calling the kernel could reclaim a temporary that nothing else holds.
 * No kernel takes more than half this many views that only its caller holds.
 */
const recent: (Storage | null)[] = new Array(32).fill(null);
let next = 0;

/** The address of a view's first element for kernels; it stays valid through the next kernel call. */
export function pointer(view: View): number {
  recent[next] = view.storage;
  next = (next + 1) & 31;
  const { address } = view.storage as CpuStorage;
  return view.offset === 0 ? address : address + view.offset * bytesPerElement[view.dtype];
}

/** The same for an optional operand: the null pointer if it's left out. */
export const pointerOrNull = (view: View | null): number => (view === null ? 0 : pointer(view));

/** Writes lists of numbers back to back for the next kernel call; returns their address. */
export function writeMeta({ numbers }: CpuContext, ...lists: Shape[]): number {
  let at = 0;
  for (const list of lists) at = numbers.list(at, list);
  return numbers.address;
}

/** A copy of a dense view's elements, starting at `first`. */
function elementsOf({ storage, dtype, offset }: View, first: number, count: number): TypedArray {
  const width = bytesPerElement[dtype];
  const bytes = (storage as CpuStorage).engine.readSync(storage, (offset + first) * width, count * width);
  return typedArray(dtype, bytes, 0, count);
}

/** Throws the error for the element of a dense view that a kernel found bad, by position; negative means none. */
export function requireNone(bad: number, view: View, fault: OutOfRange | null): void {
  if (bad >= 0 && fault !== null) throw fault(bad, elementsOf(view, bad, 1)[0]!);
}

/** Throws the verdict on the elements of a dense view. */
export function inspectNow(view: View, verdict: Verdict): void {
  const error = verdict(elementsOf(view, 0, view.count));
  if (error !== null) throw error;
}
