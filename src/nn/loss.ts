import { snakeCase } from '../core/snake-case.js';
import * as F from '../functional.js';
import { readBinary, readWithLogits } from '../ops/losses/binary-cross-entropy.js';
import { readCrossEntropy, readNll } from '../ops/losses/cross-entropy.js';
import { readCtc } from '../ops/losses/ctc.js';
import { readGaussian, readKlDiv, readPoisson } from '../ops/losses/likelihood.js';
import {
  readCosine,
  readHinge,
  readRanking,
  readTriplet,
  readTripletWithDistance,
} from '../ops/losses/margin.js';
import { readMultiMargin } from '../ops/losses/multi-margin.js';
import { readLoss } from '../ops/losses/reduction.js';
import { readHuber, readSmoothL1 } from '../ops/losses/regression.js';
import { readMultilabel } from '../ops/losses/soft-margin.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';
import { Buffer, buffer } from './module/parameter.js';
import { show } from './sizes.js';

/** The options of a loss function: its last parameter. */
type Options<Loss extends (...args: never[]) => Tensor> = NonNullable<
  Extract<Last<Parameters<Loss>>, object | undefined>
>;
type Last<T extends readonly unknown[]> = Required<T> extends readonly [...unknown[], infer L] ? L : never;

/** A loss with its function's options; tensors among them (class weights) become buffers. */
abstract class Loss<O extends object> extends Module {
  protected readonly options: O;

  constructor(options: O | undefined, read: (operation: string, options: O | undefined) => unknown) {
    super();
    read(new.target.name, options);
    const entries = Object.entries(options ?? {}).map(([name, value]) => [
      name,
      isTensor(value) ? buffer(value) : value,
    ]);
    this.options = Object.fromEntries(entries) as O;
  }

  /** Buffers have the options' names, as in PyTorch. */
  override *members(): Iterable<[string, Buffer]> {
    for (const [name, value] of Object.entries(this.options))
      if (value instanceof Buffer) yield [snakeCase(name), value];
  }

  protected override describe(): string {
    const shown = Object.entries(this.options).filter(
      ([, value]) => !(value instanceof Buffer) && typeof value !== 'function',
    );
    return show(Object.fromEntries(shown));
  }
}

const isTensor = (value: unknown): value is Tensor =>
  typeof value === 'object' && value !== null && 'storage' in value;

/** mean((x − t)²). @source notes 2.4 */
export class MSELoss extends Loss<Options<typeof F.mseLoss>> {
  constructor(options?: Options<typeof F.mseLoss>) {
    super(options, readLoss);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.mseLoss(input, target, this.options);
  }
}

/** mean(|x − t|) */
export class L1Loss extends Loss<Options<typeof F.l1Loss>> {
  constructor(options?: Options<typeof F.l1Loss>) {
    super(options, readLoss);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.l1Loss(input, target, this.options);
  }
}

/** (x − t)²/(2β) where |x − t| < β, |x − t| − β/2 elsewhere. @source Girshick 2015, arXiv:1504.08083 */
export class SmoothL1Loss extends Loss<Options<typeof F.smoothL1Loss>> {
  constructor(options?: Options<typeof F.smoothL1Loss>) {
    super(options, readSmoothL1);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.smoothL1Loss(input, target, this.options);
  }
}

/** (x − t)²/2 where |x − t| < δ, δ(|x − t| − δ/2) elsewhere */
export class HuberLoss extends Loss<Options<typeof F.huberLoss>> {
  constructor(options?: Options<typeof F.huberLoss>) {
    super(options, readHuber);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.huberLoss(input, target, this.options);
  }
}

/** −log softmax(x)[t]: logits against class indices or probabilities. @source notes 2.4 */
export class CrossEntropyLoss extends Loss<Options<typeof F.crossEntropy>> {
  constructor(options?: Options<typeof F.crossEntropy>) {
    super(options, readCrossEntropy);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.crossEntropy(input, target, this.options);
  }
}

/** −x[t]: log-probabilities against class indices */
export class NLLLoss extends Loss<Options<typeof F.nllLoss>> {
  constructor(options?: Options<typeof F.nllLoss>) {
    super(options, readNll);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.nllLoss(input, target, this.options);
  }
}

/** −(t log x + (1 − t) log(1 − x)): probabilities against targets from 0 to 1. @source notes 2.4 */
export class BCELoss extends Loss<Options<typeof F.binaryCrossEntropy>> {
  constructor(options?: Options<typeof F.binaryCrossEntropy>) {
    super(options, readBinary);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binaryCrossEntropy(input, target, this.options);
  }
}

/** `BCELoss` of sigmoid(x), without the rounding error */
export class BCEWithLogitsLoss extends Loss<Options<typeof F.binaryCrossEntropyWithLogits>> {
  constructor(options?: Options<typeof F.binaryCrossEntropyWithLogits>) {
    super(options, readWithLogits);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binaryCrossEntropyWithLogits(input, target, this.options);
  }
}

