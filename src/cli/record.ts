import { join } from 'node:path';
import type { Experiment, OnEvent } from '../recipes/index.js';
import { LAST, type Outcome, type RunFolder, type TrainerCallback } from '../train/index.js';
import { savePicture } from './pictures.js';

/** Writes the events of a run into its folder. */
export interface Recorder {
  readonly onEvent: OnEvent;
  /** Ends the recording of the training. */
  end(outcome: Outcome): Promise<void>;
}

export interface RecorderOptions {
  readonly folder: RunFolder;
  readonly experiment: Experiment;
  /** Receives the steps and epochs of a training. */
  readonly callbacks: readonly TrainerCallback[];
  /** Stops the training. */
  readonly stop: () => void;
}

/** Writes metrics, checkpoints, pictures, and the result of a run into its folder. */
export function recorderOf({ folder, experiment, callbacks, stop }: RecorderOptions): Recorder {
  const training = {
    get step() {
      return experiment.step;
    },
    state: () => experiment.state(),
    stop,
  };
  let begun = false;
  return {
    async onEvent(event) {
      switch (event.type) {
        case 'progress': {
          if (!event.training) return;
          const method = begun ? 'onStep' : 'onStart';
          begun = true;
          for (const callback of callbacks) await callback[method]?.(event.training, training);
          return;
        }
        case 'metrics':
          for (const callback of callbacks) await callback.onEpochEnd?.(event, training);
          return;
        case 'part': {
          const { part, name, seconds, numbers } = event;
          folder.record({ step: part, part: name, seconds, ...numbers });
          return folder.saveCheckpoint(LAST, String(part), experiment.state());
        }
        case 'figure':
          await savePicture(event.spec, join(folder.path, event.name));
          return;
        case 'result':
          folder.record({ step: experiment.step, test: event.numbers });
          folder.writeJson('result.json', event.numbers);
      }
    },
    async end(outcome) {
      for (const callback of callbacks) await callback.onEnd?.(outcome, training);
    },
  };
}
