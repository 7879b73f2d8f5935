import { requireNumbers } from '../core/arguments.js';
import { describe, plural } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { defineOptions, flag, required, whole } from '../core/options.js';
import { type Tensor, tensor } from '../index.js';
import { requireTokenLists, type TokenLists, Vocab } from './vocab.js';

export interface BpttOptions {
  /** Parts of the text that are read side by side. */
  readonly batchSize: number;
  /** Most steps in a window, through which gradients flow (default 35). */
  readonly bptt?: number | undefined;
  /** Whether the batch is the first axis instead of the second (default true, as `LanguageModel` reads it). */
  readonly batchFirst?: boolean | undefined;
}

const bpttOptions = defineOptions({
  batchSize: required(whole(undefined, { least: 1 })),
  bptt: whole(35, { least: 1 }),
  batchFirst: flag(true),
});

/**
 * Windows of one long text for a language model that carries its state from each to the next: the text is cut into
 * `batchSize` equal parts, which are read side by side (tokens that don't fill a step are dropped), `bptt` steps
 * at a time. Gives `[x, y]`, where y is each token's successor.
 *
 * @shape x and y (B, T), or (T, B) without `batchFirst`; T = bptt, less in the last window
 * @throws ArgumentError for a text with fewer than two steps
 * @differs from torchtext's `BPTTIterator` and PyTorch's word language model example: the batch is the first axis
 * @source notes 5.7; Merity et al. 2018, Regularizing and Optimizing LSTM Language Models
 * @example
 * const windows = new text.BpttBatches([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { batchSize: 2, bptt: 3 });
 * const [[x, y]] = [...windows] as [[Tensor, Tensor]];
 * x; // [[0, 1, 2], [5, 6, 7]]
 * y; // [[1, 2, 3], [6, 7, 8]]
 */
export class BpttBatches implements Iterable<[Tensor, Tensor]> {
  /** Number of windows. */
  readonly length: number;
  readonly #parts: Tensor;
  readonly #steps: number;
  readonly #bptt: number;
  readonly #batchFirst: boolean;

  constructor(ids: ArrayLike<number>, options: BpttOptions) {
    requireNumbers('BpttBatches', 'ids', ids);
    const { batchSize, bptt, batchFirst } = bpttOptions('BpttBatches', options);
    const steps = Math.floor(ids.length / batchSize);
    if (steps < 2)
      throw new ArgumentError(
        'BpttBatches',
        `${plural(ids.length, 'token')} make ${plural(steps, 'step')} of ${plural(batchSize, 'part')}; at least 2 are needed`,
      );
    const used = Int32Array.from({ length: steps * batchSize }, (_, i) => ids[i]!);
    const wrong = used.findIndex((id, i) => id !== ids[i]);
    if (wrong >= 0)
      throw new ArgumentError(
        'BpttBatches',
        `token ${wrong} must be a whole number, got ${describe(ids[wrong])}`,
      );
    const parts = tensor(used, [batchSize, steps]);
    this.#parts = batchFirst ? parts : parts.t().contiguous();
    this.#steps = steps;
    this.#bptt = bptt;
    this.#batchFirst = batchFirst;
    this.length = Math.ceil((steps - 1) / bptt);
  }

  *[Symbol.iterator](): Iterator<[Tensor, Tensor]> {
    const axis = this.#batchFirst ? 1 : 0;
    for (let at = 0; at < this.#steps - 1; at += this.#bptt) {
      const length = Math.min(this.#bptt, this.#steps - 1 - at);
      yield [this.#parts.narrow(axis, at, length), this.#parts.narrow(axis, at + 1, length)];
    }
  }
}

/**
 * The numbers of all tokens of a text, one after another: 4 bytes per token.
 *
 * @param lists lists of tokens, such as `readTokens` gives
 * @throws like `Vocab.lookupIndices`
 */
export async function encodeTokens(lists: TokenLists, vocab: Vocab): Promise<Int32Array> {
  requireTokenLists('encodeTokens', lists);
  if (!(vocab instanceof Vocab))
    throw new ArgumentError('encodeTokens', `vocab must be a Vocab, got ${describe(vocab)}`);
  let ids = new Int32Array(1024);
  let length = 0;
  for await (const tokens of lists) {
    const more = vocab.lookupIndices(tokens);
    if (length + more.length > ids.length) {
      const larger = new Int32Array(2 * (length + more.length));
      larger.set(ids.subarray(0, length));
      ids = larger;
    }
    ids.set(more, length);
    length += more.length;
  }
  return ids.slice(0, length);
}