/** t (log t − x): log-probabilities against probabilities */
export class KLDivLoss extends Loss<Options<typeof F.klDiv>> {
  constructor(options?: Options<typeof F.klDiv>) {
    super(options, readKlDiv);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.klDiv(input, target, this.options);
  }
}

/** e^x − t x: log-rates against counts */
export class PoissonNLLLoss extends Loss<Options<typeof F.poissonNllLoss>> {
  constructor(options?: Options<typeof F.poissonNllLoss>) {
    super(options, readPoisson);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.poissonNllLoss(input, target, this.options);
  }
}

/** x where t = 1, max(0, margin − x) where t = −1 */
export class HingeEmbeddingLoss extends Loss<Options<typeof F.hingeEmbeddingLoss>> {
  constructor(options?: Options<typeof F.hingeEmbeddingLoss>) {
    super(options, readHinge);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.hingeEmbeddingLoss(input, target, this.options);
  }
}

/** (log v + (x − t)²/v)/2: mean and variance against values */
export class GaussianNLLLoss extends Loss<Options<typeof F.gaussianNllLoss>> {
  constructor(options?: Options<typeof F.gaussianNllLoss>) {
    super(options, readGaussian);
  }

  override forward(input: Tensor, target: Tensor, variance: Tensor): Tensor {
    return F.gaussianNllLoss(input, target, variance, this.options);
  }
}

/** 1 − cos where t = 1, max(0, cos − margin) where t = −1 */
export class CosineEmbeddingLoss extends Loss<Options<typeof F.cosineEmbeddingLoss>> {
  constructor(options?: Options<typeof F.cosineEmbeddingLoss>) {
    super(options, readCosine);
  }

  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return F.cosineEmbeddingLoss(input1, input2, target, this.options);
  }
}

/** max(0, −t(x1 − x2) + margin) */
export class MarginRankingLoss extends Loss<Options<typeof F.marginRankingLoss>> {
  constructor(options?: Options<typeof F.marginRankingLoss>) {
    super(options, readRanking);
  }

  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return F.marginRankingLoss(input1, input2, target, this.options);
  }
}

/** max(0, d(a, p) − d(a, n) + margin). @source Balntas et al. 2016 */
export class TripletMarginLoss extends Loss<Options<typeof F.tripletMarginLoss>> {
  constructor(options?: Options<typeof F.tripletMarginLoss>) {
    super(options, readTriplet);
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return F.tripletMarginLoss(anchor, positive, negative, this.options);
  }
}

/** −log of the probability that an input spells a target under any alignment of labels to steps */
export class CTCLoss extends Loss<Options<typeof F.ctcLoss>> {
  constructor(options?: Options<typeof F.ctcLoss>) {
    super(options, readCtc);
  }

  override forward(
    logProbs: Tensor,
    targets: Tensor,
    inputLengths: F.CtcLengths,
    targetLengths: F.CtcLengths,
  ): Tensor {
    return F.ctcLoss(logProbs, targets, inputLengths, targetLengths, this.options);
  }
}

/** w[t]/C Σ_{c ≠ t} max(0, margin − x[t] + x[c])ᵖ: scores against class indices */
export class MultiMarginLoss extends Loss<Options<typeof F.multiMarginLoss>> {
  constructor(options?: Options<typeof F.multiMarginLoss>) {
    super(options, readMultiMargin);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.multiMarginLoss(input, target, this.options);
  }
}

/**
 * Σ max(0, 1 − x[t] + x[c])/C over an example's classes t and all other classes c: scores against lists of indices,
 * then −1
 */
export class MultiLabelMarginLoss extends Loss<Options<typeof F.multilabelMarginLoss>> {
  constructor(options?: Options<typeof F.multilabelMarginLoss>) {
    super(options, readLoss);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.multilabelMarginLoss(input, target, this.options);
  }
}

/** `BCEWithLogitsLoss` of each class, averaged: logits against targets from 0 to 1 */
export class MultiLabelSoftMarginLoss extends Loss<Options<typeof F.multilabelSoftMarginLoss>> {
  constructor(options?: Options<typeof F.multilabelSoftMarginLoss>) {
    super(options, readMultilabel);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.multilabelSoftMarginLoss(input, target, this.options);
  }
}

/** log(1 + e^(−t x)): logits against −1 and 1 */
export class SoftMarginLoss extends Loss<Options<typeof F.softMarginLoss>> {
  constructor(options?: Options<typeof F.softMarginLoss>) {
    super(options, readLoss);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.softMarginLoss(input, target, this.options);
  }
}

/** `TripletMarginLoss` with your own distance function */
export class TripletMarginWithDistanceLoss extends Loss<Options<typeof F.tripletMarginWithDistanceLoss>> {
  constructor(options?: Options<typeof F.tripletMarginWithDistanceLoss>) {
    super(options, readTripletWithDistance);
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return F.tripletMarginWithDistanceLoss(anchor, positive, negative, this.options);
  }
}
