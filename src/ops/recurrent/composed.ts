import type {
  RecurrentInputs,
  RecurrentOutputs,
  RecurrentPlan,
  RecurrentWeights,
  SequenceLayout,
} from '../../engine/recurrent.js';
import { filled } from '../../tensor/filled.js';
import type { Tensor } from '../../tensor/tensor.js';
import { linear } from '../products/linear.js';
import { cat, stack } from '../shape/join.js';
import { cells, type State, type Step } from './cells.js';

/** What a layer reads. */
export interface LayerInputs<V = Tensor> extends RecurrentInputs<V> {
  /** One for each direction. */
  readonly weights: readonly RecurrentWeights<V>[];
}

/** What a direction computes: each step, and each sequence's state after its last one. */
interface Pass {
  readonly steps: readonly Step[];
  readonly last: State;
}

/** The rows of each step, (rows, F) → T of (sizes[t], F). */
const stepsOf = (x: Tensor, { batch, sizes, rowStep }: SequenceLayout): Tensor[] =>
  rowStep === 1 ? x.split(sizes, 0) : x.reshape([batch, sizes.length, x.shape[1]!]).unbind(1);

/** The opposite of `stepsOf`. */
const rowsOf = (steps: readonly Tensor[], { rowStep }: SequenceLayout): Tensor =>
  rowStep === 1 ? cat(steps, 0) : stack(steps, 1).flatten(0, 1);

const rowsIn = (state: State, start: number, end: number): State =>
  state.map((s) => s.narrow(0, start, end - start));

const joined = (states: readonly State[]): State => states[0]!.map((_, k) => cat(states.map((s) => s[k]!)));

/**
 * Runs one direction over all steps. Sequences lie longest first, so those that have a step t are the first sizes[t]:
 * on the way forward the last ones end and leave; backward, they begin and join.
 */
function pass(
  x: Tensor,
  start: State,
  weights: RecurrentWeights<Tensor>,
  plan: RecurrentPlan,
  reverse: boolean,
): Pass {
  const { kind, sizes } = plan;
  const inputs = stepsOf(linear(x, weights.ih, weights.bih), plan);
  const steps = new Array<Step>(sizes.length);
  const ended: State[] = [];
  const order = reverse ? [...sizes.keys()].reverse() : sizes.keys();
  let state = reverse ? rowsIn(start, 0, sizes.at(-1)!) : start;
  for (const t of order) {
    const [before, now] = [state[0]!.shape[0]!, sizes[t]!];
    if (now < before) {
      ended.unshift(rowsIn(state, now, before));
      state = rowsIn(state, 0, now);
    } else if (now > before) state = joined([state, rowsIn(start, before, now)]);
    steps[t] = cells[kind](inputs[t]!, state, weights);
    state = steps[t].state;
  }
  return { steps, last: ended.length === 0 ? state : joined([state, ...ended]) };
}

/** The state that a direction starts from. */
function startOf({ x, h0, c0 }: LayerInputs, plan: RecurrentPlan, direction: number): State {
  const { kind, batch, hiddenSize, projSize } = plan;
  const from = (given: Tensor | null, size: number): Tensor =>
    given === null ? filled([batch, size], x.dtype, x.engine) : given.select(0, direction);
  const h = from(h0, projSize || hiddenSize);
  return kind === 'lstm' ? [h, from(c0, hiddenSize)] : [h];
}

export interface Composed extends RecurrentOutputs<Tensor> {
  /** The values of each direction's gates at all steps, by name. @shape (rows, H) */
  gates(): Readonly<Record<string, Tensor>>[];
}

/** A recurrent layer as a loop of operations over its steps: its definition. */
export function composedLayer(inputs: LayerInputs, plan: RecurrentPlan): Composed {
  const directions = inputs.weights.map((weights, d) =>
    pass(inputs.x, startOf(inputs, plan, d), weights, plan, d === 1),
  );
  const rows = (of: (step: Step) => Tensor, steps: readonly Step[]): Tensor => rowsOf(steps.map(of), plan);
  const outs = directions.map(({ steps }) => rows((step) => step.state[0]!, steps));
  const lastOf = (k: number): Tensor => stack(directions.map(({ last }) => last[k]!));
  return {
    out: outs.length === 1 ? outs[0]! : cat(outs, 1),
    hN: lastOf(0),
    cN: plan.kind === 'lstm' ? lastOf(1) : null,
    gates: () =>
      directions.map(({ steps }) =>
        Object.fromEntries(
          Object.keys(steps[0]!.gates).map((name) => [name, rows((step) => step.gates[name]!, steps)]),
        ),
      ),
  };
}
