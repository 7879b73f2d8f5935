/** A recurrent layer as a loop over sequences and steps, and the same by the engine's kernels. */
import type { DType } from '../../src/core/dtype.js';
import {
  type RecurrentKind,
  type RecurrentPlan,
  type RecurrentWeights,
  recurrentGates,
  reserveCount,
} from '../../src/engine/recurrent.js';
import { cat, empty, grad, randn, stack, type Tensor, zeros } from '../../src/index.js';

export interface Case {
  readonly kind: RecurrentKind;
  readonly layout: 'time first' | 'batch first' | 'packed';
  readonly lengths: readonly number[];
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly projSize?: number;
  readonly directions?: 1 | 2;
  readonly bias?: boolean;
  readonly states?: boolean;
  readonly dtype?: 'float32' | 'float64';
}

/** Where the rows of sequences lie, longest first; of one length, unless they're packed. */
export function planOf(c: Case): RecurrentPlan {
  const batch = c.lengths.length;
  const steps = Math.max(0, ...c.lengths);
  const sizes = Array.from({ length: steps }, (_, t) => c.lengths.filter((n) => n > t).length);
  let row = 0;
  const packed = sizes.map((size) => {
    row += size;
    return row - size;
  });
  const batchFirst = c.layout === 'batch first';
  return {
    kind: c.kind,
    inputSize: c.inputSize,
    hiddenSize: c.hiddenSize,
    projSize: c.projSize ?? 0,
    directions: c.directions ?? 1,
    batch,
    sizes,
    offsets: batchFirst ? sizes.map((_, t) => t) : packed,
    rowStep: batchFirst ? steps : 1,
  };
}

export interface Operands {
  readonly x: Tensor;
  readonly h0: Tensor | null;
  readonly c0: Tensor | null;
  readonly weights: readonly RecurrentWeights<Tensor>[];
}

type TensorWeights = { [K in keyof RecurrentWeights]: Tensor | null };

export function operandsOf(c: Case, plan: RecurrentPlan): Operands {
  const dtype: DType = c.dtype ?? 'float32';
  const { inputSize: F, hiddenSize: H, projSize: P, directions: D, batch: N } = plan;
  const rows = plan.sizes.reduce((a, b) => a + b, 0);
  const S = P || H;
  const GH = recurrentGates[plan.kind] * H;
  const random = (shape: number[], scale = 1): Tensor =>
    randn(shape, { dtype }).mul(scale).detach().requiresGrad_();
  const lstm = plan.kind === 'lstm';
  return {
    x: random([rows, F]),
    h0: c.states === false ? null : random([D, N, S]),
    c0: c.states === false || !lstm ? null : random([D, N, H]),
    weights: Array.from({ length: D }, () => ({
      ih: random([GH, F], F ** -0.5),
      hh: random([GH, S], S ** -0.5),
      bih: c.bias === false ? null : random([GH]),
      bhh: c.bias === false ? null : random([GH]),
      hr: P ? random([P, H], H ** -0.5) : null,
    })),
  };
}

export const listOf = ({ x, h0, c0, weights }: Operands): Tensor[] =>
  [
    x,
    h0,
    c0,
    ...weights.flatMap(({ ih, hh, bih, bhh, hr }) => [
      ih,
      hh,
      bih,
      bhh as Tensor | null,
      hr as Tensor | null,
    ]),
  ].filter((t): t is Tensor => t !== null);

type State = { h: Tensor; c: Tensor | null };

/** One step of one sequence, as the papers have it. */
function step(kind: RecurrentKind, w: TensorWeights, x: Tensor, { h, c }: State): State {
  const linear = (weight: Tensor, v: Tensor, bias: Tensor | null) =>
    bias ? weight.matmul(v).add(bias) : weight.matmul(v);
  const input = linear(w.ih!, x, w.bih);
  const hidden = linear(w.hh!, h, w.bhh);
  if (kind === 'rnn_tanh') return { h: input.add(hidden).tanh(), c };
  if (kind === 'rnn_relu') return { h: input.add(hidden).relu(), c };
  if (kind === 'lstm') {
    const [i, f, g, o] = input.add(hidden).chunk(4, 0) as [Tensor, Tensor, Tensor, Tensor];
    const next = f.sigmoid().mul(c!).add(i.sigmoid().mul(g.tanh()));
    const wide = o.sigmoid().mul(next.tanh());
    return { h: w.hr ? w.hr.matmul(wide) : wide, c: next };
  }
  const [ri, zi, ni] = input.chunk(3, 0) as [Tensor, Tensor, Tensor];
  const [rh, zh, nh] = hidden.chunk(3, 0) as [Tensor, Tensor, Tensor];
  const z = zi.add(zh).sigmoid();
  const n = ni.add(ri.add(rh).sigmoid().mul(nh)).tanh();
  return { h: n.add(z.mul(h.sub(n))), c };
}

