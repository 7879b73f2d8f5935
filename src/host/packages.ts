import type { Resvg } from '@resvg/resvg-wasm';
import type { Sharp, SharpOptions } from 'sharp';

/** Decodes and encodes images. */
export type MakeSharp = (input: Uint8Array, options: SharpOptions) => Sharp;

/** Optional packages that run on Node alone, loaded when they are needed. */
export interface Packages {
  sharp(): Promise<MakeSharp>;
  /** What draws SVG as pixels. */
  resvg(): Promise<typeof Resvg>;
  /** DejaVu Sans, regular and bold. */
  fonts(): Uint8Array[];
}
