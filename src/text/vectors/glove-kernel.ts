/** Passes of GloVe over the elements of the matrix: by kernels on CPU engines. */
import { pointer } from '../../engine/cpu/context.js';
import { extension } from '../../engine/cpu/extension.js';
import { arange, searchsorted, type Tensor, tidy, zeros } from '../../index.js';
import { empty } from '../../tensor/tensor.js';
import type { Cooccurrence } from './cooccurrence.js';

const kernelsOf = extension(({ abi }) => abi);

export interface GloVeTask {
  readonly lr: number;
  readonly xMax: number;
  readonly power: number;
  readonly seed: number;
}

/** What training changes. */
export interface GloVeState {
  /** The vectors of words, then those of contexts. @shape (2, words, stride), stride a multiple of 16 */
  readonly rows: Tensor;
  /** @shape (2, words) */
  readonly biases: Tensor;
  /** Sums of squared gradients, from 1 on, in the shape of `rows` and `biases`. */
  readonly rowSquares: Tensor;
  readonly biasSquares: Tensor;
}

/** Trains step `step` of `steps` of an epoch; adds Σ ½·f(x)·(…)² to `cost`, float64. */
export type GloVeStep = (state: GloVeState, step: number, cost: Tensor) => void;

/** Parts that the words are dealt out into: as many blocks train at once. */
const PARTS = 16;

export interface GloVeTrainer {
  readonly steps: number;
  readonly train: GloVeStep;
}

/** Trains only with operations: a step of AdaGrad on the whole matrix at once. */
export function composedGloVe(
  { words, rowStarts, columns, values }: Cooccurrence,
  task: GloVeTask,
): GloVeTrainer {
  const i = searchsorted(rowStarts.narrow(0, 1, words), arange(columns.count, { dtype: 'int32' }), {
    right: true,
  });
  const { lr, xMax, power } = task;
  const descend = (x: Tensor, squares: Tensor, gradient: Tensor): void => {
    squares.add_(gradient.square());
    x.sub_(gradient.div(squares.sqrt()).mul(lr));
  };
  const train: GloVeStep = ({ rows, biases, rowSquares, biasSquares }, _, cost) => {
    const v = rows.select(0, 0).indexSelect(0, i);
    const u = rows.select(0, 1).indexSelect(0, columns);
    const weight = values.div(xMax).clamp(0, 1).pow(power);
    const away = v
      .mul(u)
      .sum(1)
      .add(biases.select(0, 0).indexSelect(0, i))
      .add(biases.select(0, 1).indexSelect(0, columns))
      .sub(values.log());
    const pull = weight.mul(away);
    cost.add_(pull.mul(away).sum().mul(0.5).to('float64'));
    const gather = (like: Tensor, index: Tensor, parts: Tensor): Tensor =>
      zeros(like.shape).indexAdd(0, index, parts);
    const [first, second] = [rows.select(0, 0), rows.select(0, 1)];
    const [b, c] = [biases.select(0, 0), biases.select(0, 1)];
    const scale = pull.unsqueeze(1);
    descend(first, rowSquares.select(0, 0), gather(first, i, u.mul(scale)));
    descend(second, rowSquares.select(0, 1), gather(second, columns, v.mul(scale)));
    descend(b, biasSquares.select(0, 0), gather(b, i, pull));
    descend(c, biasSquares.select(0, 1), gather(c, columns, pull));
  };
  return { steps: 1, train };
}

/** A trainer for this matrix, which makes a shuffled copy of it. */
export function gloveTrainer(matrix: Cooccurrence, task: GloVeTask): GloVeTrainer {
  const { words, rowStarts, columns, values } = matrix;
  const { engine } = values;
  const kernels = kernelsOf(engine);
  if (kernels === null) return composedGloVe(matrix, task);
  const parts = Math.min(PARTS, words);
  const blockStarts = empty([parts * parts + 1], 'int32', engine);
  const i = empty(columns.shape, 'int32', engine);
  const j = empty(columns.shape, 'int32', engine);
  const x = empty(columns.shape, 'float32', engine);
  kernels.glove_blocks(
    pointer(rowStarts),
    pointer(columns),
    pointer(values),
    words,
    parts,
    pointer(blockStarts),
    pointer(i),
    pointer(j),
    pointer(x),
  );
  kernels.glove_shuffle(pointer(i), pointer(j), pointer(x), pointer(blockStarts), parts * parts, task.seed);
  const train: GloVeStep = ({ rows, biases, rowSquares, biasSquares }, step, cost) =>
    tidy(() => {
      const costs = zeros([parts], { dtype: 'float64' });
      kernels.glove_train(
        pointer(rows),
        pointer(biases),
        pointer(rowSquares),
        pointer(biasSquares),
        words,
        rows.shape[2]!,
        pointer(i),
        pointer(j),
        pointer(x),
        pointer(blockStarts),
        parts,
        step,
        task.lr,
        task.xMax,
        task.power,
        pointer(costs),
      );
      cost.add_(costs.sum());
    });
  return { steps: parts, train };
}