export interface Results {
  readonly out: Tensor;
  readonly hN: Tensor;
  readonly cN: Tensor | null;
}

/** The layer by the loop. */
export function looped(plan: RecurrentPlan, { x, h0, c0, weights }: Operands): Results {
  const { hiddenSize: H, projSize, directions: D, batch: N } = plan;
  const rows: Tensor[][] = Array.from({ length: x.shape[0]! }, () => []);
  const [hs, cs]: [Tensor[], Tensor[]] = [[], []];
  const none = (size: number) => zeros([size], { dtype: x.dtype });
  for (let d = 0; d < D; d++)
    for (let n = 0; n < N; n++) {
      const length = plan.sizes.filter((size) => size > n).length;
      let state: State = {
        h: h0 ? h0.select(0, d).select(0, n) : none(projSize || H),
        c: plan.kind === 'lstm' ? (c0 ? c0.select(0, d).select(0, n) : none(H)) : null,
      };
      for (let i = 0; i < length; i++) {
        const t = d === 0 ? i : length - 1 - i;
        const row = plan.offsets[t]! + n * plan.rowStep;
        state = step(plan.kind, weights[d] as TensorWeights, x.select(0, row), state);
        rows[row]!.push(state.h);
      }
      hs.push(state.h);
      if (state.c) cs.push(state.c);
    }
  return {
    out: stack(
      rows.map((parts) => cat(parts, 0)),
      0,
    ),
    hN: stack(hs, 0).reshape([D, N, -1]),
    cN: cs.length > 0 ? stack(cs, 0).reshape([D, N, -1]) : null,
  };
}

/** What the loop or the kernels compute: results, then the gradients of `listOf` for those of the results. */
export function byLoop(plan: RecurrentPlan, operands: Operands, gradients: readonly Tensor[]): Tensor[] {
  const results = Object.values(looped(plan, operands)).filter((t): t is Tensor => t !== null);
  return [...results, ...grad(results, listOf(operands), { gradOutputs: [...gradients] })];
}

/** Room for the results. */
export function emptyResults(plan: RecurrentPlan, x: Tensor): Results {
  const { hiddenSize: H, projSize, directions: D, batch: N } = plan;
  const make = (shape: number[]) => empty(shape, { dtype: x.dtype }).fill_(Number.NaN);
  const S = projSize || H;
  return {
    out: make([x.shape[0]!, D * S]),
    hN: make([D, N, S]),
    cN: plan.kind === 'lstm' ? make([D, N, H]) : null,
  };
}

export function byKernel(plan: RecurrentPlan, operands: Operands, gradients: readonly Tensor[]): Tensor[] {
  const { x, h0, c0, weights } = operands;
  const kernels = x.storage.engine.fused.recurrent!;
  const results = emptyResults(plan, x);
  const reserve = empty([reserveCount(plan)], { dtype: x.dtype }).fill_(Number.NaN);
  const like = <V extends Tensor | null>(t: V) =>
    (t === null ? null : empty((t as Tensor).shape, { dtype: x.dtype }).fill_(Number.NaN)) as V;
  const wanted: Operands = {
    x: like(x),
    h0: like(h0),
    c0: like(c0),
    weights: weights.map(({ ih, hh, bih, bhh, hr }) => ({
      ih: like(ih),
      hh: like(hh),
      bih: like(bih as Tensor | null),
      bhh: like(bhh as Tensor | null),
      hr: like(hr as Tensor | null),
    })),
  };
  kernels.recurrent(results, reserve, operands, weights, plan);
  const inference = emptyResults(plan, x);
  kernels.recurrent(inference, null, operands, weights, plan);
  const [out = null, hN = null, cN = null] = gradients;
  kernels.recurrentBackward(
    { inputs: wanted, weights: wanted.weights },
    { out, hN, cN: cN as Tensor | null } as never,
    operands,
    results.out,
    reserve,
    weights,
    plan,
  );
  const present = (r: Results) => Object.values(r).filter((t): t is Tensor => t !== null);
  return [...present(results), ...listOf(wanted), ...present(inference)];
}
