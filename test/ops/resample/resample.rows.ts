import { ArgumentError, DTypeError, ShapeError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import { ones } from '../../../src/index.js';
import { integers, normal, type OpRow, uniform, values } from '../table.js';

const identity = values([1, 2, 3], [1, 0, 0, 0, 1, 0]);

export const rows: OpRow[] = [
  {
    op: 'interpolate',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([2, 3, 5])],
        ours: (x) => F.interpolate(x, { scaleFactor: 2 }),
        torch: 'F.interpolate(x0, scale_factor=2)',
      },
      {
        inputs: [normal([2, 3, 4, 7])],
        ours: (x) => F.interpolate(x, { size: [9, 5] }),
        torch: 'F.interpolate(x0, size=(9, 5))',
      },
      {
        inputs: [integers([1, 2, 3, 4], 0, 255, 'uint8')],
        dtypes: ['float32'],
        ours: (x) => F.interpolate(x, { size: [5, 2], mode: 'nearest' }),
        torch: 'F.interpolate(x0, size=(5, 2), mode="nearest")',
      },
      {
        inputs: [normal([1, 2, 4, 7])],
        ours: (x) => F.interpolate(x, { size: [6, 11], mode: 'nearest-exact' }),
        torch: 'F.interpolate(x0, size=(6, 11), mode="nearest-exact")',
      },
      {
        inputs: [normal([2, 2, 6])],
        ours: (x) => F.interpolate(x, { size: 10, mode: 'linear' }),
        torch: 'F.interpolate(x0, size=10, mode="linear", align_corners=False)',
      },
      {
        inputs: [normal([2, 2, 4, 6])],
        ours: (x) => F.interpolate(x, { scaleFactor: 2, mode: 'bilinear' }),
        torch: 'F.interpolate(x0, scale_factor=2, mode="bilinear", align_corners=False)',
      },
      {
        inputs: [normal([2, 2, 5, 7])],
        ours: (x) => F.interpolate(x, { size: [8, 3], mode: 'bilinear', alignCorners: true }),
        torch: 'F.interpolate(x0, size=(8, 3), mode="bilinear", align_corners=True)',
      },
      {
        inputs: [normal([1, 1, 5, 7])],
        ours: (x) => F.interpolate(x, { scaleFactor: [1.7, 0.6], mode: 'bilinear' }),
        torch: 'F.interpolate(x0, scale_factor=(1.7, 0.6), mode="bilinear", align_corners=False)',
      },
      {
        inputs: [normal([1, 1, 5, 7])],
        ours: (x) => F.interpolate(x, { scaleFactor: 1.7, mode: 'bilinear', recomputeScaleFactor: true }),
        torch:
          'F.interpolate(x0, scale_factor=1.7, mode="bilinear", align_corners=False, recompute_scale_factor=True)',
      },
      {
        inputs: [normal([1, 2, 4, 5])],
        ours: (x) => F.interpolate(x, { size: [7, 9], mode: 'bicubic' }),
        torch: 'F.interpolate(x0, size=(7, 9), mode="bicubic", align_corners=False)',
      },
      {
        inputs: [normal([1, 1, 6, 5])],
        ours: (x) => F.interpolate(x, { size: [3, 8], mode: 'bicubic', alignCorners: true }),
        torch: 'F.interpolate(x0, size=(3, 8), mode="bicubic", align_corners=True)',
      },
      {
        inputs: [normal([1, 2, 3, 4, 5])],
        ours: (x) => F.interpolate(x, { size: [4, 3, 7], mode: 'trilinear' }),
        torch: 'F.interpolate(x0, size=(4, 3, 7), mode="trilinear", align_corners=False)',
      },
      {
        inputs: [normal([1, 2, 7, 9])],
        ours: (x) => F.interpolate(x, { size: [3, 4], mode: 'area' }),
        torch: 'F.interpolate(x0, size=(3, 4), mode="area")',
      },
      {
        inputs: [normal([0, 2, 7, 9])],
        ours: (x) => F.interpolate(x, { size: [3, 4] }),
        torch: 'F.interpolate(x0, size=(3, 4))',
      },
    ],
    errors: [
      {
        call: () => F.interpolate(ones([1, 1, 4]), {}),
        error: ArgumentError,
        message: /^interpolate: needs either size or scaleFactor$/,
      },
      {
        call: () => F.interpolate(ones([1, 4, 4]), { size: 3, mode: 'bilinear' }),
        error: ShapeError,
        message: /^interpolate: mode 'bilinear' needs 4 axes\n/,
      },
      {
        call: () => F.interpolate(ones([1, 1, 4]), { size: 3, alignCorners: true }),
        error: ArgumentError,
        message: /^interpolate: alignCorners has no effect in mode 'nearest'$/,
      },
      {
        call: () => F.interpolate(ones([1, 1, 4], { dtype: 'uint8' }), { size: 3, mode: 'linear' }),
        error: DTypeError,
        message: /^interpolate: mode 'linear' needs float32 or float64, x is uint8$/,
      },
      {
        call: () => F.interpolate(ones([1, 1, 4]), { scaleFactor: 0.2 }),
        error: ArgumentError,
        message: /^interpolate: scaleFactor \[0.2\] makes \[0\] of \[4\]$/,
      },
    ],
  },
  {
    op: 'upsample',
    samples: [
      {
        inputs: [normal([2, 3, 4, 5])],
        ours: (x) => F.upsample(x, { scaleFactor: 3 }),
        torch: 'F.interpolate(x0, scale_factor=3)',
      },
    ],
  },
  {
    op: 'unfold',
    gradgrad: true,
    samples: [
      { inputs: [normal([2, 3, 5, 6])], ours: (x) => F.unfold(x, 3), torch: 'F.unfold(x0, 3)' },
      {
        inputs: [normal([1, 2, 7, 6])],
        ours: (x) => F.unfold(x, [2, 3], { stride: [2, 1], padding: [1, 2], dilation: [2, 1] }),
        torch: 'F.unfold(x0, (2, 3), (2, 1), (1, 2), (2, 1))',
      },
      {
        inputs: [normal([2, 4, 4])],
        ours: (x) => F.unfold(x, 2, { stride: 2 }),
        torch: 'F.unfold(x0, 2, stride=2)',
      },
    ],
    errors: [
      {
        call: () => F.unfold(ones([1, 1, 2, 2]), 3),
        error: ShapeError,
        message: /^unfold: the patches are larger than the padded image/,
      },
    ],
  },
  {
    op: 'fold',
    large: {
      inputs: [normal([8, 72, 1024])],
      ours: (x) => F.fold(x, [33, 33], 2),
      torch: 'F.fold(x0, (33, 33), 2)',
    },
    gradgrad: true,
    samples: [
      { inputs: [normal([2, 12, 20])], ours: (x) => F.fold(x, [5, 6], 2), torch: 'F.fold(x0, (5, 6), 2)' },
      {
        inputs: [normal([1, 12, 24])],
        ours: (x) => F.fold(x, [7, 6], [2, 3], { stride: [2, 1], padding: [1, 1], dilation: [2, 1] }),
        torch: 'F.fold(x0, (7, 6), (2, 3), (2, 1), (1, 1), (2, 1))',
      },
    ],
    errors: [
      {
        call: () => F.fold(ones([1, 9, 5]), [4, 4], 3),
        error: ShapeError,
        message:
          /^fold: the columns aren't patches of such an image\n.*expects a multiple of 9, and 4 patches$/,
      },
    ],
  },
  {
    op: 'pixelShuffle',
    gradgrad: true,
    samples: [
      { inputs: [normal([2, 8, 3, 4])], ours: (x) => F.pixelShuffle(x, 2), torch: 'F.pixel_shuffle(x0, 2)' },
      { inputs: [normal([9, 2, 1])], ours: (x) => F.pixelShuffle(x, 3), torch: 'F.pixel_shuffle(x0, 3)' },
    ],
    errors: [
      {
        call: () => F.pixelShuffle(ones([1, 6, 2, 2]), 2),
        error: ShapeError,
        message: /^pixelShuffle: x isn't divisible by the factor/,
      },
      {
        call: () => F.pixelShuffle(ones([1, 4, 2, 2]), 0),
        error: ArgumentError,
        message: /^pixelShuffle: the factor must be a whole number, 1 or more, got 0$/,
      },
    ],
  },
  {
    op: 'pixelUnshuffle',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([2, 3, 4, 6])],
        ours: (x) => F.pixelUnshuffle(x, 2),
        torch: 'F.pixel_unshuffle(x0, 2)',
      },
    ],
  },
  {
    op: 'channelShuffle',
    large: {
      inputs: [normal([16, 60, 32, 32])],
      ours: (x) => F.channelShuffle(x, 3),
      torch: 'x0.reshape(16, 3, 20, 32, 32).transpose(1, 2).reshape(16, 60, 32, 32)',
    },
    gradgrad: true,
    samples: [
      {
        inputs: [normal([2, 6, 3, 2])],
        ours: (x) => F.channelShuffle(x, 3),
        torch: 'x0.reshape(2, 3, 2, 3, 2).transpose(1, 2).reshape(2, 6, 3, 2)',
      },
    ],
    errors: [
      {
        call: () => F.channelShuffle(ones([1, 4, 2, 2]), 3),
        error: ShapeError,
        message: /^channelShuffle: the channels can't be split into 3 groups/,
      },
    ],
  },
  {
    op: 'gridSample',
    large: {
      inputs: [normal([8, 16, 64, 64]), uniform([8, 64, 64, 2], -1.1, 1.1)],
      ours: (x, grid) => F.gridSample(x, grid),
      torch: 'F.grid_sample(x0, x1, align_corners=False)',
    },
    samples: [
      ...(['bilinear', 'nearest'] as const).flatMap((mode) =>
        (['zeros', 'border', 'reflection'] as const).map((paddingMode, i) => ({
          inputs: [normal([2, 2, 5, 4]), uniform([2, 3, 2, 2], -1.6, 1.6)],
          ours: (x: Parameters<typeof F.gridSample>[0], grid: Parameters<typeof F.gridSample>[1]) =>
            F.gridSample(x, grid, { mode, paddingMode, alignCorners: i === 1 }),
          torch: `F.grid_sample(x0, x1, "${mode}", "${paddingMode}", ${i === 1 ? 'True' : 'False'})`,
        })),
      ),
      ...(['zeros', 'border', 'reflection'] as const).map((paddingMode, i) => ({
        inputs: [normal([2, 2, 5, 4]), uniform([2, 3, 2, 2], -1.6, 1.6)],
        ours: (x: Parameters<typeof F.gridSample>[0], grid: Parameters<typeof F.gridSample>[1]) =>
          F.gridSample(x, grid, { mode: 'bicubic', paddingMode, alignCorners: i === 1 }),
        torch: `F.grid_sample(x0, x1, "bicubic", "${paddingMode}", ${i === 1 ? 'True' : 'False'})`,
      })),
      ...(['bilinear', 'nearest'] as const).flatMap((mode) =>
        (['zeros', 'border', 'reflection'] as const).map((paddingMode, i) => ({
          inputs: [normal([2, 2, 3, 5, 4]), uniform([2, 2, 3, 2, 3], -1.6, 1.6)],
          ours: (x: Parameters<typeof F.gridSample>[0], grid: Parameters<typeof F.gridSample>[1]) =>
            F.gridSample(x, grid, { mode, paddingMode, alignCorners: i === 1 }),
          torch: `F.grid_sample(x0, x1, "${mode}", "${paddingMode}", ${i === 1 ? 'True' : 'False'})`,
        })),
      ),
    ],
    errors: [
      {
        call: () => F.gridSample(ones([1, 1, 2, 2]), ones([1, 2, 2, 3])),
        error: ShapeError,
        message: /^gridSample: the grid doesn't fit the images/,
      },
      {
        call: () => F.gridSample(ones([1, 1, 2, 2]), ones([1, 2, 2, 2], { dtype: 'float64' })),
        error: DTypeError,
        message: /^gridSample: x and the grid need the same floating dtype, x is float32, the grid float64$/,
      },
      {
        call: () => F.gridSample(ones([1, 1, 2, 2, 2]), ones([1, 2, 2, 2, 3]), { mode: 'bicubic' }),
        error: ArgumentError,
        message: /^gridSample: bicubic is for images, x is a volume\n {2}hint: use bilinear$/,
      },
    ],
  },
  {
    op: 'affineGrid',
    large: {
      inputs: [normal([16, 2, 3])],
      ours: (theta) => F.affineGrid(theta, [16, 1, 128, 128]),
      torch: 'F.affine_grid(x0, (16, 1, 128, 128), align_corners=False)',
    },
    samples: [
      {
        inputs: [normal([2, 2, 3])],
        ours: (theta) => F.affineGrid(theta, [2, 1, 3, 4]),
        torch: 'F.affine_grid(x0, (2, 1, 3, 4), align_corners=False)',
      },
      {
        inputs: [identity],
        ours: (theta) => F.affineGrid(theta, [1, 1, 2, 5], { alignCorners: true }),
        torch: 'F.affine_grid(x0, (1, 1, 2, 5), align_corners=True)',
      },
      {
        inputs: [normal([2, 3, 4])],
        ours: (theta) => F.affineGrid(theta, [2, 1, 3, 4, 2]),
        torch: 'F.affine_grid(x0, (2, 1, 3, 4, 2), align_corners=False)',
      },
    ],
    errors: [
      {
        call: () => F.affineGrid(ones([2, 3, 3]), [2, 1, 2, 2]),
        error: ShapeError,
        message: /^affineGrid: needs a 2 × 3 matrix for each image/,
      },
    ],
  },
];
