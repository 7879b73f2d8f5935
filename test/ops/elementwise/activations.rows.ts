import * as F from '../../../src/functional.js';
import { ArgumentError, DTypeError, ShapeError, tensor, zeros } from '../../../src/index.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import { normal, type OpRow, type Sample, uniform } from '../table.js';

/** Shapes, layouts and a wide range of one activation; `args` are its options in Python. */
function activation(ours: (x: Tensor) => Tensor, torch: string, args = ''): Sample[] {
  const call = `${torch}(x0${args})`;
  return [
    { inputs: [normal([3, 4])], ours, torch: call },
    { inputs: [uniform([2, 5, 7], -8, 8)], ours, torch: call },
    { inputs: [normal([])], ours, torch: call },
    { inputs: [normal([0, 2])], ours, torch: call },
  ];
}

const integersFail = (op: string, call: (x: Tensor) => Tensor) => ({
  call: () => call(tensor([1, 2], { dtype: 'int32' })),
  error: DTypeError,
  message: new RegExp(`${op}: is defined for floating tensors, not int32`),
});

const smooth = (op: string, f: (x: Tensor) => Tensor, torch = `F.${op}`): OpRow => ({
  op,
  gradgrad: true,
  samples: activation(f, torch),
});

const kinked = (op: string, f: (x: Tensor) => Tensor): OpRow => ({
  op,
  samples: activation(f, `F.${op}`),
  errors: [integersFail(op, f)],
});

