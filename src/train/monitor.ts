import { ArgumentError } from '../core/errors.js';
import { warnOnce } from '../core/warn.js';

/** Which way a value gets better. */
export type Direction = 'min' | 'max';

/** A value that says how good an epoch is, and which way is better. */
export interface Monitor {
  /** Its name among what `step` gives; the validation's where there is one, else the training's. */
  readonly name: string;
  /** Whether less or more is better (default: what the name says; `'min'` for a name that says nothing). */
  readonly mode?: Direction;
}

const words = (text: string, direction: Direction): [string, Direction][] =>
  text.split(' ').map((word) => [word, direction]);

const directions: ReadonlyMap<string, Direction> = new Map([
  ...words(
    'loss error err perplexity ppl nll bce mse rmse mae mape entropy divergence distance cost regret wer cer fid kl brier smape penalty',
    'min',
  ),
  ...words(
    'accuracy acc f1 precision recall sensitivity specificity auc auroc roc ap map iou miou dice jaccard r2 kappa mcc bleu rouge psnr ssim reward correlation similarity ndcg mrr top',
    'max',
  ),
]);

/** `valLoss` → val, loss; `rocAUC` → roc, auc; `top5_accuracy` → top5, accuracy. */
const wordsOf = (name: string): string[] =>
  (name.match(/[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*/g) ?? []).map((word) => word.toLowerCase());

/** Which way a value of this name usually gets better; the last word that says so decides. */
export function directionOf(name: string): Direction | undefined {
  const known = (word: string): Direction | undefined =>
    directions.get(word) ?? directions.get(word.replace(/\d+$/, ''));
  return [...wordsOf(name), name.toLowerCase()].map(known).findLast((direction) => direction !== undefined);
}

/** The direction of a monitor that may not say it: what its name says, else `'min'`, with a warning. */
export function resolveMode(operation: string, name: string, mode: Direction | undefined): Direction {
  const known = mode ?? directionOf(name);
  if (known === undefined)
    warnOnce(
      operation,
      `takes a smaller '${name}' for better; say mode: 'min' or mode: 'max' to make that clear`,
    );
  return known ?? 'min';
}

/** The value of a monitor. @throws ArgumentError naming the values there are */
export function monitored(operation: string, name: string, values: Readonly<Record<string, number>>): number {
  const value = values[name];
  if (value === undefined)
    throw new ArgumentError(
      operation,
      `there is no value '${name}' to monitor; there are ${Object.keys(values).join(', ')}`,
    );
  return value;
}

/** Whether `value` is better than `best` by more than `minDelta`; anything is better than nothing but NaN. */
export function improves(value: number, best: number | null, mode: Direction, minDelta = 0): boolean {
  if (best === null) return !Number.isNaN(value);
  return mode === 'min' ? value < best - minDelta : value > best + minDelta;
}
