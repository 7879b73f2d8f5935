import { ArgumentError } from '../core/errors.js';

/** The WebAssembly modules that are built from `kernels/`: with relaxed SIMD, and without. */
export const wasmModules = ['relaxed', 'simd'] as const;

export type WasmModuleName = (typeof wasmModules)[number];

/** The ways to run them: with threads in shared memory, or on a single one. */
export const wasmVariants = ['relaxed-threads', 'relaxed-single', 'simd-threads', 'simd-single'] as const;

export type WasmVariant = (typeof wasmVariants)[number];

// Modules with a single function of type () → v128 whose body uses the feature.
const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0];
const zeroVector = [0x41, 0, 0xfd, 0x0f]; // i32.const 0, i8x16.splat

function accepts(instructions: readonly number[]): boolean {
  const body = [0, ...instructions, 0x0b];
  return WebAssembly.validate(new Uint8Array([...header, 10, body.length + 2, 1, body.length, ...body]));
}

/** Whether this machine runs 128-bit vector instructions in WebAssembly at all. */
export const hasSimd = (): boolean => accepts(zeroVector);

/** Whether it has relaxed ones, such as the fused multiply-add (tested with i8x16.relaxed_swizzle). */
const hasRelaxedSimd = (): boolean => accepts([...zeroVector, ...zeroVector, 0xfd, 0x80, 0x02]);

/** The best way to run on this machine, or the one that's wanted. @throws ArgumentError if that doesn't exist */
export function chooseVariant(wanted: string | undefined, sharedMemory: boolean): WasmVariant {
  if (!wanted) return `${hasRelaxedSimd() ? 'relaxed' : 'simd'}-${sharedMemory ? 'threads' : 'single'}`;
  const variant = wasmVariants.find((name) => name === wanted);
  if (variant === undefined)
    throw new ArgumentError('MYELIN_WASM', `'${wanted}' isn't known; available: ${wasmVariants.join(', ')}`);
  return variant;
}

export const hasThreads = (variant: WasmVariant): boolean => variant.endsWith('-threads');

export const moduleOf = (variant: WasmVariant): WasmModuleName =>
  variant.startsWith('relaxed') ? 'relaxed' : 'simd';
