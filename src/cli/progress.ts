import { Presets, SingleBar } from 'cli-progress';
import type { PartReport, RecipeContext } from '../recipes/index.js';
import type { EpochReport, Progress, TrainerCallback } from '../train/index.js';

/** Longest silence where there is no bar, in milliseconds. */
const SILENCE = 10_000;

/** `0:42`, `1:02:03` */
function clock(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  const two = (n: number): string => String(n).padStart(2, '0');
  const minutes = Math.floor(s / 60) % 60;
  return s < 3600 ? `${minutes}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(minutes)}:${two(s % 60)}`;
}

/** `12`, `0.0412`, `3.1e-7` */
const figure = (value: number): string =>
  Number.isInteger(value)
    ? String(value)
    : Math.abs(value) < 1e-3
      ? value.toExponential(1)
      : value.toFixed(4);

/** `loss 0.0412  accuracy 98.71 %` */
const shown = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([name, value]) =>
      name.toLowerCase().includes('accuracy')
        ? `${name} ${(100 * value).toFixed(2)} %`
        : `${name} ${figure(value)}`,
    )
    .join('  ');

const epochLine = ({ epoch, seconds, train, validation }: EpochReport, epochs: number): string => {
  const width = String(epochs).length;
  const tail = validation ? `  validation ${shown(validation)}` : '';
  return `epoch ${String(epoch).padStart(width)}/${epochs}  ${shown(train)}${tail}  ${seconds.toFixed(1)} s`;
};

/** How fast the steps go, and how long the rest will take. */
class Pace {
  #from = 0;
  #start = performance.now();

  begin(step: number): void {
    this.#from = step;
    this.#start = performance.now();
  }

  /** Steps a second. */
  rate(step: number): number {
    return (step - this.#from) / Math.max((performance.now() - this.#start) / 1000, 1e-3);
  }

  left({ step, epochs, stepsPerEpoch }: Progress): string {
    return `${clock((epochs * stepsPerEpoch - step) / this.rate(step))} left`;
  }
}

/** A live bar for each epoch, on a terminal, that becomes the epoch's line at its end. */
function bar(): TrainerCallback {
  const pace = new Pace();
  const display = new SingleBar(
    {
      format: 'epoch {epoch}/{epochs} {bar} {percentage} %  {rate} steps/s  {left}  {shown}',
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      linewrap: false,
    },
    Presets.shades_classic,
  );
  let epochs = 0;
  return {
    onStart(progress) {
      epochs = progress.epochs;
      pace.begin(progress.step);
    },
    onStep(progress) {
      const { epoch, stepInEpoch, stepsPerEpoch, step, means } = progress;
      const payload = {
        epoch,
        epochs,
        rate: pace.rate(step).toFixed(0),
        left: pace.left(progress),
        shown: shown(means),
      };
      if (!display.isActive) display.start(stepsPerEpoch, stepInEpoch, payload);
      else display.update(stepInEpoch, payload);
    },
    onEpochEnd(report) {
      display.stop();
      console.log(epochLine(report, epochs));
    },
    onEnd() {
      display.stop();
    },
  };
}

/** Lines, where the output is no terminal: one an epoch, and one whenever it has been silent for long. */
function lines(): TrainerCallback {
  const pace = new Pace();
  let epochs = 0;
  let spoken = performance.now();
  const say = (line: string): void => {
    spoken = performance.now();
    console.log(line);
  };
  return {
    onStart(progress) {
      epochs = progress.epochs;
      pace.begin(progress.step);
    },
    onStep(progress) {
      if (performance.now() - spoken < SILENCE) return;
      const { epoch, stepInEpoch, stepsPerEpoch, step, means } = progress;
      say(
        `epoch ${epoch}/${epochs}  step ${stepInEpoch}/${stepsPerEpoch}  ${shown(means)}  ` +
          `${pace.rate(step).toFixed(0)} steps/s  ${pace.left(progress)}`,
      );
    },
    onEpochEnd(report) {
      say(epochLine(report, epochs));
    },
  };
}

/** Shows a training: a bar on a terminal, lines elsewhere. */
export const progressDisplay = (): TrainerCallback =>
  process.stderr.isTTY && process.stdout.isTTY ? bar() : lines();

const placeOf = ({ part, parts, name }: Omit<PartReport, 'numbers' | 'seconds'>): string =>
  `${String(part).padStart(String(parts).length)}/${parts}  ${name}`;

/** The line of a part of a study that is done. */
export const partLine = (report: PartReport): string =>
  `${process.stdout.isTTY ? '\r\x1b[K' : ''}${placeOf(report)}  ${shown(report.numbers)}  ${report.seconds.toFixed(1)} s`;

/** Shows how far the part of a study is: on one line of a terminal that it writes over, elsewhere not. */
export function partDisplay(): Pick<RecipeContext, 'onProgress'> {
  if (!process.stdout.isTTY) return {};
  return {
    onProgress(part, share) {
      process.stdout.write(
        `\r\x1b[K${placeOf(part)}  ${Math.round(100 * share)} %${share >= 1 ? '\r\x1b[K' : ''}`,
      );
    },
  };
}
