import type { Resvg } from '@resvg/resvg-wasm';
import type { Sharp, SharpOptions } from 'sharp';

/** Decodes and encodes images. */
export type MakeSharp = (input: Uint8Array, options: SharpOptions) => Sharp;

/**
 * Optional packages that run on Node alone, loaded when an operation needs them; it gets a MissingPackageError if one
 * isn't installed, or has no build for this machine.
 */
export interface Packages {
  sharp(operation: string): Promise<MakeSharp>;
  /** What draws SVG as pixels. */
  resvg(operation: string): Promise<typeof Resvg>;
  /** DejaVu Sans, regular and bold. */
  fonts(): Uint8Array[];
}
