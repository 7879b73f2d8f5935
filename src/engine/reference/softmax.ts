import type { SoftmaxEngine } from '../softmax.js';
import { linesOf, read, write } from './cells.js';

const { exp, log } = Math;

/** log Σ e^x */
function logSum(x: readonly number[]): number {
  const largest = x.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (Math.abs(largest) === Number.POSITIVE_INFINITY) return largest;
  return largest + log(x.reduce((sum, v) => sum + exp(v - largest), 0));
}

export const softmax: SoftmaxEngine = {
  softmax(out, x, axis, logs) {
    const result = read(x);
    for (const line of linesOf(x.shape, axis)) {
      const sum = logSum(line.map((place) => result[place]!));
      const total = Number.isFinite(sum) ? sum : Number.NaN;
      for (const place of line) {
        const share = result[place]! - total;
        result[place] = logs ? share : exp(share);
      }
    }
    write(out, result);
  },
  logsumexp(out, x, axis) {
    const from = read(x);
    const lines = linesOf(x.shape, axis);
    write(out, (i) => logSum(lines[i]!.map((place) => from[place]!)));
  },
};
