import { Generator } from '../../../index.js';
import { permutationNow } from '../../../ops/random/at-once.js';
import { LabeledTexts } from '../../../text/index.js';

/** A fixed seed: the parts are the same whatever a recipe's seed is. */
const SEED = 0;

const randomOrder = (n: number): number[] => [...permutationNow(n, new Generator(SEED))];

const pick = (all: LabeledTexts, rows: readonly number[]): LabeledTexts =>
  new LabeledTexts(
    rows.map((row) => all.texts[row]!),
    rows.map((row) => all.labels[row]!),
    all.classes,
  );

/** Labeled texts in random order, cut into parts of these shares. */
export function shuffledParts(all: LabeledTexts, shares: readonly number[]): LabeledTexts[] {
  const order = randomOrder(all.length);
  let from = 0;
  let share = 0;
  return shares.map((own) => {
    share += own;
    const to = Math.round(share * all.length);
    const rows = order.slice(from, to);
    from = to;
    return pick(all, rows);
  });
}

/** The parts of a set, to be split anew. */
export interface ThreeParts {
  readonly train: LabeledTexts;
  readonly validation: LabeledTexts;
  readonly test: LabeledTexts;
}

/**
 * All texts of a set, split anew k times: each text is in one of the k test parts. A tenth of the other texts is for
 * validation.
 */
export function foldsOf({ train, validation, test }: ThreeParts, k: number): ThreeParts[] {
  const parts = [train, validation, test];
  const all = new LabeledTexts(
    parts.flatMap(({ texts }) => texts),
    parts.flatMap(({ labels }) => [...labels]),
    train.classes,
  );
  const order = randomOrder(all.length);
  return Array.from({ length: k }, (_, fold) => {
    const [from, to] = [fold, fold + 1].map((i) => Math.round((i * all.length) / k)) as [number, number];
    const rest = [...order.slice(to), ...order.slice(0, from)];
    const held = Math.round(rest.length / 10);
    return {
      test: pick(all, order.slice(from, to)),
      validation: pick(all, rest.slice(0, held)),
      train: pick(all, rest.slice(held)),
    };
  });
}
