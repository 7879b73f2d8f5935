import { ArgumentError, ShapeError } from '../core/errors.js';
import { composeGeometries, rangeGeometry } from '../core/views.js';
import { int32Tensor } from '../tensor/int32.js';
import type { Tensor } from '../tensor/tensor.js';
import { paste } from './cut.js';

export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular';

export interface PadOptions {
  /** What the border repeats (default `constant`). */
  mode?: PadMode;
  /** The border's value for `constant` (default 0). */
  value?: number;
}

/** Where position i ≥ 0 or < 0 of a padded axis takes its element from. */
const sources: Record<Exclude<PadMode, 'constant'>, (i: number, length: number) => number> = {
  reflect: (i, n) => (i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i),
  replicate: (i, n) => Math.min(Math.max(i, 0), n - 1),
  circular: (i, n) => ((i % n) + n) % n,
};

/** [axis, before, after] of each pair; the first pair is the last axis. */
function pairs(x: Tensor, pad: readonly number[]): [number, number, number][] {
  if (pad.length % 2 !== 0 || pad.length / 2 > x.ndim || pad.some((n) => !Number.isInteger(n)))
    throw new ShapeError(
      'pad',
      `[${pad.join(', ')}] must be two integers for each of the last axes, the last axis first`,
      [{ name: 'x', shape: x.shape }],
    );
  return Array.from({ length: pad.length / 2 }, (_, k) => [x.ndim - 1 - k, pad[2 * k]!, pad[2 * k + 1]!]);
}

function padConstant(x: Tensor, pad: readonly number[], value: number): Tensor {
  const axes = pairs(x, pad);
  const shape = [...x.shape];
  for (const [axis, before, after] of axes) {
    shape[axis]! += before + after;
    if (shape[axis]! < 0)
      throw new ShapeError('pad', `axis ${axis} of length ${x.shape[axis]} cannot lose ${-before - after}`, [
        { name: 'x', shape: x.shape },
      ]);
  }
  let inside = x;
  for (const [axis, before, after] of axes) {
    if (before >= 0 && after >= 0) continue;
    const start = Math.min(Math.max(0, -before), x.shape[axis]!);
    const end = Math.max(x.shape[axis]! - Math.max(0, -after), start);
    inside = inside.narrow(axis, start, end - start);
  }
  const window = composeGeometries(
    axes.map(([axis, before]) => rangeGeometry(axis, Math.max(0, before), inside.shape[axis]!, 1)),
  );
  return paste(inside, window, shape, value);
}

function padByIndex(x: Tensor, pad: readonly number[], mode: Exclude<PadMode, 'constant'>): Tensor {
  const axes = pairs(x, pad);
  if (axes.length > 3 || axes.length >= x.ndim)
    throw new ShapeError(
      'pad',
      `${mode} pads one to three axes behind the channels`,
      [{ name: 'x', shape: x.shape }],
      `[${pad.join(', ')}] pads ${axes.length}`,
    );
  for (const [axis, before, after] of axes) {
    if (before === 0 && after === 0) continue;
    const length = x.shape[axis]!;
    const most = mode === 'reflect' ? length - 1 : mode === 'circular' ? length : Number.POSITIVE_INFINITY;
    if (Math.max(before, after) > most || length + before + after < 1 || length === 0)
      throw new ShapeError(
        'pad',
        `axis ${axis} of length ${length} cannot have a ${mode} border of ${before} and ${after}`,
        [{ name: 'x', shape: x.shape }],
      );
  }
  const source = sources[mode];
  return axes.reduce((y, [axis, before, after]) => {
    if (before === 0 && after === 0) return y;
    const length = x.shape[axis]!;
    const index = Array.from({ length: length + before + after }, (_, i) => source(i - before, length));
    return y.indexSelect(axis, int32Tensor(index, x.engine));
  }, x);
}

/**
 * Adds a border to the last axes; negative numbers take away.
 *
 * @param pad [before, after] of the last axis, then of the one before it, …
 * @param mode `constant` fills with `value`; `reflect` mirrors at the outermost element; `replicate`
 *   repeats it; `circular` goes on at the other end. All but `constant` pad one to three axes.
 * @shape (N, C, H, W) → pad([l, r, t, b]) → (N, C, t + H + b, l + W + r)
 * @throws ShapeError for more pairs than axes, or a border longer than the axis can give
 * @differs `reflect` and the others work for every dtype, and for any number of axes in front
 */
export function pad(
  x: Tensor,
  pad: readonly number[],
  { mode = 'constant', value = 0 }: PadOptions = {},
): Tensor {
  if (mode === 'constant') return padConstant(x, pad, value);
  if (!(mode in sources))
    throw new ArgumentError('pad', `mode is constant, reflect, replicate or circular, not '${String(mode)}'`);
  return padByIndex(x, pad, mode);
}
