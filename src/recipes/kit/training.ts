import { type Batches, type Progress, Trainer, type TrainerOptions } from '../../train/index.js';
import type { State } from '../../train/state.js';
import type { RecipeResult } from './events.js';
import type { Experiment, RecipeContext } from './recipe.js';

export interface TrainingOptions<B> extends Pick<Experiment, 'network' | 'texts' | 'pictures' | 'data'> {
  /** What to make the Trainer from. */
  readonly trainer: TrainerOptions<B>;
  readonly batches: Batches<B>;
  readonly epochs: number;
  readonly validation?: Batches<B>;
  /** Measures the trained model on the test data. */
  evaluate(trainer: Trainer<B>): Promise<RecipeResult>;
  /** Restores the trainer from a checkpoint (default: its `loadState`). */
  loadState?(trainer: Trainer<B>, state: State): void;
}

/** An experiment that is one training of one Trainer. */
export function training<B>(
  { emit }: RecipeContext<unknown>,
  { trainer: options, batches, epochs, validation, evaluate, loadState, ...shown }: TrainingOptions<B>,
): Experiment {
  const tell = (progress: Progress): Promise<void> =>
    emit({
      type: 'progress',
      share: progress.step / (progress.epochs * progress.stepsPerEpoch),
      training: progress,
    });
  const trainer = new Trainer<B>({
    ...options,
    callbacks: [
      ...(options.callbacks ?? []),
      { onStart: tell, onStep: tell, onEpochEnd: (report) => emit({ type: 'metrics', ...report }) },
    ],
  });
  return {
    async train(signal) {
      if (signal?.aborted) return false;
      const stop = (): void => trainer.stop();
      signal?.addEventListener('abort', stop);
      try {
        return await trainer.fit(batches, { epochs, ...(validation ? { validation } : {}) });
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    },
    get step() {
      return trainer.step;
    },
    state: () => trainer.state(),
    loadState: (state) => (loadState ? loadState(trainer, state) : trainer.loadState(state)),
    evaluate: () => evaluate(trainer),
    ...shown,
  };
}
