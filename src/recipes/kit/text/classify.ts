import { DataLoader } from '../../../data/index.js';
import * as F from '../../../functional.js';
import { noGrad, type Tensor, tensor, tidy } from '../../../index.js';
import { accuracy, ConfusionMatrix, F1 } from '../../../metrics/index.js';
import {
  BucketBatchSampler,
  buildVocab,
  Items,
  type LabeledTexts,
  type PaddedBatch,
  padCollate,
  type TextClassifier,
  type Vocab,
} from '../../../text/index.js';
import type { Step, Trainer } from '../../../train/index.js';
import type { Confusion } from '../events.js';
import type { TextNetwork } from '../recipe.js';
import type { TextSet } from './sets.js';

/** Indices of the padding and of unknown tokens. */
export const [PAD, UNKNOWN] = [0, 1];

/** Texts as indices of tokens: example i is `[ids, class]`. */
export class EncodedTexts extends Items<[ids: Int32Array, label: number]> {
  readonly lengths: readonly number[];

  constructor(ids: readonly Int32Array[], labels: Int32Array) {
    super(ids.map((text, i) => [text, labels[i]!]));
    this.lengths = ids.map(({ length }) => length);
  }
}

/** @shape texts (N, L), labels (N) */
export type TextBatch = [texts: PaddedBatch, labels: Tensor];

export interface EncodedSet {
  readonly vocab: Vocab;
  readonly classes: readonly string[];
  readonly train: EncodedTexts;
  readonly validation: EncodedTexts;
  readonly test: EncodedTexts;
}

/** Indices of a text's tokens; tokens outside the vocabulary are left out, and an empty text is one unknown token. */
export function encode(tokens: readonly string[], vocab: Vocab): Int32Array {
  const known = tokens.filter((token) => vocab.has(token));
  return known.length > 0 ? vocab.lookupIndices(known) : Int32Array.of(UNKNOWN);
}

/** Texts as indices, with the vocabulary of the training texts. @param minFreq how often a token must occur */
export async function encodeSet(
  { train, validation, test }: TextSet<LabeledTexts>,
  tokensOf: (text: string) => readonly string[],
  minFreq: number,
): Promise<EncodedSet> {
  const vocab = await buildVocab(train.texts.map(tokensOf), { minFreq, specials: ['<pad>', '<unk>'] });
  const encoded = ({ texts, labels }: LabeledTexts): EncodedTexts =>
    new EncodedTexts(
      texts.map((text) => encode(tokensOf(text), vocab)),
      labels,
    );
  return {
    vocab,
    classes: train.classes,
    train: encoded(train),
    validation: encoded(validation),
    test: encoded(test),
  };
}

/** Batches of texts of similar length, in random order to train. */
export const textBatches = (
  set: EncodedTexts,
  batchSize: number,
  shuffle: boolean,
): DataLoader<[Int32Array, number], TextBatch> =>
  new DataLoader(set, {
    batchSampler: new BucketBatchSampler(set.lengths, { batchSize, shuffle }),
    collate: padCollate({ padValue: PAD }) as (examples: [Int32Array, number][]) => TextBatch,
  });

/** Loss and accuracy of a batch. */
export const textStep =
  (model: TextClassifier): Step<TextBatch> =>
  ([{ ids, lengths }, labels]) => {
    const logits = model.forward(ids, { lengths });
    return { loss: F.crossEntropy(logits, labels), accuracy: accuracy(logits, labels) };
  };

/** A classifier, to ask about single texts. @param longest how many tokens it can read */
export const textNetwork = (
  model: TextClassifier,
  { vocab, classes }: Pick<EncodedSet, 'vocab' | 'classes'>,
  tokensOf: (text: string) => readonly string[],
  longest = Number.POSITIVE_INFINITY,
): TextNetwork => ({
  classes,
  async judge(text) {
    model.eval();
    const all = tokensOf(text);
    const tokens = all.slice(0, longest);
    const ids = tensor(encode(tokens, vocab)).unsqueeze(0);
    const probabilities = noGrad(() => tidy(() => model.forward(ids).softmax(1)));
    return {
      probabilities: [...(await probabilities.data())].map(Number),
      unknown: tokens.filter((token) => !vocab.has(token)),
      cut: all.length - tokens.length,
    };
  },
});

/** Texts in a batch that's only measured. */
const MEASURED = 256;

/** How well a classifier does on texts it hasn't seen: loss, accuracy, and F1 averaged over the classes. */
export async function measureTexts(
  trainer: Trainer<TextBatch>,
  model: TextClassifier,
  set: EncodedTexts,
  classes: readonly string[],
): Promise<{ readonly numbers: Readonly<Record<string, number>>; readonly confusion: Confusion }> {
  const confusion = new ConfusionMatrix({ classes: classes.length });
  const f1 = new F1({ average: 'macro', classes: classes.length });
  const numbers = await trainer.evaluate(textBatches(set, MEASURED, false), ([{ ids, lengths }, labels]) => {
    const logits = model.forward(ids, { lengths });
    confusion.update(logits, labels);
    f1.update(logits, labels);
    return { loss: F.crossEntropy(logits, labels), accuracy: accuracy(logits, labels) };
  });
  return {
    numbers: { ...numbers, f1: await (await f1.computeAsync()).item() },
    confusion: { matrix: (await (await confusion.computeAsync()).toArray()) as number[][], classes },
  };
}
