import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { AlongAxis } from './softmax.js';

/**
 * y = a · sigmoid(b), where a and b are the halves of x along axis `dim`.
 *
 * @source Dauphin et al. 2016, arXiv:1612.08083
 */
export class GLU extends AlongAxis {
  override forward(x: Tensor): Tensor {
    return F.glu(x, this.dim);
  }
}
