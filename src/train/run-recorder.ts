import { callback, defineOptions, whole } from '../core/options.js';
import type { Tensor } from '../index.js';
import { SummaryWriter } from '../io/tensorboard/summary-writer.js';
import { BEST, LAST } from './checkpoint.js';
import type { RunFolder } from './run-folder.js';
import type { State } from './state.js';
import type { TrainerCallback, Training } from './trainer-options.js';

export interface RecordOptions {
  /** Steps between checkpoints, in addition to those after every epoch (default: only those). */
  readonly checkpointEvery?: number;
  /** Steps between points on the `step/…` curves in TensorBoard (default 20). */
  readonly logEvery?: number;
  /** Tensors by name whose histograms TensorBoard gets after every epoch (default: none). */
  readonly histograms?: () => Readonly<Record<string, Tensor>>;
  /** What a checkpoint holds (default: the trainer's state). */
  readonly state?: () => State;
}

const recordOptions = defineOptions({
  checkpointEvery: whole(undefined, { least: 1 }),
  logEvery: whole(20, { least: 1 }),
  histograms: callback<NonNullable<RecordOptions['histograms']>>(),
  state: callback<NonNullable<RecordOptions['state']>>(),
});

/**
 * Records a training in the folder of its run: a line per epoch in `metrics.jsonl`, the same values for
 * TensorBoard, and two checkpoints: `last` after every epoch and when it's stopped, `best` whenever the
 * monitored validation value is the best so far.
 *
 * @throws ArgumentError for invalid intervals
 * @example
 * const run = train.RunFolder.create('line', { lr: 0.1 }, 'runs/line');
 * const trainer = new train.Trainer<[Tensor, Tensor]>({
 *   model,
 *   optimizer: opt,
 *   step: ([x, y]) => ({ loss: F.crossEntropy(model.forward(x), y) }),
 *   callbacks: [train.recordRun(run)],
 * });
 * await trainer.fit(batches, { epochs: 2 });
 * run.metrics().length; // 2
 */
export function recordRun(folder: RunFolder, options?: RecordOptions): TrainerCallback {
  const { checkpointEvery, logEvery, histograms, state } = recordOptions('recordRun', options);
  let started = 0;
  let saved = -1;
  let writer: SummaryWriter | undefined;
  let endRecording: (() => void) | undefined;
  const board = (): SummaryWriter => {
    writer ??= new SummaryWriter(folder.path, { purgeStep: started + 1 });
    return writer;
  };
  const scalars = (group: string, values: Readonly<Record<string, number>>, step: number): void => {
    for (const [name, value] of Object.entries(values)) board().addScalar(`${group}${name}`, value, step);
  };
  const save = async (name: string, training: Training): Promise<void> => {
    await folder.saveCheckpoint(name, String(training.step), state?.() ?? training.state());
    if (name === LAST) saved = training.step;
  };
  return {
    onStart({ step }) {
      endRecording = folder.beginRecording();
      started = step;
    },
    async onStep({ step, stepInEpoch, stepsPerEpoch, values }, training) {
      if (step % logEvery === 0) scalars('step/', values, step);
      // After the last step of an epoch comes the epoch's checkpoint.
      if (checkpointEvery !== undefined && step % checkpointEvery === 0 && stepInEpoch < stepsPerEpoch)
        await save(LAST, training);
    },
    async onEpochEnd(
      {
        epoch,
        step,
        seconds,
        samplesPerSecond,
        learningRates,
        train,
        validation,
        best,
        bestEpoch,
        stopsEarly,
      },
      training,
    ) {
      const measured = { train, ...(validation ? { validation } : {}) };
      folder.record({
        step,
        epoch,
        seconds,
        samplesPerSecond,
        learningRates,
        ...measured,
        ...(bestEpoch === undefined ? {} : { bestEpoch }),
        ...(stopsEarly ? { stopsEarly } : {}),
      });
      for (const [group, values] of Object.entries(measured)) scalars(`${group}/`, values, step);
      scalars('', learningRates, step);
      for (const [name, tensor] of Object.entries(histograms?.() ?? {}))
        board().addHistogram(name, tensor, step);
      await save(LAST, training);
      if (best) await save(BEST, training);
    },
    async onEnd(outcome, training) {
      // Another recording holds the run.
      if (endRecording === undefined) return;
      try {
        if (outcome === 'stopped' && saved !== training.step) await save(LAST, training);
      } finally {
        endRecording();
        endRecording = undefined;
      }
    },
  };
}
