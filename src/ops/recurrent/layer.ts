import { defineFusedMulti } from '../../autograd/fused.js';
import type { Shape } from '../../core/shape.js';
import {
  type RecurrentKind,
  type RecurrentOutputs,
  type RecurrentPlan,
  reserveCount,
} from '../../engine/recurrent.js';
import { dense } from '../../tensor/dense.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { checkLayer } from './check.js';
import { composedLayer, type LayerInputs } from './composed.js';

/** A plan, and which operands there are. */
interface LayerAttrs extends RecurrentPlan {
  /** Whether there are states to start from. */
  readonly stated: boolean;
  readonly bias: boolean;
}

type Operands = readonly [Tensor, ...Tensor[]];

/** The operands in order: x, h0, c0, and each direction's ih, hh, bih, bhh, hr, without those that there aren't. */
const operandsOf = ({ x, h0, c0, weights }: LayerInputs): Operands => {
  const rest = [h0, c0, ...weights.flatMap(({ ih, hh, bih, bhh, hr }) => [ih, hh, bih, bhh, hr])];
  return [x, ...rest.filter((operand) => operand !== null)];
};

/** The opposite of `operandsOf`, for a value of each operand. */
function inputsOf<V>(values: readonly V[], attrs: LayerAttrs): LayerInputs<V> {
  const { kind, projSize, directions, stated, bias } = attrs;
  let at = 0;
  const next = (): V => values[at++]!;
  return {
    x: next(),
    h0: stated ? next() : null,
    c0: stated && kind === 'lstm' ? next() : null,
    weights: Array.from({ length: directions }, () => ({
      ih: next(),
      hh: next(),
      bih: bias ? next() : null,
      bhh: bias ? next() : null,
      hr: projSize > 0 ? next() : null,
    })),
  };
}

const listOf = ({ out, hN, cN }: RecurrentOutputs<Tensor>): readonly Tensor[] =>
  cN === null ? [out, hN] : [out, hN, cN];

/** Places for a layer's outputs. */
function newOutputs(x: Tensor, plan: RecurrentPlan): RecurrentOutputs<Tensor> {
  const { kind, batch, hiddenSize, projSize, directions } = plan;
  const size = projSize || hiddenSize;
  // A list, not rest parameters, whose arrays are of a kind that slows down every loop over shapes in V8.
  const place = (shape: Shape): Tensor => empty(shape, x.dtype, x.engine);
  return {
    out: place([x.shape[0]!, directions * size]),
    hN: place([directions, batch, size]),
    cN: kind === 'lstm' ? place([directions, batch, hiddenSize]) : null,
  };
}

const defineLayer = (name: string) =>
  defineFusedMulti<'recurrent', Operands, LayerAttrs, readonly Tensor[]>({
    name,
    family: 'recurrent',
    composition: (operands, attrs) => listOf(composedLayer(inputsOf(operands, attrs), attrs)),
    forward(kernels, ctx, operands, attrs) {
      const { weights, ...inputs } = inputsOf(operands.map(dense), attrs);
      const outputs = newOutputs(inputs.x, attrs);
      const { dtype, engine } = inputs.x;
      const reserve = ctx.records ? empty([reserveCount(attrs)], dtype, engine) : null;
      kernels.recurrent(outputs, reserve, inputs, weights, attrs);
      if (reserve !== null) ctx.save(outputs.out, reserve);
      return listOf(outputs);
    },
    backward(kernels, { saved, needs, attrs }, grads) {
      const operands = saved.slice(0, needs.length).map(dense);
      const [out, reserve] = saved.slice(needs.length) as [Tensor, Tensor];
      const gradients = operands.map((x, i) => (needs[i] ? empty(x.shape, x.dtype, x.engine) : null));
      const { weights: weightGradients, ...inputGradients } = inputsOf(gradients, attrs);
      const { weights, ...inputs } = inputsOf(operands, attrs);
      const [gOut, gH, gC] = grads.map((g) => g && dense(g)) as [Tensor | null, Tensor | null, Tensor?];
      kernels.recurrentBackward(
        { inputs: inputGradients, weights: weightGradients },
        { out: gOut, hN: gH, cN: gC ?? null },
        ...([inputs, out, reserve, weights, attrs] as const),
      );
      return gradients;
    },
  });

const names: Readonly<Record<RecurrentKind, string>> = {
  rnn_tanh: 'rnnTanh',
  rnn_relu: 'rnnRelu',
  lstm: 'lstm',
  gru: 'gru',
};

const ops = {
  rnn_tanh: defineLayer(names.rnn_tanh),
  rnn_relu: defineLayer(names.rnn_relu),
  lstm: defineLayer(names.lstm),
  gru: defineLayer(names.gru),
};

/**
 * A layer of a recurrent network, over all steps and in all its directions.
 *
 * @throws ShapeError, DTypeError unless the operands are those of the plan
 */
export function recurrentLayer(inputs: LayerInputs, plan: RecurrentPlan): RecurrentOutputs<Tensor> {
  checkLayer(names[plan.kind], inputs, plan);
  // Without a sequence, there's nothing for a kernel to do.
  if (plan.batch === 0) return composedLayer(inputs, plan);
  const attrs = { ...plan, stated: inputs.h0 !== null, bias: inputs.weights[0]!.bih !== null };
  const [out, hN, cN] = ops[plan.kind](operandsOf(inputs), attrs) as [Tensor, Tensor, Tensor?];
  return { out, hN, cN: cN ?? null };
}
