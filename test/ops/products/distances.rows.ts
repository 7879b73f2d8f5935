import { ArgumentError, ShapeError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import { cdist, ones } from '../../../src/index.js';
import { normal, type OpRow } from '../table.js';

export const rows: OpRow[] = [
  {
    op: 'cosineSimilarity',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 4]), normal([3, 4])],
        ours: (a, b) => F.cosineSimilarity(a, b),
        torch: 'F.cosine_similarity(x0, x1)',
      },
      {
        inputs: [normal([2, 3, 4]), normal([3, 4])],
        ours: (a, b) => F.cosineSimilarity(a, b, { dim: -1 }),
        torch: 'F.cosine_similarity(x0, x1, dim=-1)',
      },
      {
        inputs: [normal([5]), normal([5])],
        ours: (a, b) => F.cosineSimilarity(a, b, { dim: 0 }),
        torch: 'F.cosine_similarity(x0, x1, dim=0)',
      },
    ],
  },
  {
    op: 'pairwiseDistance',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 4]), normal([3, 4])],
        ours: (a, b) => F.pairwiseDistance(a, b),
        torch: 'F.pairwise_distance(x0, x1)',
      },
      {
        inputs: [normal([3, 4]), normal([1, 4])],
        ours: (a, b) => F.pairwiseDistance(a, b, { p: 1, keepdim: true }),
        torch: 'F.pairwise_distance(x0, x1, p=1, keepdim=True)',
      },
      {
        inputs: [normal([4]), normal([4])],
        ours: (a, b) => F.pairwiseDistance(a, b, { p: 3 }),
        torch: 'F.pairwise_distance(x0, x1, p=3)',
      },
    ],
  },
  {
    op: 'cdist',
    gradgrad: true,
    samples: [
      { inputs: [normal([3, 4]), normal([5, 4])], ours: (a, b) => cdist(a, b), torch: 'torch.cdist(x0, x1)' },
      {
        inputs: [normal([2, 3, 4]), normal([2, 5, 4])],
        ours: (a, b) => cdist(a, b, { p: 1 }),
        torch: 'torch.cdist(x0, x1, p=1)',
      },
      {
        inputs: [normal([3, 4]), normal([2, 4])],
        ours: (a, b) => cdist(a, b, { p: 3 }),
        torch: 'torch.cdist(x0, x1, p=3)',
      },
      {
        inputs: [normal([26, 2]), normal([3, 2])],
        ours: (a, b) => cdist(a, b),
        torch: 'torch.cdist(x0, x1)',
      },
    ],
    errors: [
      {
        call: () => cdist(ones([2, 3]), ones([2, 4])),
        error: ShapeError,
        message:
          /^cdist: needs rows of the same length\n {2}x1 {2}\(…, P, M\) {2}\[2, 3\]\n {2}x2 {2}\(…, R, M\) {2}\[2, 4\]$/,
      },
      {
        call: () => cdist(ones([2, 3]), ones([2, 3]), { p: -1 }),
        error: ArgumentError,
        message: /^cdist: p must be a number of at least 0, got -1$/,
      },
    ],
  },
  {
    op: 'pdist',
    gradgrad: true,
    large: { inputs: [normal([1024, 64])], ours: (x) => F.pdist(x), torch: 'F.pdist(x0)' },
    samples: [
      { inputs: [normal([5, 3])], ours: (x) => F.pdist(x), torch: 'F.pdist(x0)' },
      { inputs: [normal([4, 2])], ours: (x) => F.pdist(x, { p: 1 }), torch: 'F.pdist(x0, 1)' },
      { inputs: [normal([1, 2])], ours: (x) => F.pdist(x), torch: 'F.pdist(x0)' },
    ],
    errors: [{ call: () => F.pdist(ones([2, 2, 2])), error: ShapeError, message: /^pdist: needs rows/ }],
  },
];
