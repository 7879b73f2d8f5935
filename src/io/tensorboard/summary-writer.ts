import { requireText } from '../../core/arguments.js';
import { describe } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { anyNumber, checkOption, defineOptions, whole } from '../../core/options.js';
import type { Files } from '../../host/files.js';
import { requireFiles } from '../../host/require.js';
import type { Tensor } from '../../index.js';
import { checkTensors } from '../../tensor/argument.js';
import { elementsNow } from '../../tensor/inspect.js';
import { encodeEvent, type What } from './event.js';
import { histogramOf } from './histogram.js';
import { tfRecord } from './record.js';

export interface SummaryWriterOptions {
  /** The first step of a resumed run: TensorBoard hides what earlier files say about this and later steps. */
  readonly purgeStep?: number;
}

const writerOptions = defineOptions({ purgeStep: whole(undefined, { least: 0 }) });

let made = 0;

/**
 * Writes event files for TensorBoard: `tensorboard --logdir runs`. Each writer adds a new file to its
 * folder and writes every event to disk right away.
 *
 * @throws FileError if the folder can't be written
 * @example
 * const writer = new train.SummaryWriter('runs/events');
 * writer.addScalar('train/loss', 0.31, 100);
 * writer.addHistogram('weights', model.parameters()[0], 100);
 */
export class SummaryWriter {
  /** The file being written. */
  readonly path: string;
  readonly #files: Files;

  constructor(folder: string, options?: SummaryWriterOptions) {
    const { purgeStep } = writerOptions(new.target.name, options);
    const files = requireFiles('SummaryWriter', 'draw with viz.learningCurves');
    requireText('SummaryWriter', 'folder', folder);
    files.makeFolder(folder);
    this.#files = files;
    const start = Math.floor(Date.now() / 1000);
    this.path = files.join(
      folder,
      `events.out.tfevents.${start}.${files.machine}.${files.process}.${made++}`,
    );
    files.write(this.path, tfRecord(encodeEvent({ kind: 'version' }, 0, Date.now() / 1000)));
    if (purgeStep !== undefined) this.#write({ kind: 'start' }, purgeStep);
  }

  /** A point on a curve. Tags with the same prefix, up to a slash, are shown together. */
  addScalar(tag: string, value: number, step: number): void {
    requireText('SummaryWriter', 'tag', tag);
    checkOption('SummaryWriter', 'value', anyNumber(0), value);
    this.#write({ kind: 'scalar', tag, value }, step);
  }

  /** The distribution of the finite values of a tensor. @throws ArgumentError if it has none */
  addHistogram(tag: string, values: Tensor, step: number): void {
    requireText('SummaryWriter', 'tag', tag);
    checkTensors('SummaryWriter', { values });
    const elements = elementsNow('SummaryWriter', values, 'await addHistogramAsync(tag, values, step)');
    this.#write({ kind: 'histogram', tag, value: histogramOf(elements) }, step);
  }

  /** As `addHistogram`, on every engine: waits for the values. */
  async addHistogramAsync(tag: string, values: Tensor, step: number): Promise<void> {
    requireText('SummaryWriter', 'tag', tag);
    checkTensors('SummaryWriter', { values });
    this.#write({ kind: 'histogram', tag, value: histogramOf(await values.data()) }, step);
  }

  #write(what: What, step: number): void {
    if (!(Number.isSafeInteger(step) && step >= 0))
      throw new ArgumentError(
        'SummaryWriter',
        `a step must be a whole number of at least 0, got ${describe(step)}`,
      );
    this.#files.append(this.path, tfRecord(encodeEvent(what, step, Date.now() / 1000)));
  }
}
