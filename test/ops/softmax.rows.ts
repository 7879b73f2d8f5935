import { DTypeError, IndexError } from '../../src/core/errors.js';
import * as F from '../../src/functional.js';
import * as m from '../../src/index.js';
import { ones } from '../../src/index.js';
import { normal, type OpRow, uniform } from './table.js';

const samplesOf = (f: (x: m.Tensor, dim: number) => m.Tensor, torch: string): OpRow['samples'] => [
  { inputs: [normal([3, 5])], ours: (x) => f(x, 1), torch: `${torch}(x0, 1)` },
  { inputs: [normal([3, 5])], ours: (x) => f(x, 0), torch: `${torch}(x0, 0)` },
  { inputs: [normal([2, 3, 4])], ours: (x) => f(x, 1), torch: `${torch}(x0, 1)` },
  { inputs: [normal([2, 5, 20])], ours: (x) => f(x, -2), torch: `${torch}(x0, -2)` },
  { inputs: [uniform([3, 37], -90, 90)], ours: (x) => f(x, -1), torch: `${torch}(x0, -1)` },
  { inputs: [normal([7])], ours: (x) => f(x, 0), torch: `${torch}(x0, 0)` },
  { inputs: [normal([])], ours: (x) => f(x, 0), torch: `${torch}(x0, 0)` },
  { inputs: [normal([0, 3])], ours: (x) => f(x, 1), torch: `${torch}(x0, 1)` },
  { inputs: [normal([3, 0])], ours: (x) => f(x, 1), torch: `${torch}(x0, 1)` },
];

export const rows: OpRow[] = [
  {
    op: 'softmax',
    gradgrad: true,
    samples: [
      ...samplesOf((x, dim) => m.softmax(x, dim), 'F.softmax'),
      {
        inputs: [normal([2, 3])],
        ours: (x) => x.softmax(1, { dtype: 'float64' }),
        torch: 'x0.softmax(1, dtype=torch.float64)',
        dtypes: ['float32', 'int32'],
      },
    ],
    errors: [
      {
        call: () => ones([2], { dtype: 'int32' }).softmax(0),
        error: DTypeError,
        message: /^softmax: needs a floating dtype, x is int32\n {2}hint: \{ dtype: 'float32' \}$/,
      },
      { call: () => ones([2]).softmax(1), error: IndexError, message: /^softmax: axis 1 is out of range/ },
    ],
  },
  { op: 'logSoftmax', gradgrad: true, samples: samplesOf((x, dim) => x.logSoftmax(dim), 'F.log_softmax') },
  { op: 'softmin', gradgrad: true, samples: samplesOf((x, dim) => F.softmin(x, dim), 'F.softmin') },
];