export const rows: readonly OpRow[] = [
  {
    op: 'relu',
    samples: [
      ...activation(F.relu, 'F.relu'),
      { inputs: [normal([6])], ours: F.relu, torch: 'F.relu(x0)', dtypes: ['int32', 'uint8'] },
      { inputs: [normal([3, 4])], ours: (x) => x.clone().relu_(), torch: 'F.relu(x0.clone(), inplace=True)' },
    ],
    errors: [
      { call: () => F.relu(tensor([true])), error: DTypeError, message: /relu: isn't defined for bool/ },
    ],
  },
  kinked('relu6', F.relu6),
  {
    op: 'sigmoid',
    gradgrad: true,
    samples: [
      ...activation(F.sigmoid, 'torch.sigmoid'),
      { inputs: [normal([6])], ours: F.sigmoid, torch: 'torch.sigmoid(x0)', dtypes: ['int32', 'bool'] },
      { inputs: [normal([6])], ours: (x) => x.clone().sigmoid_(), torch: 'x0.clone().sigmoid_()' },
    ],
  },
  smooth('logsigmoid', F.logsigmoid),
  {
    op: 'leakyRelu',
    samples: [
      ...activation((x) => F.leakyRelu(x), 'F.leaky_relu'),
      ...activation((x) => F.leakyRelu(x, { negativeSlope: 0.2 }), 'F.leaky_relu', ', 0.2'),
    ],
    errors: [integersFail('leakyRelu', F.leakyRelu)],
  },
  {
    op: 'prelu',
    samples: [
      { inputs: [normal([2, 3, 4]), uniform([3], 0.1, 0.9)], ours: F.prelu, torch: 'F.prelu(x0, x1)' },
      { inputs: [normal([2, 3]), uniform([1], 0.1, 0.9)], ours: F.prelu, torch: 'F.prelu(x0, x1)' },
      { inputs: [normal([5]), uniform([1], 0.1, 0.9)], ours: F.prelu, torch: 'F.prelu(x0, x1)' },
    ],
    errors: [
      {
        call: () => F.prelu(zeros([2, 3, 4]), zeros([2])),
        error: ShapeError,
        message: /prelu: needs one weight, or one for each channel[\s\S]*C = 3/,
      },
    ],
  },
  {
    op: 'elu',
    gradgrad: true,
    samples: [
      ...activation((x) => F.elu(x), 'F.elu'),
      ...activation((x) => F.elu(x, { alpha: 1.5 }), 'F.elu', ', 1.5'),
    ],
    errors: [integersFail('elu', F.elu)],
  },
  {
    ...smooth('selu', F.selu),
    tolerance: { float64: { rtol: 1e-6, atol: 1e-6 } },
    why: 'PyTorch holds scale and alpha as float32',
  },
  {
    op: 'celu',
    gradgrad: true,
    tolerance: { float64: { rtol: 1e-6, atol: 1e-6 } },
    why: 'PyTorch divides by alpha in float32',
    samples: [
      ...activation((x) => F.celu(x), 'F.celu'),
      ...activation((x) => F.celu(x, { alpha: 1.5 }), 'F.celu', ', 1.5'),
    ],
    errors: [
      {
        call: () => F.celu(zeros([2]), { alpha: 0 }),
        error: ArgumentError,
        message: /celu: alpha can't be 0/,
      },
    ],
  },
  {
    op: 'gelu',
    gradgrad: true,
    samples: [
      ...activation((x) => F.gelu(x), 'F.gelu'),
      ...activation((x) => F.gelu(x, { approximate: 'tanh' }), 'F.gelu', ", approximate='tanh'"),
    ],
    errors: [
      {
        call: () => F.gelu(zeros([2]), { approximate: 'erf' as 'tanh' }),
        error: ArgumentError,
        message: /gelu: approximate must be 'none' or 'tanh', got 'erf'/,
      },
    ],
  },
  smooth('silu', F.silu),
  smooth('mish', F.mish),
  {
    op: 'softplus',
    gradgrad: true,
    samples: [
      ...activation((x) => F.softplus(x), 'F.softplus'),
      ...activation((x) => F.softplus(x, { beta: 2, threshold: 9 }), 'F.softplus', ', 2, 9'),
    ],
  },
  smooth('softsign', F.softsign),
  {
    op: 'hardtanh',
    samples: [
      ...activation((x) => F.hardtanh(x), 'F.hardtanh'),
      ...activation((x) => F.hardtanh(x, { minVal: -2, maxVal: 0.5 }), 'F.hardtanh', ', -2, 0.5'),
    ],
    errors: [
      {
        call: () => F.hardtanh(zeros([2]), { minVal: 2, maxVal: 1 }),
        error: ArgumentError,
        message: /hardtanh: minVal 2 is larger than maxVal 1/,
      },
    ],
  },
  {
    ...kinked('hardsigmoid', F.hardsigmoid),
    tolerance: { float64: { rtol: 1e-6, atol: 1e-6 } },
    why: 'PyTorch multiplies the gradient by 1/6 in float32',
  },
  kinked('hardswish', F.hardswish),
  {
    op: 'hardshrink',
    samples: [
      ...activation((x) => F.hardshrink(x), 'F.hardshrink'),
      ...activation((x) => F.hardshrink(x, { lambd: 1 }), 'F.hardshrink', ', 1'),
    ],
  },
  {
    op: 'softshrink',
    samples: [
      ...activation((x) => F.softshrink(x), 'F.softshrink'),
      ...activation((x) => F.softshrink(x, { lambd: 1 }), 'F.softshrink', ', 1'),
    ],
    errors: [
      {
        call: () => F.softshrink(zeros([2]), { lambd: -1 }),
        error: ArgumentError,
        message: /softshrink: lambd must be a number of at least 0, got -1/,
      },
    ],
  },
  smooth('tanhshrink', F.tanhshrink),
  {
    op: 'threshold',
    samples: activation((x) => F.threshold(x, 0.3, 20), 'F.threshold', ', 0.3, 20'),
    errors: [integersFail('threshold', (x) => F.threshold(x, 0, 0))],
  },
  {
    op: 'glu',
    gradgrad: true,
    samples: [
      { inputs: [normal([3, 4])], ours: (x) => F.glu(x), torch: 'F.glu(x0)' },
      { inputs: [normal([2, 6, 3])], ours: (x) => F.glu(x, 1), torch: 'F.glu(x0, 1)' },
    ],
    errors: [
      {
        call: () => F.glu(zeros([2, 3])),
        error: ShapeError,
        message: /glu: axis 1 is cut in half, so its length must be even/,
      },
    ],
  },
];
