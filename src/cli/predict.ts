import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MyelinError } from '../core/errors.js';
import { percent } from '../core/percent.js';
import { noGrad, tidy } from '../index.js';
import { writeFileAtomic } from '../io/atomic.js';
import type { ImageNetwork } from '../recipes/index.js';
import { report, UsageError } from './failure.js';
import { chooseImage } from './images.js';
import type { EngineFlags } from './options.js';
import { bestState, networkOf, openRun } from './run.js';

export interface PredictFlags extends EngineFlags {
  readonly data?: string;
  /** Classes to show for each image. */
  readonly top: number;
  /** File for the probabilities of all classes. */
  readonly csv?: string;
  /** Whether to invert light and dark. */
  readonly invert?: boolean;
  readonly quiet?: boolean;
}

interface Prediction {
  readonly of: string;
  readonly probabilities: readonly number[];
  /** Number of the true class, if known. */
  readonly label: number | undefined;
}

/** The images of a folder, sorted by name; anything else as is. */
function imagesOf(of: string): string[] {
  if (of.startsWith('test:') || !statSync(of, { throwIfNoEntry: false })?.isDirectory()) return [of];
  const names = readdirSync(of).filter((name) =>
    /\.(png|jpe?g|webp|gif|bmp|tiff?|avif|ppm|pgm)$/i.test(name),
  );
  if (names.length === 0) throw new UsageError(`no images in ${of}`);
  return names.sort().map((name) => join(of, name));
}

async function predictOne(network: ImageNetwork, of: string, invert: boolean): Promise<Prediction> {
  const { image, label } = await chooseImage(network, of, invert);
  const probabilities = noGrad(() => tidy(() => network.model.forward(network.toInput(image)).softmax(1)));
  return { of, probabilities: [...(await probabilities.data())].map(Number), label };
}

/** `digit.png  7 98.1 %, 1 1.2 %` */
function line({ of, probabilities, label }: Prediction, classes: readonly string[], top: number): string {
  const shown = probabilities
    .map((share, c) => ({ share, name: classes[c]! }))
    .sort((a, b) => b.share - a.share)
    .slice(0, top)
    .map(({ share, name }) => `${name} ${percent(share)}`);
  return `${of}  ${shown.join(', ')}${label === undefined ? '' : `, labeled ${classes[label]}`}`;
}

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const csvOf = (predictions: readonly Prediction[], classes: readonly string[]): string =>
  [
    ['image', 'class', ...classes],
    ...predictions.map(({ of, probabilities }) => [
      of,
      classes[probabilities.indexOf(Math.max(...probabilities))]!,
      ...probabilities.map(String),
    ]),
  ]
    .map((row) => `${row.map(cell).join(',')}\n`)
    .join('');

/** `myelin predict RUN IMAGE…`; returns the exit code: that of the worst failure if some image couldn't be read. */
export async function predict(path: string, of: readonly string[], flags: PredictFlags): Promise<number> {
  const run = await openRun('predict', path, flags, bestState);
  const network = networkOf(run, 'that classifies images');
  network.model.eval();

  const predictions: Prediction[] = [];
  let code = 0;
  /** An unreadable image doesn't cost the others their answers. */
  const fail = (error: unknown): void => {
    if (!(error instanceof MyelinError || error instanceof UsageError)) throw error;
    code = Math.max(code, report(error, false));
  };
  const imagesIn = (word: string): string[] => {
    try {
      return imagesOf(word);
    } catch (error) {
      fail(error);
      return [];
    }
  };
  for (const one of of.flatMap(imagesIn))
    try {
      const prediction = await predictOne(network, one, flags.invert === true);
      predictions.push(prediction);
      console.log(line(prediction, network.classes, flags.top));
    } catch (error) {
      fail(error);
    }
  if (flags.csv !== undefined) {
    writeFileAtomic(flags.csv, csvOf(predictions, network.classes));
    run.say('table', flags.csv);
  }
  return code;
}
