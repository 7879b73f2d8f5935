import { dtypeCode } from '../../core/dtype.js';
import type {
  GridMode,
  GridOptions,
  GridPadding,
  Interpolation,
  Pair,
  PatchGeometry,
  ResampleEngine,
  ResizeGeometry,
} from '../resample.js';
import type { View } from '../storage.js';
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

/** Signatures of kernels/resample/resample.h; pointers are numbers. */
export interface ResampleAbi {
  resize: ResizeKernel;
  resize_backward: ResizeKernel;
  unfold(dtype: number, x: number, y: number, planes: number, window: number): void;
  fold(dtype: number, y: number, x: number, planes: number, window: number): void;
  grid_sample(
    dtype: number,
    x: number,
    grid: number,
    y: number,
    sizes: number,
    mode: number,
    padding: number,
    alignCorners: number,
  ): void;
  grid_sample_backward(
    dtype: number,
    dy: number,
    x: number,
    grid: number,
    dx: number,
    dgrid: number,
    sizes: number,
    mode: number,
    padding: number,
    alignCorners: number,
  ): void;
}

const interpolationCode: Readonly<Record<Interpolation, number>> = {
  nearest: 0,
  'nearest-exact': 1,
  linear: 2,
  cubic: 3,
};
const gridModeCode: Readonly<Record<GridMode, number>> = { bilinear: 0, nearest: 1 };
const gridPaddingCode: Readonly<Record<GridPadding, number>> = { zeros: 0, border: 1, reflection: 2 };

const area = ([h, w]: Pair): number => h * w;

export function resampleKernels(cpu: CpuContext<ResampleAbi>): ResampleEngine {
  const { abi } = cpu;

  function resize(kernel: ResizeKernel, to: View, from: View, g: ResizeGeometry): void {
    const planes = Math.max(to.count, from.count) / Math.max(volume(g.input), volume(g.output));
    const [d, h, w] = g.scales;
    kernel(
      dtypeCode[to.dtype],
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
    gridPaddingCode[padding],
    Number(alignCorners),
  ];

  return {
    resize: (y, x, geometry) => resize(abi.resize, y, x, geometry),
    resizeBackward: (dx, dy, geometry) => resize(abi.resize_backward, dx, dy, geometry),
    unfold: (y, x, g) =>
      abi.unfold(dtypeCode[y.dtype], pointer(x), pointer(y), x.count / area(g.image), patches(g)),
    fold: (x, y, g) =>
      abi.fold(dtypeCode[y.dtype], pointer(y), pointer(x), x.count / area(g.image), patches(g)),
    gridSample: (y, x, grid, options) =>
      abi.grid_sample(
        dtypeCode[y.dtype],
        pointer(x),
        pointer(grid),
        pointer(y),
        gridSizes(x, grid),
        ...gridCodes(options),
      ),
    gridSampleBackward: (dx, dgrid, dy, x, grid, options) =>
      abi.grid_sample_backward(
        dtypeCode[dy.dtype],
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
