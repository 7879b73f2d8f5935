import type { DType } from '../../core/dtype.js';
import { ArgumentError } from '../../core/errors.js';
import { defineOptions, dtype } from '../../core/options.js';
import type { Tensor } from '../../tensor/tensor.js';
import { normal_ } from '../init/index.js';
import { requireDTypeOf } from '../module/argument.js';
import { Module } from '../module/module.js';
import { newParameter, type Parameter } from '../module/parameter.js';
import { count, show } from '../sizes.js';
import { checkVectors, type PositionsCall, readPositionsCall } from './sinusoidal.js';

const readOptions = defineOptions({ dtype: dtype('float32') });

/**
 * y = x + W[positions], with a learned vector for each position. Vectors start from N(0, 1), as those of `nn.Embedding`.
 *
 * @shape x (…, T, E) → (…, T, E): time is the last axis but one; T is at most maxLength
 * @source Gehring et al. 2017, arXiv:1705.03122; Devlin et al. 2019, arXiv:1810.04805
 * @example
 * const positions = new nn.LearnedPositions(512, 8);
 * positions.forward(randn([3, 5, 8])).shape; // [3, 5, 8]
 */
export class LearnedPositions extends Module {
  /** @shape (maxLength, E) */
  weight: Parameter;

  constructor(
    readonly maxLength: number,
    readonly features: number,
    options?: { readonly dtype?: DType },
  ) {
    super();
    const { name } = new.target;
    const { dtype } = readOptions(name, options);
    count(name, 'maxLength', maxLength, 1);
    count(name, 'features', features, 1);
    this.weight = normal_(newParameter(name, [maxLength, features], dtype));
  }

  /**
   * @param options.offset the position of the first vector (default 0)
   * @throws ArgumentError for positions from maxLength on
   */
  override forward(x: Tensor, options?: PositionsCall): Tensor {
    const { name } = this.constructor;
    const { offset } = readPositionsCall(name, options);
    checkVectors(name, x, this.features);
    requireDTypeOf(name, this.weight, { x });
    const length = x.shape.at(-2)!;
    if (offset + length > this.maxLength)
      throw new ArgumentError(
        name,
        `has ${this.maxLength} positions, x reaches ${offset + length}\n  hint: cut the sequence, or raise maxLength`,
      );
    return x.add(this.weight.narrow(0, offset, length));
  }

  override multiplyAdds(): number {
    return 0;
  }

  protected override describe(): string {
    return show({ maxLength: this.maxLength, features: this.features });
  }
}
