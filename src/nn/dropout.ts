import { noMore } from '../core/exact.js';
import { defineOptions, number, withLeading } from '../core/options.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';
import { show } from './sizes.js';

const dropoutOptions = defineOptions({ p: number(0.5, { least: 0, most: 1 }) });

abstract class DropoutBase extends Module {
  readonly p: number;

  /** @param p probability of dropping an element (default 0.5); passed directly or as an option */
  constructor(p?: number | { readonly p?: number }, ...surplus: readonly never[]) {
    super();
    const name = new.target.name;
    noMore(`${name}(p)`, [p], surplus);
    this.p = dropoutOptions(name, withLeading(name, { p })).p;
  }

  protected override describe(): string {
    return show({ p: this.p });
  }
}

/**
 * In training, zeroes each element with probability p and multiplies the others by 1/(1 − p). In evaluation, does
 * nothing.
 *
 * @source notes 2.11; Hinton et al. 2012, arXiv:1207.0580
 */
export class Dropout extends DropoutBase {
  override forward(x: Tensor): Tensor {
    return F.dropout(x, { p: this.p, training: this.training });
  }
}

/** Like `Dropout`, dropping whole channels of (N, C, L). */
export class Dropout1d extends DropoutBase {
  override forward(x: Tensor): Tensor {
    return F.dropout1d(x, { p: this.p, training: this.training });
  }
}

/** Like `Dropout`, dropping whole channels of (N, C, H, W). @source Tompson et al. 2015, arXiv:1411.4280 */
export class Dropout2d extends DropoutBase {
  override forward(x: Tensor): Tensor {
    return F.dropout2d(x, { p: this.p, training: this.training });
  }
}

/** Like `Dropout`, dropping whole channels of (N, C, D, H, W). */
export class Dropout3d extends DropoutBase {
  override forward(x: Tensor): Tensor {
    return F.dropout3d(x, { p: this.p, training: this.training });
  }
}

/** Dropout that preserves the mean and variance of SELU activations. @source Klambauer et al. 2017, arXiv:1706.02515 */
export class AlphaDropout extends DropoutBase {
  override forward(x: Tensor): Tensor {
    return F.alphaDropout(x, { p: this.p, training: this.training });
  }
}

/** Like `AlphaDropout`, dropping whole channels of (N, C, …). */
export class FeatureAlphaDropout extends DropoutBase {
  override forward(x: Tensor): Tensor {
    return F.featureAlphaDropout(x, { p: this.p, training: this.training });
  }
}
