import type { Triple } from './conv.js';
import type { View } from './storage.js';

/** How an output element is made from input elements along an axis. */
export type Interpolation = 'nearest' | 'nearest-exact' | 'linear' | 'cubic';

/** Resizing of the last three axes; with 1 in front for missing axes. */
export interface ResizeGeometry {
  readonly input: Triple;
  readonly output: Triple;
  /** The input/output ratio to step by along each axis; 0 means that of the lengths. */
  readonly scales: Triple;
  readonly mode: Interpolation;
  /** Whether the outermost elements' centers stay in place instead of their edges. */
  readonly alignCorners: boolean;
}

export type Pair = readonly [height: number, width: number];

/** Windows over images: each one's elements become a column. */
export interface PatchGeometry {
  readonly image: Pair;
  /** The number of patches along each axis. */
  readonly patches: Pair;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
}

export type GridMode = 'bilinear' | 'nearest';
export type GridPadding = 'zeros' | 'border' | 'reflection';

export interface GridOptions {
  readonly mode: GridMode;
  readonly padding: GridPadding;
  readonly alignCorners: boolean;
}

/** Resizing, patches, and sampling at given places; all views are contiguous. */
export interface ResampleEngine {
  /** y (…, D', H', W') from x (…, D, H, W). Nearest modes take any dtype; the others take floats. */
  resize(y: View, x: View, geometry: ResizeGeometry): void;
  resizeBackward(dx: View, dy: View, geometry: ResizeGeometry): void;
  /** y (N, C·kH·kW, L): the patches of x (N, C, H, W) as columns. */
  unfold(y: View, x: View, geometry: PatchGeometry): void;
  /** x (N, C, H, W): the sum of the columns of y (N, C·kH·kW, L) at their places. */
  fold(x: View, y: View, geometry: PatchGeometry): void;
  /** y (N, C, H', W') from x (N, C, H, W) at the places grid (N, H', W', 2), x before y, in [-1, 1]. */
  gridSample(y: View, x: View, grid: View, options: GridOptions): void;
  gridSampleBackward(dx: View, dgrid: View, dy: View, x: View, grid: View, options: GridOptions): void;
}
