import { defineOp } from '../../autograd/op.js';
import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError } from '../../core/errors.js';
import { defineOptions, flag, generatorOption, number } from '../../core/options.js';
import { defaultGenerator, type Generator } from '../../core/random.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { emptyLike, type Tensor } from '../../tensor/tensor.js';
import { leakyRelu } from '../elementwise/activations.js';

export interface RReluOptions {
  /** The smallest slope (default 1/8). */
  readonly lower?: number;
  /** The largest slope (default 1/3). */
  readonly upper?: number;
  /** Whether to draw slopes instead of using the mean of both limits (default false). */
  readonly training?: boolean;
  /** Where random numbers come from (default: what `manualSeed` seeds). */
  readonly generator?: Generator;
}

const readRRelu = defineOptions({
  lower: number(1 / 8),
  upper: number(1 / 3),
  training: flag(false),
  generator: generatorOption,
});

interface Slopes {
  readonly lower: number;
  readonly upper: number;
}

/** Like PyTorch: draws a double-precision number for each element that isn't positive, and none for the others. */
const drawnOp = defineOp<[Tensor], Slopes, Generator>({
  name: 'rrelu',
  forward(ctx, [input], { lower, upper }, generator) {
    const x = dense(input);
    const [out, slopes] = [emptyLike(x), emptyLike(x)];
    x.engine.randomRRelu(out, slopes, x, lower, upper, generator);
    ctx.save(slopes);
    return out;
  },
  backward: ({ saved }, g) => [g.mul(saved[0]!)],
});

/**
 * x for x > 0, slope · x otherwise, with a slope from U(lower, upper) for each element.
 *
 * @throws ArgumentError unless lower ≤ upper, DTypeError for integers
 * @source Xu et al. 2015, arXiv:1505.00853
 */
export function rrelu(x: Tensor, options?: RReluOptions): Tensor {
  checkTensors('rrelu', { x });
  const { lower, upper, training, generator = defaultGenerator } = readRRelu('rrelu', options);
  if (!isFloat(x.dtype)) throw new DTypeError('rrelu', `is defined for floating tensors, not ${x.dtype}`);
  if (!(lower <= upper)) throw new ArgumentError('rrelu', `lower ${lower} is larger than upper ${upper}`);
  if (!training) return leakyRelu(x, { negativeSlope: (lower + upper) / 2 });
  return drawnOp([x], { lower, upper }, generator);
}
