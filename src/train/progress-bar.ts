import { host } from '#host';
import { percent, percentDone } from '../core/percent.js';
import type { Terminal } from '../host/host.js';
import type { EpochReport, Progress, TrainerCallback } from './trainer-options.js';

/** Longest silence without a bar, in milliseconds. */
const SILENCE = 10_000;
/** Time between two redraws of the bar, in milliseconds. */
const FRAME = 100;

/** `0:42`, `1:02:03` */
function clock(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  const two = (n: number): string => String(n).padStart(2, '0');
  const minutes = Math.floor(s / 60) % 60;
  return s < 3600 ? `${minutes}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(minutes)}:${two(s % 60)}`;
}

/** `12`, `0.0412`, `3.1e-7`, `2.5e+58` */
const figure = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e9
    ? String(value)
    : Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6
      ? value.toExponential(1)
      : value.toFixed(4);

/** A name as people write it: `trainAccuracy` is `train accuracy`. */
const inWords = (name: string): string =>
  name.replace(
    /([a-z\d])([A-Z])/g,
    (_, before: string, letter: string) => `${before} ${letter.toLowerCase()}`,
  );

/** `loss 0.0412  accuracy 98.71 %` */
export const describeValues = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([name, value]) =>
      name.toLowerCase().includes('accuracy')
        ? `${inWords(name)} ${percent(value, 2)}`
        : `${inWords(name)} ${figure(value)}`,
    )
    .join('  ');

const speed = (samplesPerSecond: number): string =>
  `${Math.round(samplesPerSecond).toLocaleString('en')} samples/s`;

function epochLine(report: EpochReport): string {
  const { epoch, epochs, seconds, samplesPerSecond, train, validation, stopsEarly, bestEpoch } = report;
  const width = String(epochs).length;
  const tail = validation ? `  validation ${describeValues(validation)}` : '';
  const time = `${seconds.toFixed(1)} s  ${speed(samplesPerSecond)}`;
  const end = stopsEarly ? `\nstopped early: epoch ${bestEpoch ?? 'none'} was the best` : '';
  return `epoch ${String(epoch).padStart(width)}/${epochs}  ${describeValues(train)}${tail}  ${time}${end}`;
}

/** How long the rest will take, judging by the steps since the start. */
class TimeLeft {
  #from = 0;
  #start = performance.now();

  begin({ step }: Progress): void {
    this.#from = step;
    this.#start = performance.now();
  }

  at({ step, epochs, stepsPerEpoch }: Progress): string {
    const rate = (step - this.#from) / Math.max((performance.now() - this.#start) / 1000, 1e-3);
    return `${clock((epochs * stepsPerEpoch - step) / rate)} left`;
  }
}

/** What a bar shows. */
interface BarParts {
  /** `epoch 2/10` */
  readonly epoch: string;
  /** How far the epoch is, from 0 to 1. */
  readonly share: number;
  readonly speed: string;
  readonly left: string;
  readonly means: string;
}

const drawnBar = (share: number, size: number): string =>
  '█'.repeat(Math.round(share * size)).padEnd(size, '░');

/** The bar as a line of fewer than `columns` characters: the least important parts are dropped first. */
export function barLine({ epoch, share, speed, left, means }: BarParts, columns: number): string {
  const done = percentDone(share);
  const lines = [
    [`${epoch} ${drawnBar(share, 24)} ${done}`, speed, left, means],
    [`${epoch} ${drawnBar(share, 24)} ${done}`, left, means],
    [`${epoch} ${drawnBar(share, 10)} ${done}`, left, means],
    [`${epoch} ${done}`, left, means],
    [`${epoch} ${done}`, left],
    [`${epoch} ${done}`],
    [done],
  ].map((parts) => parts.filter((part) => part !== '').join('  '));
  return lines.find((line) => line.length < columns) ?? '';
}

/** A live bar for each epoch, which the epoch's line replaces at the end. */
function bar(terminal: Terminal): TrainerCallback {
  const left = new TimeLeft();
  const display = terminal.newLine();
  let drawn = 0;
  return {
    onStart: (progress) => left.begin(progress),
    onStep(progress) {
      if (display.isActive && performance.now() - drawn < FRAME) return;
      drawn = performance.now();
      const { epoch, epochs, stepInEpoch, stepsPerEpoch, samplesPerSecond, means } = progress;
      const parts: BarParts = {
        epoch: `epoch ${epoch}/${epochs}`,
        share: stepInEpoch / stepsPerEpoch,
        speed: speed(samplesPerSecond),
        left: left.at(progress),
        means: describeValues(means),
      };
      display.show(barLine(parts, terminal.columns()));
    },
    onEpochEnd(report) {
      display.clear();
      console.log(epochLine(report));
    },
    onEnd: () => display.clear(),
  };
}

/** Lines: one per epoch, and one whenever nothing was printed for a while. */
function lines(): TrainerCallback {
  const left = new TimeLeft();
  let spoken = performance.now();
  const say = (line: string): void => {
    spoken = performance.now();
    console.log(line);
  };
  return {
    onStart: (progress) => left.begin(progress),
    onStep(progress) {
      if (performance.now() - spoken < SILENCE) return;
      const { epoch, epochs, stepInEpoch, stepsPerEpoch, samplesPerSecond, means } = progress;
      say(
        `epoch ${epoch}/${epochs}  step ${stepInEpoch}/${stepsPerEpoch}  ${describeValues(means)}  ` +
          `${speed(samplesPerSecond)}  ${left.at(progress)}`,
      );
    },
    onEpochEnd: (report) => say(epochLine(report)),
  };
}

/**
 * Shows a training: a bar on a terminal, lines elsewhere.
 *
 * @example
 * const trainer = new train.Trainer<[Tensor, Tensor]>({
 *   model,
 *   optimizer: opt,
 *   step: ([x, y]) => ({ loss: F.crossEntropy(model.forward(x), y) }),
 *   callbacks: [train.progressBar()],
 * });
 */
export function progressBar(): TrainerCallback {
  const terminal = host.terminal();
  return terminal === null ? lines() : bar(terminal);
}
