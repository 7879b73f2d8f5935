import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, plural } from '../core/describe.js';
import { MyelinError } from '../core/errors.js';
import { percent } from '../core/percent.js';
import { noGrad, tidy } from '../index.js';
import { writeFileAtomic } from '../io/atomic.js';
import type { ImageNetwork, TextNetwork } from '../recipes/index.js';
import { report, UsageError } from './failure.js';
import { chooseImage } from './images.js';
import type { EngineFlags } from './options.js';
import { bestState, type OpenRun, openRun } from './run.js';

export interface PredictFlags extends EngineFlags {
  readonly data?: string;
  /** Classes to show for each. */
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

/** What a run's network classifies. */
interface Classifier {
  readonly kind: 'image' | 'text';
  readonly classes: readonly string[];
  /** What a word of the command line stands for. */
  all(word: string): readonly string[];
  predict(of: string): Promise<Prediction>;
}

function imageClassifier(network: ImageNetwork, invert: boolean): Classifier {
  network.model.eval();
  return {
    kind: 'image',
    classes: network.classes,
    all: imagesOf,
    predict: (of) => predictOne(network, of, invert),
  };
}

function textClassifier(network: TextNetwork): Classifier {
  return {
    kind: 'text',
    classes: network.classes,
    all: (text) => [text],
    async predict(of) {
      if (of.trim() === '') throw new UsageError('a text is empty; give a sentence, or a name, in quotes');
      const { probabilities, unknown, cut } = await network.judge(of);
      if (cut > 0)
        console.error(
          `warning: skips the last ${plural(cut, 'word')} of ${describe(of)}: the network can't read that many`,
        );
      if (unknown.length > 0)
        console.error(
          `warning: skips ${unknown.map(describe).join(', ')} in ${describe(of)}: too rare in the training texts`,
        );
      return { of, probabilities, label: undefined };
    },
  };
}

/** @throws UsageError if the run has no classifier */
function classifierOf({ recipe, experiment: { network, texts } }: OpenRun, invert: boolean): Classifier {
  if (network !== undefined) return imageClassifier(network, invert);
  if (texts === undefined)
    throw new UsageError(
      `'${recipe.name}' has no network that classifies images or texts; predict is for a run such as one of lenet5, names, or sentiment without --folds`,
    );
  if (invert) throw new UsageError(`--invert is for images, but '${recipe.name}' classifies texts`);
  return textClassifier(texts);
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

const csvOf = (predictions: readonly Prediction[], { kind, classes }: Classifier): string =>
  [
    [kind, 'class', ...classes],
    ...predictions.map(({ of, probabilities }) => [
      of,
      classes[probabilities.indexOf(Math.max(...probabilities))]!,
      ...probabilities.map(String),
    ]),
  ]
    .map((row) => `${row.map(cell).join(',')}\n`)
    .join('');

/** `myelin predict RUN IMAGE-OR-TEXT…`; returns the exit code: that of the worst failure if something couldn't be read. */
export async function predict(path: string, of: readonly string[], flags: PredictFlags): Promise<number> {
  const run = await openRun('predict', path, flags, bestState);
  const classifier = classifierOf(run, flags.invert === true);

  const predictions: Prediction[] = [];
  let code = 0;
  /** What can't be read doesn't cost the others their answers. */
  const fail = (error: unknown): void => {
    if (!(error instanceof MyelinError || error instanceof UsageError)) throw error;
    code = Math.max(code, report(error, false));
  };
  const allIn = (word: string): readonly string[] => {
    try {
      return classifier.all(word);
    } catch (error) {
      fail(error);
      return [];
    }
  };
  for (const one of of.flatMap(allIn))
    try {
      const prediction = await classifier.predict(one);
      predictions.push(prediction);
      console.log(line(prediction, classifier.classes, flags.top));
    } catch (error) {
      fail(error);
    }
  if (flags.csv !== undefined) {
    writeFileAtomic(flags.csv, csvOf(predictions, classifier));
    run.say('table', flags.csv);
  }
  return code;
}
