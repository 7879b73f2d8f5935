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
  /** GPT-2's tokens in the order of their numbers, those that aren't UTF-8 as bytes. */
  gpt2Tokens(operation: string): Promise<readonly (string | readonly number[] | undefined)[]>;
  /** What draws SVG as pixels. */
  resvg(operation: string): Promise<typeof Resvg>;
  /** DejaVu Sans, regular and bold. */
  fonts(): Uint8Array[];
}
