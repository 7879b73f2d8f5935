import { ArgumentError, DTypeError, ShapeError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import {
  addmm,
  baddbmm,
  bmm,
  dot,
  einsum,
  matmul,
  mm,
  mv,
  ones,
  outer,
  type Tensor,
} from '../../../src/index.js';
import { integers, normal, type OpRow, type Sample } from '../table.js';

/** A sample of one equation. */
const equation = (text: string, ...shapes: readonly number[][]): Sample => ({
  inputs: shapes.map((shape) => normal(shape)),
  ours: (...x) => einsum(text, ...x),
  torch: `torch.einsum("${text}", ${shapes.map((_, i) => `x${i}`).join(', ')})`,
});

const product = (a: number[], b: number[]): Sample => ({
  inputs: [normal(a), normal(b)],
  ours: (x, y) => matmul(x, y),
  torch: 'torch.matmul(x0, x1)',
});

const integral = (
  torch: string,
  ours: (a: Tensor, b: Tensor) => Tensor,
  a: number[],
  b: number[],
): Sample => ({
  inputs: [integers(a, -9, 10), integers(b, -9, 10)],
  ours,
  torch,
  dtypes: ['int32'],
  grad: false,
});

export const rows: OpRow[] = [
  {
    op: 'matmul',
    gradgrad: true,
    samples: [
      product([3, 4], [4, 5]),
      product([17, 33], [33, 40]),
      product([4], [4]),
      product([4], [4, 5]),
      product([3, 4], [4]),
      product([2, 3, 4], [4, 5]),
      product([2, 3, 4], [4]),
      product([4], [2, 4, 3]),
      product([3, 4], [2, 4, 5]),
      product([2, 1, 3, 4], [5, 4, 2]),
      product([0, 4], [4, 5]),
      product([3, 0], [0, 5]),
      product([2, 0, 4], [4, 5]),
      product([2, 3, 0], [0, 5]),
      {
        inputs: [normal([5, 3]), normal([4, 5])],
        ours: (a, b) => a.t().matmul(b.t()),
        torch: 'x0.t().matmul(x1.t())',
      },
      {
        inputs: [normal([2, 3, 1]), normal([2, 4, 5])],
        ours: (a, b) => a.expand([2, 3, 4]).matmul(b),
        torch: 'x0.expand(2, 3, 4).matmul(x1)',
      },
      integral('torch.matmul(x0, x1)', (a, b) => matmul(a, b), [2, 3, 4], [2, 4, 5]),
      {
        inputs: [normal([3, 4], { grad: false }), normal([4, 2], { grad: false })],
        ours: (a, b) => matmul(a, b),
        torch: 'torch.matmul(x0, x1)',
        dtypes: ['uint8'],
        grad: false,
      },
    ],
    errors: [
      {
        call: () => matmul(ones([2, 3]), ones([5, 3])),
        error: ShapeError,
        message:
          /^matmul: inner lengths disagree\n {2}a {2}\(M, K\) {2}\[2, 3\] {2}K = 3\n {2}b {2}\(K, N\) {2}\[5, 3\] {2}expects K = 5\n {2}hint: b\.transpose\(-2, -1\) would fit$/,
      },
      {
        call: () => matmul(ones([2, 3]), ones([4])),
        error: ShapeError,
        message:
          /^matmul: inner lengths disagree\n {2}a {2}\(M, K\) {2}\[2, 3\] {2}K = 3\n {2}b {2}\(K\) {5}\[4\] {5}expects K = 4$/,
      },
      {
        call: () => matmul(ones([]), ones([4])),
        error: ShapeError,
        message: /^matmul: both operands need at least one axis/,
      },
      {
        call: () => matmul(ones([2, 3, 4]), ones([3, 4, 5])),
        error: ShapeError,
        message: /^matmul: shapes don't broadcast: axis -1 is 2 and 3/,
      },
      {
        call: () => matmul(ones([2, 3]), ones([3, 4], { dtype: 'int32' })),
        error: DTypeError,
        message:
          /^matmul: operands are float32 and int32\n {2}hint: products don't convert dtypes; use to\(\) on one of them$/,
      },
      {
        call: () => matmul(ones([2, 2], { dtype: 'bool' }), ones([2, 2], { dtype: 'bool' })),
        error: DTypeError,
        message: /^matmul: bool tensors can't be multiplied/,
      },
    ],
  },
  {
    op: 'mm',
    gradgrad: true,
    samples: [
      { inputs: [normal([2, 7]), normal([7, 3])], ours: (a, b) => mm(a, b), torch: 'torch.mm(x0, x1)' },
      { inputs: [normal([1, 70]), normal([70, 9])], ours: (a, b) => mm(a, b), torch: 'torch.mm(x0, x1)' },
      { inputs: [normal([9, 70]), normal([70, 1])], ours: (a, b) => mm(a, b), torch: 'torch.mm(x0, x1)' },
      integral('torch.mm(x0, x1)', (a, b) => mm(a, b), [3, 4], [4, 2]),
    ],
    errors: [
      {
        call: () => mm(ones([2, 3, 4]), ones([4, 5])),
        error: ShapeError,
        message: /^mm: needs tensors of 2 and 2 axes/,
      },
    ],
  },
  {
    op: 'bmm',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 2, 4]), normal([3, 4, 5])],
        ours: (a, b) => bmm(a, b),
        torch: 'torch.bmm(x0, x1)',
      },
      {
        inputs: [normal([0, 2, 4]), normal([0, 4, 5])],
        ours: (a, b) => bmm(a, b),
        torch: 'torch.bmm(x0, x1)',
      },
      {
        inputs: [normal([3, 6, 2]), normal([3, 5, 6])],
        ours: (a, b) => bmm(a.mT, b.mT),
        torch: 'torch.bmm(x0.mT, x1.mT)',
      },
    ],
    errors: [
      {
        call: () => bmm(ones([2, 3, 4]), ones([3, 4, 5])),
        error: ShapeError,
        message:
          /^bmm: batches differ\n {2}a {2}\(B, M, K\) {2}\[2, 3, 4\] {2}B = 2\n(?:.|\n)*hint: matmul\(\) broadcasts$/,
      },
    ],
  },
  {
    op: 'mv',
    gradgrad: true,
    samples: [
      { inputs: [normal([5, 3]), normal([3])], ours: (a, x) => mv(a, x), torch: 'torch.mv(x0, x1)' },
      { inputs: [normal([3, 5]), normal([3])], ours: (a, x) => mv(a.t(), x), torch: 'torch.mv(x0.t(), x1)' },
    ],
    errors: [
      {
        call: () => mv(ones([2, 3]), ones([3, 1])),
        error: ShapeError,
        message: /^mv: needs tensors of 2 and 1 axes/,
      },
    ],
  },
  {
    op: 'dot',
    gradgrad: true,
    samples: [
      { inputs: [normal([37]), normal([37])], ours: (a, b) => dot(a, b), torch: 'torch.dot(x0, x1)' },
      { inputs: [normal([0]), normal([0])], ours: (a, b) => dot(a, b), torch: 'torch.dot(x0, x1)' },
    ],
    errors: [
      {
        call: () => dot(ones([3]), ones([4])),
        error: ShapeError,
        message: /^dot: inner lengths disagree/,
      },
    ],
  },
  {
    op: 'outer',
    large: {
      inputs: [normal([1000]), normal([1000])],
      ours: (a, b) => outer(a, b),
      torch: 'torch.outer(x0, x1)',
    },
    gradgrad: true,
    samples: [
      { inputs: [normal([3]), normal([4])], ours: (a, b) => outer(a, b), torch: 'torch.outer(x0, x1)' },
      { inputs: [normal([0]), normal([4])], ours: (a, b) => outer(a, b), torch: 'torch.outer(x0, x1)' },
    ],
  },
  {
    op: 'addmm',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 5]), normal([3, 4]), normal([4, 5])],
        ours: (x, a, b) => addmm(x, a, b, { beta: 0.5, alpha: 2 }),
        torch: 'torch.addmm(x0, x1, x2, beta=0.5, alpha=2)',
      },
      {
        inputs: [normal([5]), normal([3, 4]), normal([4, 5])],
        ours: (x, a, b) => addmm(x, a, b, { alpha: -1.5 }),
        torch: 'torch.addmm(x0, x1, x2, alpha=-1.5)',
      },
      {
        inputs: [normal([3, 1]), normal([3, 4]), normal([4, 5])],
        ours: (x, a, b) => addmm(x, a, b, { beta: 0 }),
        torch: 'torch.addmm(x0, x1, x2, beta=0)',
      },
      {
        inputs: [normal([]), normal([3, 0]), normal([0, 5])],
        ours: (x, a, b) => addmm(x, a, b),
        torch: 'torch.addmm(x0, x1, x2)',
      },
    ],
    errors: [
      {
        call: () => addmm(ones([2]), ones([3, 4]), ones([4, 5])),
        error: ShapeError,
        message: /^addmm: shapes don't broadcast/,
      },
      {
        call: () => addmm(ones([2, 3, 5]), ones([3, 4]), ones([4, 5])),
        error: ShapeError,
        message: /^addmm: the input doesn't broadcast to the product/,
      },
      {
        call: () => {
          const x = ones([2, 2], { dtype: 'int32' });
          return addmm(x, x, x, { alpha: 0.5 });
        },
        error: ArgumentError,
        message: /^addmm: integers need whole factors, not alpha 0\.5 and beta 1$/,
      },
    ],
  },
  {
    op: 'baddbmm',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([2, 3, 5]), normal([2, 3, 4]), normal([2, 4, 5])],
        ours: (x, a, b) => baddbmm(x, a, b, { beta: 0.5, alpha: 2 }),
        torch: 'torch.baddbmm(x0, x1, x2, beta=0.5, alpha=2)',
      },
      {
        inputs: [normal([1, 5]), normal([2, 3, 4]), normal([2, 4, 5])],
        ours: (x, a, b) => baddbmm(x, a, b),
        torch: 'torch.baddbmm(x0, x1, x2)',
      },
    ],
    errors: [
      {
        call: () => baddbmm(ones([2]), ones([3, 4]), ones([4, 5])),
        error: ShapeError,
        message: /^baddbmm: needs tensors of 3 and 3 axes/,
      },
    ],
  },
  {
    op: 'linear',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 4]), normal([5, 4]), normal([5])],
        ours: (x, w, b) => F.linear(x, w, b),
        torch: 'F.linear(x0, x1, x2)',
      },
      {
        inputs: [normal([2, 3, 4]), normal([5, 4])],
        ours: (x, w) => F.linear(x, w),
        torch: 'F.linear(x0, x1)',
      },
      {
        inputs: [normal([4]), normal([5, 4]), normal([5])],
        ours: (x, w, b) => F.linear(x, w, b),
        torch: 'F.linear(x0, x1, x2)',
      },
      {
        inputs: [normal([0, 4]), normal([5, 4]), normal([5])],
        ours: (x, w, b) => F.linear(x, w, b),
        torch: 'F.linear(x0, x1, x2)',
      },
      {
        inputs: [normal([33, 40]), normal([37, 40]), normal([37])],
        ours: (x, w, b) => F.linear(x, w, b),
        torch: 'F.linear(x0, x1, x2)',
      },
    ],
    errors: [
      {
        call: () => F.linear(ones([2, 3]), ones([5, 4])),
        error: ShapeError,
        message:
          /^linear: features disagree\n {2}x {7}\(…, in\) {4}\[2, 3\] {2}in = 3\n {2}weight {2}\(out, in\) {2}\[5, 4\] {2}expects in = 4$/,
      },
      {
        call: () => F.linear(ones([2, 4]), ones([5, 4]), ones([4])),
        error: ShapeError,
        message: /^linear: the bias needs one number for each output/,
      },
    ],
  },
  {
    op: 'bilinear',
    gradgrad: true,
    samples: [
      {
        inputs: [normal([3, 2]), normal([3, 4]), normal([5, 2, 4]), normal([5])],
        ours: (a, b, w, bias) => F.bilinear(a, b, w, bias),
        torch: 'F.bilinear(x0, x1, x2, x3)',
      },
      {
        inputs: [normal([2, 3, 2]), normal([2, 3, 4]), normal([5, 2, 4])],
        ours: (a, b, w) => F.bilinear(a, b, w),
        torch: 'F.bilinear(x0, x1, x2)',
      },
    ],
    errors: [
      {
        call: () => F.bilinear(ones([3, 2]), ones([3, 4]), ones([5, 4, 2])),
        error: ShapeError,
        message: /^bilinear: features disagree/,
      },
    ],
  },
  {
    op: 'einsum',
    gradgrad: true,
    samples: [
      equation('ij,jk->ik', [3, 4], [4, 5]),
      equation('ij,jk', [3, 4], [4, 5]),
      equation('ba', [3, 4]),
      equation('ii', [4, 4]),
      equation('ii->i', [4, 4]),
      equation('iji->j', [3, 4, 3]),
      equation('ij->', [3, 4]),
      equation('i,i->', [5], [5]),
      equation('i,j->ji', [3], [4]),
      equation('ij,ij->ij', [3, 4], [3, 4]),
      equation('bhid,bhjd->bhij', [2, 3, 4, 5], [2, 3, 6, 5]),
      equation('nhwpqc->nchpwq', [2, 2, 3, 2, 2, 3]),
      equation('...ij,...jk->...ik', [2, 1, 3, 4], [5, 4, 2]),
      equation('...ij,jk', [2, 3, 4], [4, 2]),
      equation('i...->...', [3, 2, 4]),
      equation('bn,anm,bm->ba', [2, 3], [5, 3, 4], [2, 4]),
      equation('ij,jk,kl,lm->im', [2, 3], [3, 4], [4, 5], [5, 2]),
      equation('ij,kj->ik', [3, 4], [2, 1]),
      equation('ij,ik->jk', [1, 4], [3, 2]),
      equation('aab,bc->ac', [3, 3, 4], [4, 2]),
      equation('ij,k->k', [3, 4], [5]),
      equation(' i j , j -> i ', [3, 4], [4]),
      equation('ij,jk->ik', [0, 4], [4, 5]),
      equation(',i->i', [], [4]),
    ],
    errors: [
      {
        call: () => einsum('ij,jk->ik', ones([2, 3])),
        error: ArgumentError,
        message: /^einsum: 'ij,jk->ik': names 2 operands, got 1$/,
      },
      {
        call: () => einsum('i1->i', ones([2, 3])),
        error: ArgumentError,
        message: /^einsum: 'i1->i': 'i1' must consist of letters and at most one '\.\.\.'$/,
      },
      {
        call: () => einsum('ij->ik', ones([2, 3])),
        error: ArgumentError,
        message: /^einsum: 'ij->ik': no operand has an axis 'k'$/,
      },
      {
        call: () => einsum('ij->ii', ones([2, 3])),
        error: ArgumentError,
        message: /^einsum: 'ij->ii': the result names 'i' twice$/,
      },
      {
        call: () => einsum('ijk->i', ones([2, 3])),
        error: ShapeError,
        message: /^einsum: 'ijk' doesn't name the axes of operand 1\n {2}operand 1 {2}ijk {2}\[2, 3\]$/,
      },
      {
        call: () => einsum('ij,jk->ik', ones([2, 3]), ones([4, 5])),
        error: ShapeError,
        message:
          /^einsum: axis 'j' of 'ij,jk->ik' is 3 and 4 long\n {2}operand 1 {2}\(i, j\) {2}\[2, 3\]\n {2}operand 2 {2}\(j, k\) {2}\[4, 5\]$/,
      },
    ],
  },
];
