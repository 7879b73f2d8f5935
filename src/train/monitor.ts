import { ArgumentError } from '../core/errors.js';

/** Which way a value gets better. */
export type Direction = 'min' | 'max';

/** A value that says how good an epoch is, and which way is better. */
export interface Monitor {
  /** Its name among what `step` gives; the validation's where there is one, else the training's. */
  readonly name: string;
  /** Whether less or more is better (default: what the name says; a name that says nothing needs it). */
  readonly mode?: Direction;
}

const words = (text: string, direction: Direction): [string, Direction][] =>
  text.split(' ').map((word) => [word, direction]);

const directions: ReadonlyMap<string, Direction> = new Map([
  ...words(
    'loss error err perplexity ppl nll bce mse rmse mae mape entropy divergence distance cost regret wer cer fid kl brier smape penalty fpr fnr lpips losses errors',
    'min',
  ),
  ...words(
    'accuracy acc f1 precision recall sensitivity specificity auc auroc roc ap map iou miou dice jaccard r2 kappa mcc bleu rouge psnr ssim reward correlation similarity ndcg mrr top hit hits match likelihood elbo tpr tnr auprc return',
    'max',
  ),
]);

/** `valLoss` → val, loss; `rocAUC` → roc, auc; `top5_accuracy` → top5, accuracy. */
const wordsOf = (name: string): string[] =>
  (name.replaceAll('IoU', 'Iou').match(/[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*/g) ?? []).map((word) =>
    word.toLowerCase(),
  );

/** What may turn the rest of a name around: `1-accuracy`, `negLogLikelihood`. */
const turned = /^\W*1\s*-|^\W*-|neg|minus|inverse|(?<![a-z])non?(?![a-z])/i;

/** Which way a value of this name usually gets better; the last word that says so decides. */
export function directionOf(name: string): Direction | undefined {
  if (turned.test(name)) return undefined;
  const known = (word: string): Direction | undefined =>
    directions.get(word) ?? directions.get(word.replace(/\d+$/, ''));
  return [...wordsOf(name), name.toLowerCase()].map(known).findLast((direction) => direction !== undefined);
}

/** The direction of a monitor that may not say it. @throws ArgumentError if its name does not, either */
export function resolveMode(operation: string, name: string, mode: Direction | undefined): Direction {
  const known = mode ?? directionOf(name);
  if (known === undefined)
    throw new ArgumentError(
      operation,
      `needs a mode, since the name '${name}' does not say which way is better\n  hint: mode: 'min' or mode: 'max'`,
    );
  return known;
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

/** Whether `value` is better than `best` by more than `minDelta`; no number, or an infinity, never is. */
export function improves(value: number, best: number | null, mode: Direction, minDelta = 0): boolean {
  if (!Number.isFinite(value)) return false;
  if (best === null) return true;
  return mode === 'min' ? value < best - minDelta : value > best + minDelta;
}
