import { checkOption, number } from '../../core/options.js';
import type { Tensor } from '../../tensor/tensor.js';

/** The new average of one parameter. @param count number of models in `averaged` so far */
export type AvgFn = (averaged: Tensor, current: Tensor, count: number) => Tensor;

/** Updates the averages of all parameters in place. @param count number of models in them so far */
export type MultiAvgFn = (averaged: readonly Tensor[], current: readonly Tensor[], count: number) => void;

function checkDecay(owner: string, decay: number): void {
  checkOption(owner, 'decay', number(0, { least: 0, most: 1 }), decay);
}

const forEach =
  (average: AvgFn): MultiAvgFn =>
  (averaged, current, count) => {
    averaged.forEach((x, i) => {
      x.copy_(average(x, current[i]!, count));
    });
  };

/** The mean of all models: a ← a + (θ − a)/(n + 1) */
export const getSwaAvgFn = (): AvgFn => (averaged, current, count) =>
  averaged.add(current.sub(averaged).div(count + 1));

/** Like `getSwaAvgFn`, for all parameters at once. */
export const getSwaMultiAvgFn = (): MultiAvgFn => forEach(getSwaAvgFn());

/**
 * The exponential moving average: a ← d·a + (1 − d)·θ
 *
 * @throws ArgumentError unless the decay is from 0 to 1
 */
export function getEmaAvgFn(decay = 0.999): AvgFn {
  checkDecay('getEmaAvgFn', decay);
  return (averaged, current) => averaged.mul(decay).add(current.mul(1 - decay));
}

/** Like `getEmaAvgFn`, for all parameters at once. */
export function getEmaMultiAvgFn(decay = 0.999): MultiAvgFn {
  checkDecay('getEmaMultiAvgFn', decay);
  return forEach(getEmaAvgFn(decay));
}
