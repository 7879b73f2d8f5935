import * as F from '../functional.js';
import { heaviside } from '../ops/elementwise/binary.js';
import { sign } from '../ops/elementwise/unary.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';

// Activations without options, each applied to every element.

/** y = 1/(1 + e^−x). @source notes 2.2 */
export class Sigmoid extends Module {
  override forward(x: Tensor): Tensor {
    return F.sigmoid(x);
  }
}

/** y = log(1/(1 + e^−x)) */
export class LogSigmoid extends Module {
  override forward(x: Tensor): Tensor {
    return F.logsigmoid(x);
  }
}

/** y = (e^x − e^−x)/(e^x + e^−x). @source notes 2.2 */
export class Tanh extends Module {
  override forward(x: Tensor): Tensor {
    return F.tanh(x);
  }
}

/** y = x − tanh(x) */
export class Tanhshrink extends Module {
  override forward(x: Tensor): Tensor {
    return F.tanhshrink(x);
  }
}

/** y = max(0, x). @source notes 2.2 */
export class ReLU extends Module {
  override forward(x: Tensor): Tensor {
    return F.relu(x);
  }
}

/** y = min(max(0, x), 6) */
export class ReLU6 extends Module {
  override forward(x: Tensor): Tensor {
    return F.relu6(x);
  }
}

/**
 * y = s·max(0, x) + s·min(0, α(e^x − 1)), with s and α chosen to preserve mean 0 and variance 1.
 *
 * @source Klambauer et al. 2017, arXiv:1706.02515
 */
export class SELU extends Module {
  override forward(x: Tensor): Tensor {
    return F.selu(x);
  }
}

/** y = x/(1 + e^−x). @source Elfwing et al. 2017, arXiv:1702.03118 */
export class SiLU extends Module {
  override forward(x: Tensor): Tensor {
    return F.silu(x);
  }
}

/** y = x tanh(log(1 + e^x)). @source Misra 2019, arXiv:1908.08681 */
export class Mish extends Module {
  override forward(x: Tensor): Tensor {
    return F.mish(x);
  }
}

/** y = x/(1 + |x|) */
export class Softsign extends Module {
  override forward(x: Tensor): Tensor {
    return F.softsign(x);
  }
}

/** y = min(max(0, x + 3), 6)/6 */
export class Hardsigmoid extends Module {
  override forward(x: Tensor): Tensor {
    return F.hardsigmoid(x);
  }
}

/** y = x min(max(0, x + 3), 6)/6. @source Howard et al. 2019, arXiv:1905.02244 */
export class Hardswish extends Module {
  override forward(x: Tensor): Tensor {
    return F.hardswish(x);
  }
}

/**
 * y = −1, 0 or 1 by the sign of x: the perceptron's activation. Its gradient is zero everywhere, so layers before it
 * can't learn by gradient descent.
 *
 * @differs PyTorch only has the function, `torch.sign`
 * @source notes 2.2
 */
export class Sign extends Module {
  override forward(x: Tensor): Tensor {
    return sign(x);
  }
}

/**
 * y = 1 for x ≥ 0, else 0: the unit step. Its gradient is zero everywhere, like that of `Sign`.
 *
 * @differs PyTorch only has the function, `torch.heaviside`
 * @source notes 2.2
 */
export class Heaviside extends Module {
  override forward(x: Tensor): Tensor {
    return heaviside(x, 1);
  }
}
