import { ArgumentError, DTypeError, ShapeError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import { ones } from '../../../src/index.js';
import { normal, type OpRow } from '../table.js';

export const rows: OpRow[] = [
  {
    op: 'conv1d',
    large: null, // npm run bench -- conv2d has the shapes of networks
    gradgrad: true,
    samples: [
      {
        inputs: [normal([2, 3, 11]), normal([4, 3, 3]), normal([4])],
        ours: (x, w, b) => F.conv1d(x, w, b, { stride: 2, padding: 1 }),
        torch: 'F.conv1d(x0, x1, x2, stride=2, padding=1)',
      },
      {
        inputs: [normal([2, 4, 13]), normal([6, 2, 3])],
        ours: (x, w) => F.conv1d(x, w, null, { dilation: 3, groups: 2 }),
        torch: 'F.conv1d(x0, x1, None, dilation=3, groups=2)',
      },
      {
        inputs: [normal([3, 7]), normal([2, 3, 4]), normal([2])],
        ours: (x, w, b) => F.conv1d(x, w, b, { padding: 'same' }),
        torch: 'F.conv1d(x0, x1, x2, padding="same")',
      },
      {
        inputs: [normal([1, 1, 40]), normal([1, 1, 5])],
        ours: (x, w) => F.conv1d(x, w, null, { padding: 'valid' }),
        torch: 'F.conv1d(x0, x1, None, padding="valid")',
      },
    ],
    errors: [
      {
        call: () => F.conv1d(ones([2, 7, 3]), ones([4, 3, 3])),
        error: ShapeError,
        message:
          /^conv1d: channels disagree\n {2}x {7}\(N, C, L\) {3}\[2, 7, 3\] {2}C = 7\n(?:.|\n)*NLC sequences need x\.permute\(\[0, 2, 1\]\)$/,
      },
      {
        call: () => F.conv1d(ones([3, 7]), ones([4, 3, 3]), null, { stride: [1, 2] }),
        error: ArgumentError,
        message: /^conv1d: stride has 2 numbers, needs one or 1$/,
      },
    ],
  },
  {
    op: 'conv2d',
    large: null, // npm run bench -- conv2d has the shapes of networks
    gradgrad: true,
    samples: [
      {
        inputs: [normal([2, 3, 6, 7]), normal([4, 3, 3, 2]), normal([4])],
        ours: (x, w, b) => F.conv2d(x, w, b),
        torch: 'F.conv2d(x0, x1, x2)',
      },
      {
        inputs: [normal([2, 2, 7, 6]), normal([3, 2, 3, 3]), normal([3])],
        ours: (x, w, b) => F.conv2d(x, w, b, { stride: 2, padding: 1 }),
        torch: 'F.conv2d(x0, x1, x2, stride=2, padding=1)',
      },
      {
        inputs: [normal([1, 4, 8, 9]), normal([6, 2, 2, 3])],
        ours: (x, w) =>
          F.conv2d(x, w, null, { stride: [1, 3], padding: [2, 1], dilation: [3, 2], groups: 2 }),
        torch: 'F.conv2d(x0, x1, None, stride=(1, 3), padding=(2, 1), dilation=(3, 2), groups=2)',
      },
      {
        inputs: [normal([2, 3, 5, 7]), normal([6, 1, 3, 3]), normal([6])],
        ours: (x, w, b) => F.conv2d(x, w, b, { padding: 1, groups: 3 }),
        torch: 'F.conv2d(x0, x1, x2, padding=1, groups=3)',
      },
      {
        inputs: [normal([2, 3, 4, 5]), normal([2, 3, 2, 4])],
        ours: (x, w) => F.conv2d(x, w, null, { padding: 'same', dilation: [1, 2] }),
        torch: 'F.conv2d(x0, x1, None, padding="same", dilation=(1, 2))',
      },
      {
        inputs: [normal([3, 2, 5, 4]), normal([19, 2, 1, 1]), normal([19])],
        ours: (x, w, b) => F.conv2d(x, w, b, { stride: [2, 1] }),
        torch: 'F.conv2d(x0, x1, x2, stride=(2, 1))',
      },
      {
        inputs: [normal([2, 5, 6]), normal([3, 2, 3, 3]), normal([3])],
        ours: (x, w, b) => F.conv2d(x, w, b, { padding: [0, 1] }),
        torch: 'F.conv2d(x0, x1, x2, padding=(0, 1))',
      },
      {
        inputs: [normal([1, 2, 9, 9]), normal([2, 2, 2, 2])],
        ours: (x, w) => F.conv2d(x, w, null, { stride: 4 }),
        torch: 'F.conv2d(x0, x1, None, stride=4)',
      },
      {
        inputs: [normal([0, 2, 5, 5]), normal([3, 2, 3, 3]), normal([3])],
        ours: (x, w, b) => F.conv2d(x, w, b),
        torch: 'F.conv2d(x0, x1, x2)',
      },
    ],
    errors: [
      {
        call: () => F.conv2d(ones([30, 16, 16, 3]), ones([32, 3, 3, 3])),
        error: ShapeError,
        message:
          /^conv2d: channels disagree\n {2}x {7}\(N, C, H, W\) {4}\[30, 16, 16, 3\] {2}C = 16\n {2}weight {2}\(O, C, kH, kW\) {2}\[32, 3, 3, 3\] {4}expects C = 3\n {2}hint: the last axis is 3; NHWC images need x\.permute\(\[0, 3, 1, 2\]\)$/,
      },
      {
        call: () => F.conv2d(ones([1, 4, 7, 9]), ones([6, 4, 3, 3]), null, { groups: 2 }),
        error: ShapeError,
        message: /channels disagree(?:.|\n)*expects C = 8 in 2 groups$/,
      },
      {
        call: () => F.conv2d(ones([1, 4, 8, 8]), ones([5, 2, 3, 3]), null, { groups: 2 }),
        error: ShapeError,
        message: /5 channels can't be split into 2 groups/,
      },
      {
        call: () => F.conv2d(ones([8, 8]), ones([5, 2, 3, 3])),
        error: ShapeError,
        message: /x needs 4 axes, or 3 without a batch(?:.|\n)*2 axes/,
      },
      {
        call: () => F.conv2d(ones([1, 2, 8, 8]), ones([5, 2, 3])),
        error: ShapeError,
        message: /the weight needs 4 axes(?:.|\n)*3 axes/,
      },
      {
        call: () => F.conv2d(ones([1, 2, 8, 8]), ones([5, 2, 3, 3]), ones([4])),
        error: ShapeError,
        message: /the bias needs one number for each output channel(?:.|\n)*O = 5(?:.|\n)*\[4\]/,
      },
      {
        call: () => F.conv2d(ones([1, 2, 3, 8]), ones([5, 2, 3, 3]), null, { dilation: 2, padding: [0, 1] }),
        error: ShapeError,
        message:
          /the kernel is larger than the padded input(?:.|\n)*\[3, 10\] with padding(?:.|\n)*spans \[5, 5\]/,
      },
      {
        call: () => F.conv2d(ones([1, 2, 8, 8]), ones([5, 2, 0, 3])),
        error: ShapeError,
        message: /the kernel is empty/,
      },
      {
        call: () => F.conv2d(ones([1, 2, 8, 8]), ones([5, 2, 3, 3]), null, { stride: 0 }),
        error: ArgumentError,
        message:
          /^conv2d: stride must be a whole number of at least 1, or a list of one for each axis, got 0$/,
      },
      {
        call: () => F.conv2d(ones([1, 2, 8, 8]), ones([5, 2, 3, 3]), null, { groups: 0.5 }),
        error: ArgumentError,
        message: /groups must be a whole number of at least 1, got 0\.5/,
      },
      {
        call: () => F.conv2d(ones([1, 2, 8, 8]), ones([5, 2, 3, 3]), { padding: 1 } as never),
        error: ArgumentError,
        message:
          /^conv2d: bias must be a tensor or null, got { padding }\n {2}hint: the options come after bias; if there's none, write null$/,
      },
      {
        call: () => F.conv2d(ones([1, 2, 8, 8]), ones([5, 2, 3, 3]), Promise.resolve() as never),
        error: ArgumentError,
        message: /^conv2d: bias must be a tensor or null, got a Promise\n {2}hint: await it first$/,
      },
      {
        call: () => F.conv2d(ones([1, 2, 8, 8]), ones([5, 2, 3, 3]), null, { padding: 'SAME' as 'same' }),
        error: ArgumentError,
        message: /'same' or 'valid', got 'SAME'; did you mean 'same'\?$/,
      },
      {
        call: () => F.conv2d(ones([1, 2, 8, 8]), ones([5, 2, 3, 3]), null, 2 as never),
        error: ArgumentError,
        message: /^conv2d: the options must be an object, got 2\n {2}hint: write { stride: 2 }$/,
      },
      {
        call: () => F.conv2d(ones([1, 2, 8, 8]), ones([5, 2, 3, 3]), null, { bias: ones([5]) } as never),
        error: ArgumentError,
        message: /no option 'bias'\n {2}hint: bias comes before the options, without its name$/,
      },
      {
        call: () => F.conv2d(ones([1, 2, 8, 8]), ones([5, 2, 3, 3]), null, { padding: 'same', stride: 2 }),
        error: ArgumentError,
        message: /padding 'same' needs stride 1, not \[2, 2\]/,
      },
      {
        call: () => F.conv2d(ones([1, 2, 8, 8], { dtype: 'float64' }), ones([5, 2, 3, 3])),
        error: DTypeError,
        message: /x is float64, the weight is float32\n {2}hint: x\.to\(weight\.dtype\)/,
      },
      {
        call: () => F.conv2d(ones([1, 2, 8, 8], { dtype: 'int32' }), ones([5, 2, 3, 3], { dtype: 'int32' })),
        error: DTypeError,
        message: /needs float32 or float64, x is int32/,
      },
    ],
  },
  {
    op: 'conv3d',
    large: null, // npm run bench -- conv2d has the shapes of networks
    gradgrad: true,
    samples: [
      {
        inputs: [normal([1, 2, 4, 5, 6]), normal([3, 2, 2, 3, 3]), normal([3])],
        ours: (x, w, b) => F.conv3d(x, w, b, { padding: [1, 0, 1], stride: [2, 1, 1] }),
        torch: 'F.conv3d(x0, x1, x2, padding=(1, 0, 1), stride=(2, 1, 1))',
      },
      {
        inputs: [normal([2, 2, 5, 3, 4]), normal([4, 1, 3, 2, 1])],
        ours: (x, w) => F.conv3d(x, w, null, { dilation: [2, 1, 1], groups: 2, padding: 'same' }),
        torch: 'F.conv3d(x0, x1, None, dilation=(2, 1, 1), groups=2, padding="same")',
      },
    ],
    errors: [
      {
        call: () => F.conv3d(ones([1, 4, 8, 8, 2]), ones([5, 2, 3, 3, 3])),
        error: ShapeError,
        message: /NDHWC volumes need x\.permute\(\[0, 4, 1, 2, 3\]\)/,
      },
    ],
  },
  {
    op: 'convTranspose1d',
    large: null, // npm run bench -- conv2d has the shapes of networks
    gradgrad: true,
    samples: [
      {
        inputs: [normal([2, 3, 5]), normal([3, 2, 4]), normal([2])],
        ours: (x, w, b) => F.convTranspose1d(x, w, b, { stride: 3, padding: 1, outputPadding: 2 }),
        torch: 'F.conv_transpose1d(x0, x1, x2, stride=3, padding=1, output_padding=2)',
      },
    ],
  },
  {
    op: 'convTranspose2d',
    large: null, // npm run bench -- conv2d has the shapes of networks
    gradgrad: true,
    samples: [
      {
        inputs: [normal([2, 3, 4, 5]), normal([3, 2, 3, 3]), normal([2])],
        ours: (x, w, b) => F.convTranspose2d(x, w, b, { stride: 2, padding: 1, outputPadding: 1 }),
        torch: 'F.conv_transpose2d(x0, x1, x2, stride=2, padding=1, output_padding=1)',
      },
      {
        inputs: [normal([1, 4, 3, 4]), normal([4, 3, 2, 3]), normal([6])],
        ours: (x, w, b) => F.convTranspose2d(x, w, b, { groups: 2, dilation: [2, 1], stride: [1, 3] }),
        torch: 'F.conv_transpose2d(x0, x1, x2, groups=2, dilation=(2, 1), stride=(1, 3))',
      },
      {
        inputs: [normal([3, 4, 4]), normal([3, 2, 2, 2])],
        ours: (x, w) => F.convTranspose2d(x, w, null, { stride: 2 }),
        torch: 'F.conv_transpose2d(x0, x1, stride=2)',
      },
    ],
    errors: [
      {
        call: () => F.convTranspose2d(ones([1, 4, 8, 8]), ones([3, 2, 3, 3])),
        error: ShapeError,
        message: /^convTranspose2d: channels disagree(?:.|\n)*\(C, O, kH, kW\)(?:.|\n)*expects C = 3/,
      },
      {
        call: () =>
          F.convTranspose2d(ones([1, 3, 8, 8]), ones([3, 2, 3, 3]), null, { outputPadding: [0, 1] }),
        error: ArgumentError,
        message: /outputPadding 1 of axis 1 must be less than its stride 1 or its dilation 1/,
      },
      {
        call: () => F.convTranspose2d(ones([1, 3, 1, 1]), ones([3, 2, 3, 3]), null, { padding: 2 }),
        error: ShapeError,
        message: /the output would be \[-1, -1\]/,
      },
    ],
  },
  {
    op: 'convTranspose3d',
    large: null, // npm run bench -- conv2d has the shapes of networks
    gradgrad: true,
    samples: [
      {
        inputs: [normal([1, 2, 2, 3, 3]), normal([2, 2, 3, 2, 2]), normal([2])],
        ours: (x, w, b) => F.convTranspose3d(x, w, b, { stride: [2, 1, 2], padding: [1, 0, 0] }),
        torch: 'F.conv_transpose3d(x0, x1, x2, stride=(2, 1, 2), padding=(1, 0, 0))',
      },
    ],
  },
];
