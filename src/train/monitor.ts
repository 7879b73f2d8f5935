import { requireObject } from '../core/arguments.js';
import { ArgumentError } from '../core/errors.js';

/** Which way a value gets better. */
export type Direction = 'min' | 'max';

/** A value that says how good an epoch is, and which direction is better. */
export interface Monitor {
  /** Its name in what `step` returns; the validation's value if there is one, else the training's. */
  readonly name: string;
  /** Whether lower or higher is better (default: inferred from the name; required if the name doesn't tell). */
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

/** What may reverse the meaning of the rest of a name: `1-accuracy`, `negLogLikelihood`. */
const turned = /^\W*1\s*-|^\W*-|neg|minus|inverse|(?<![a-z])non?(?![a-z])/i;

/** Which way a value with this name usually gets better; the last word that tells decides. */
export function directionOf(name: string): Direction | undefined {
  if (turned.test(name)) return undefined;
  const known = (word: string): Direction | undefined =>
    directions.get(word) ?? directions.get(word.replace(/\d+$/, ''));
  return [...wordsOf(name), name.toLowerCase()].map(known).findLast((direction) => direction !== undefined);
}

/** The direction of a monitor that may not give one. @throws ArgumentError if its name doesn't tell, either */
export function resolveMode(operation: string, name: string, mode: Direction | undefined): Direction {
  const known = mode ?? directionOf(name);
  if (known === undefined)
    throw new ArgumentError(
      operation,
      `needs a mode, since the name '${name}' doesn't say which way is better\n  hint: mode: 'min' or mode: 'max'`,
    );
  return known;
}

/** The value of a monitor. @throws ArgumentError naming the available values */
export function monitored(operation: string, name: string, values: Readonly<Record<string, number>>): number {
  requireObject(operation, 'the values', values);
  const value = values[name];
  if (value === undefined)
    throw new ArgumentError(
      operation,
      `there's no value '${name}' to monitor; the values are ${Object.keys(values).join(', ')}`,
    );
  return value;
}

/** Whether `value` is better than `best` by more than `minDelta`; NaN and infinities never are. */
export function improves(value: number, best: number | null, mode: Direction, minDelta = 0): boolean {
  if (!Number.isFinite(value)) return false;
  if (best === null) return true;
  return mode === 'min' ? value < best - minDelta : value > best + minDelta;
}
