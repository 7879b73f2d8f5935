import { plural } from '../../core/describe.js';
import { ArgumentError, ShapeError } from '../../core/errors.js';
import { checkOption, defineOptions, instance, listOf, whole } from '../../core/options.js';
import { arange, type Tensor, tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import { checkTensors } from '../../tensor/argument.js';

/** Options of a call. */
export interface TextOptions {
  /** The number of tokens of each text, without padding (default: all). */
  readonly lengths?: readonly number[];
}

/** A network that reads texts: indices of tokens (N, L), int32, padded at the end → logits (N, numClasses). */
export interface TextClassifier extends nn.Module {
  readonly embedding: nn.Embedding;
  forward(ids: Tensor, options?: TextOptions): Tensor;
}

const textOptions = defineOptions({ lengths: listOf(whole(1, { least: 1 }), undefined) });

const anyEmbedding = instance(
  'an nn.Embedding',
  (value): value is nn.Embedding => value instanceof nn.Embedding,
);

/** @throws ArgumentError unless it's a layer of vectors */
export const requireEmbedding = (name: string, embedding: unknown): void =>
  checkOption(name, 'embedding', anyEmbedding, embedding);

const anySize = whole(undefined, { least: 1 });

/** @throws ArgumentError unless a model has at least one of the things it tells apart: classes, tags, tokens */
export const requireSome = (name: string, argument: string, size: number): void =>
  checkOption(name, argument, anySize, size);

/**
 * The lengths of a batch of texts.
 *
 * @param argument what the caller calls the ids
 * @throws ShapeError unless ids are (N, L) with at least one token
 * @throws ArgumentError unless there's a length from 1 to L for each text
 */
export function lengthsOf(
  name: string,
  ids: Tensor,
  options?: TextOptions,
  argument = 'ids',
): readonly number[] {
  checkTensors(name, { [argument]: ids });
  if (ids.ndim !== 2 || ids.shape[1] === 0)
    throw new ShapeError(name, `${argument} must be (N, L): the tokens of N texts, at least one each`, [
      { name: argument, axes: '(N, L)', shape: ids.shape },
    ]);
  const [n, longest] = ids.shape as [number, number];
  const { lengths } = textOptions(name, options);
  if (lengths === undefined) return new Array<number>(n).fill(longest);
  if (lengths.length !== n)
    throw new ArgumentError(
      name,
      `there must be a length for each of ${plural(n, 'text')}, got ${lengths.length}`,
    );
  const i = lengths.findIndex((length) => length > longest);
  if (i >= 0)
    throw new ArgumentError(
      name,
      `lengths[${i}] is ${lengths[i]}, but the texts have ${plural(longest, 'token')}`,
    );
  return lengths;
}

/**
 * Which places of a batch are padding; null if none are.
 *
 * @param extra places after each text that aren't padding
 * @shape (N, L + extra), bool
 */
export function paddingMask(lengths: readonly number[], longest: number, extra = 0): Tensor | null {
  if (lengths.every((length) => length === longest)) return null;
  const ends = tensor(
    lengths.map((length) => length + extra),
    { dtype: 'int32' },
  );
  return arange(longest + extra, { dtype: 'int32' }).ge(ends.unsqueeze(1));
}

/**
 * The vectors of each text's tokens, zeros for padding.
 *
 * @shape ids (N, L) → (N, L, E)
 */
export function embed(embedding: nn.Embedding, ids: Tensor, lengths: readonly number[]): Tensor {
  const vectors = embedding.forward(ids);
  const padding = paddingMask(lengths, ids.shape[1]!);
  return padding ? vectors.maskedFill(padding.unsqueeze(2), 0) : vectors;
}
