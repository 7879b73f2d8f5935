import type {
  GridMode,
  GridOptions,
  Interpolation,
  Pair,
  PatchGeometry,
  ResampleEngine,
  ResizeGeometry,
} from '../resample.js';
import type { View } from '../storage.js';
import { codes } from './abi.js';
import { type CpuContext, pointer, writeMeta } from './context.js';
import { writeWindows } from './windows.js';

type ResizeKernel = (
  dtype: number,
  from: number,
  to: number,
  planes: number,
  sizes: number,
  scaleD: number,
  scaleH: number,
  scaleW: number,
  mode: number,
  alignCorners: number,
) => void;

const { nearest, nearestExact, linear, cubic } = codes.interpolation;
const interpolationCode: Readonly<Record<Interpolation, number>> = {
  nearest,
  'nearest-exact': nearestExact,
  linear,
  cubic,
};
const gridModeCode: Readonly<Record<GridMode, number>> = { bilinear: 0, nearest: 1 };

const area = ([h, w]: Pair): number => h * w;

export function resampleKernels(cpu: CpuContext): ResampleEngine {
  const { abi } = cpu;

  function resize(kernel: ResizeKernel, to: View, from: View, g: ResizeGeometry): void {
    const planes = Math.max(to.count, from.count) / Math.max(volume(g.input), volume(g.output));
    const [d, h, w] = g.scales;
    kernel(
      codes.dtype[to.dtype],
      pointer(from),
      pointer(to),
      planes,
      writeMeta(cpu, g.input, g.output),
      d,
      h,
      w,
      interpolationCode[g.mode],
      Number(g.alignCorners),
    );
  }

  const patches = (g: PatchGeometry): number => {
    writeWindows(cpu.numbers, 0, { ...g, input: g.image, output: g.patches });
    return cpu.numbers.address;
  };

  const gridSizes = (x: View, grid: View): number => writeMeta(cpu, x.shape, grid.shape.slice(1, 3));

  const gridCodes = ({ mode, padding, alignCorners }: GridOptions): [number, number, number] => [
    gridModeCode[mode],
    codes.gridPadding[padding],
    Number(alignCorners),
  ];

  return {
    resize: (y, x, geometry) => resize(abi.resize, y, x, geometry),
    resizeBackward: (dx, dy, geometry) => resize(abi.resize_backward, dx, dy, geometry),
    unfold: (y, x, g) =>
      abi.unfold(codes.dtype[y.dtype], pointer(x), pointer(y), x.count / area(g.image), patches(g)),
    fold: (x, y, g) =>
      abi.fold(codes.dtype[y.dtype], pointer(y), pointer(x), x.count / area(g.image), patches(g)),
    gridSample: (y, x, grid, options) =>
      abi.grid_sample(
        codes.dtype[y.dtype],
        pointer(x),
        pointer(grid),
        pointer(y),
        gridSizes(x, grid),
        ...gridCodes(options),
      ),
    gridSampleBackward: (dx, dgrid, dy, x, grid, options) =>
      abi.grid_sample_backward(
        codes.dtype[dy.dtype],
        pointer(dy),
        pointer(x),
        pointer(grid),
        pointer(dx),
        pointer(dgrid),
        gridSizes(x, grid),
        ...gridCodes(options),
      ),
  };
}

const volume = ([d, h, w]: readonly [number, number, number]): number => d * h * w;
