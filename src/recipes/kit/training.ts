import type { Batches, Trainer } from '../../train/index.js';
import type { Experiment } from './recipe.js';

export interface TrainingOptions<B>
  extends Pick<Experiment, 'evaluate' | 'network' | 'pictures' | 'data'>,
    Partial<Pick<Experiment, 'loadState'>> {
  readonly trainer: Trainer<B>;
  readonly batches: Batches<B>;
  readonly epochs: number;
  readonly validation?: Batches<B>;
}

/** An experiment that is one training of one Trainer. */
export const training = <B>({
  trainer,
  batches,
  epochs,
  validation,
  ...outcome
}: TrainingOptions<B>): Experiment => ({
  train: () => trainer.fit(batches, { epochs, ...(validation ? { validation } : {}) }),
  stop: () => trainer.stop(),
  get step() {
    return trainer.step;
  },
  state: () => trainer.state(),
  loadState: (state) => trainer.loadState(state),
  ...outcome,
});
