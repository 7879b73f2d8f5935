import * as optim from '../../optim/index.js';
import type { ChoiceSpec } from './options.js';

const { CosineAnnealingLR, LambdaLR, MultiStepLR, OneCycleLR } = optim.lrScheduler;

const schedules = {
  constant: (optimizer: optim.SGD) => new LambdaLR(optimizer, () => 1),
  step: (optimizer: optim.SGD, _lr: number, steps: number) =>
    new MultiStepLR(optimizer, [Math.round(steps / 2), Math.round((3 * steps) / 4)]),
  cosine: (optimizer: optim.SGD, _lr: number, steps: number) => new CosineAnnealingLR(optimizer, steps),
  'one-cycle': (optimizer: optim.SGD, lr: number, steps: number) =>
    new OneCycleLR(optimizer, lr, { totalSteps: steps }),
};

export type ScheduleName = keyof typeof schedules;

/** How the learning rate changes. */
export const schedule = (value: ScheduleName): ChoiceSpec<ScheduleName> => ({
  kind: 'choice',
  default: value,
  choices: Object.keys(schedules) as ScheduleName[],
  help: 'learning rate during training; step: divided by 10 at one half and three quarters; one-cycle: rises to --lr and falls',
});

/** Parameters, or groups of them with separate rates. */
export type SgdParams = ConstructorParameters<typeof optim.SGD>[0];

export interface SgdOptions {
  /** The initial rate; for one-cycle, the largest. */
  readonly lr: number;
  /** Factor α of the penalty α/2 · ‖W‖². */
  readonly weightDecay: number;
  readonly schedule: ScheduleName;
  /** Steps of the whole training. */
  readonly steps: number;
}

/** Gradient descent with momentum 0.9 and weight decay, and its learning rate over the steps. */
export function scheduledSgd(
  parameters: SgdParams,
  { lr, weightDecay, schedule, steps }: SgdOptions,
): { readonly optimizer: optim.SGD; readonly scheduler: optim.lrScheduler.LRScheduler } {
  const optimizer = new optim.SGD(parameters, { lr, momentum: 0.9, weightDecay });
  return { optimizer, scheduler: schedules[schedule](optimizer, lr, steps) };
}
