import { Generator, randperm } from '../../../index.js';
import { LabeledTexts } from '../../../text/index.js';

/** A fixed seed: the parts are the same whatever a recipe's seed is. */
const SEED = 0;

/** Labeled texts in random order, cut into parts of these shares. */
export function shuffledParts(all: LabeledTexts, shares: readonly number[]): LabeledTexts[] {
  const order = [...randperm(all.length, { generator: new Generator(SEED) }).dataSync()];
  let from = 0;
  let share = 0;
  return shares.map((own) => {
    share += own;
    const to = Math.round(share * all.length);
    const rows = order.slice(from, to);
    from = to;
    return new LabeledTexts(
      rows.map((row) => all.texts[row]!),
      rows.map((row) => all.labels[row]!),
      all.classes,
    );
  });
}
