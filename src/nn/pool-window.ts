import { flag, size } from '../core/options.js';
import { checkPadding } from '../ops/pool/geometry.js';
import { perAxis, type Size } from './sizes.js';

/** Options of every pooling layer. */
export const windowSpec = { stride: size(undefined, 1), ceilMode: flag(false) };

/** A pooling layer's window with one number for each axis. @throws ArgumentError naming what doesn't fit */
export function poolWindow(
  layer: string,
  rank: number,
  kernelSize: Size,
  { stride = kernelSize, padding = 0 }: { readonly stride?: Size | undefined; readonly padding?: Size },
): {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
} {
  const window = {
    kernelSize: perAxis(layer, 'kernelSize', kernelSize, rank, 1),
    stride: perAxis(layer, 'stride', stride, rank, 1),
    padding: perAxis(layer, 'padding', padding, rank, 0),
  };
  checkPadding(layer, window.kernelSize, window.padding);
  return window;
}
